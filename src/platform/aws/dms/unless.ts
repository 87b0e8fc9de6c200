import { called, isNamed } from '../errors.ts';

/**
 * Whether a call did what it says; false where DMS answered with one of these faults, which the caller expects.
 * @throws AwsCallError for any other
 */
export async function unless(
  faults: readonly string[],
  doing: string,
  source: string,
  call: Promise<unknown>,
): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (isNamed(error, ...faults)) return false;
    await called(doing, source, Promise.reject(error));
    return false;
  }
}

/** On its way to another state: looked at again with the next poll. */
export const BUSY = ['InvalidResourceStateFault'];
/** On its way to another state, or gone. */
export const BUSY_OR_GONE = [...BUSY, 'ResourceNotFoundFault'];
/** The one that an interrupted attempt has made. */
export const MADE = ['ResourceAlreadyExistsFault'];
/** With a filter that fits nothing DMS may answer with an error instead of an empty list. */
export const NONE = ['ResourceNotFoundFault'];
