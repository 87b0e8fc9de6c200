import {
  JobExpiredError,
  LmsAuthenticationError,
  type LmsError,
  type LmsErrorOptions,
  LmsForbiddenError,
  LmsNotFoundError,
  LmsRequestError,
  LmsServerError,
  NoDataYetError,
  OutOfRangeError,
  SnapshotRequiredError,
  UnexpectedAnswerError,
} from '../errors.ts';
import { errorAnswer, parseExactly, saysNoDataYet } from './dap-answers.ts';

/**
 * The error that an answer of the DAP API tells. Shapes: its OpenAPI document; the two kinds of 400 that ask for a
 * snapshot have one shape and differ by `type` alone.
 * @param doing what was asked, e.g. `asking Canvas for changes of canvas.users`
 */
export function dapError(doing: string, status: number, text: string): LmsError {
  const parsed = tell(text);
  const { type, uuid, message } = parsed;
  const found = [`HTTP ${status}`, type].filter(Boolean).join(', ');
  // The source's sentence is free text, which could repeat what it stumbled over: it stays in the cause.
  const cause = message ? new Error(message) : undefined;
  const options: LmsErrorOptions = { status, type, uuid, cause };
  const say = `${doing} failed: ${found}`;
  if (status === 400 && type?.startsWith('OutOfRange')) return new OutOfRangeError(say, options);
  if (status === 400 && type?.startsWith('SnapshotRequired')) return new SnapshotRequiredError(say, options);
  if (status === 401) return new LmsAuthenticationError(say, { ...options, hint: CHECK_CREDENTIALS });
  if (status === 403) return new LmsForbiddenError(say, { ...options, hint: hintOfForbidden(type) });
  if (status === 404) {
    if (parsed.kind === 'job' || parsed.kind === 'object') return new JobExpiredError(say, options);
    const hint = 'Check namespace and table in the catalog: `lake discover` lists what the source has';
    return new LmsNotFoundError(say, { ...options, hint });
  }
  if (saysNoDataYet(message)) return new NoDataYetError(say, options);
  if (status >= 500) {
    const hint = uuid
      ? 'Try again later; if it stays, give the uuid to Instructure support'
      : 'Try again later';
    return new LmsServerError(say, { ...options, hint });
  }
  if (status >= 400) return new LmsRequestError(say, options);
  return new UnexpectedAnswerError(say, options);
}

export const CHECK_CREDENTIALS =
  'Check clientId and clientSecret of the source in campus.yaml: keys made at identity.instructure.com expire';

function hintOfForbidden(type: string | undefined): string {
  if (type === 'AccountNotOnboarded') return 'The Canvas account must be onboarded to Canvas Data 2 first';
  if (type === 'AccountDisabled') return 'Canvas Data 2 is switched off for the account; ask Instructure';
  return 'The source does not allow this now: maintenance, or a right that the key lacks';
}

function tell(text: string): { type?: string; uuid?: string; message: string; kind?: string } {
  try {
    const { error, message } = errorAnswer.parse(parseExactly(text));
    const { type, uuid, ...rest } = error ?? {};
    const name = (text: string | undefined) => (text && /^[\w.-]{1,80}$/.test(text) ? text : undefined);
    return { ...rest, type: name(type), uuid: name(uuid), message: error?.message || message || '' };
  } catch {
    // A gateway or a proxy answers for itself; its page says nothing that belongs into a message.
    return { message: '' };
  }
}
