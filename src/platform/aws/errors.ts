import { LakeError } from '../../errors.ts';
import { serviceReason } from './service-words.ts';

/** A service of AWS refused a call or could not be reached. */
export class AwsCallError extends LakeError {}

interface ServiceError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** Whether an error is of this kind: SDK errors differ by their name. */
export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

/**
 * The call's answer; an error of the service or of the way there in the lake's words.
 * @param doing what was being done, as the beginning of the message: `Writing s3://bucket/key`
 * @throws AwsCallError; errors of another kind go on as they are
 */
export async function called<T>(doing: string, about: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw inWords(doing, about, error);
  }
}

/** An error of the SDK in the lake's words; any other as it is. */
export function inWords(doing: string, about: string, error: unknown): unknown {
  if (error instanceof LakeError || !(error instanceof Error)) return error;
  const { name, message, code, $metadata } = error as ServiceError;
  const ours = $metadata === undefined && code === undefined && !name.startsWith('Credentials');
  if (ours) return error;
  const request = $metadata?.requestId ? ` (request ${$metadata.requestId})` : '';
  const reason = serviceReason(message);
  return new AwsCallError(`${doing} failed: ${code ?? name}${reason ? `: ${reason}` : ''}${request}`, {
    about,
    cause: error,
    hint: hintFor(name, code),
    retryable: /Throttl|TooManyRequests|SlowDown|^ECONN|^ETIMEDOUT|^EAI_AGAIN|TimeoutError/.test(
      `${code ?? name}`,
    ),
  });
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /^Access(Denied)|^NotAuthorized|^UnauthorizedOperation/,
    'Let the role that calls do this: see the message.',
  ],
  [
    /^Credentials|^ExpiredToken|^InvalidClientTokenId|^UnrecognizedClient/,
    'Log in to AWS again (aws sso login), or set AWS_PROFILE to a profile that may use the lake.',
  ],
  [/^NoSuchBucket|^ResourceNotFound/, 'Deploy the stacks: npx cdk deploy --all.'],
  [/^ENOTFOUND|^ECONN|^ETIMEDOUT|^EAI_AGAIN|^TimeoutError/, 'Check whether this machine may reach AWS.'],
  [/Throttl|TooManyRequests|SlowDown/, 'AWS asks for patience: run again later.'],
];

function hintFor(name: string, code = ''): string {
  const found = HINTS.find(([pattern]) => pattern.test(name) || pattern.test(code));
  return found?.[1] ?? 'Run again; if it fails in the same way, run `lake doctor --target aws`.';
}
