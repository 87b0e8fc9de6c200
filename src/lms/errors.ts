import { LakeError, type LakeErrorOptions, type Reach } from '../errors.ts';

export interface LmsErrorOptions extends LakeErrorOptions {
  /** The source's own number of the incident, for its support. */
  readonly uuid?: string;
  /** The source's own name of the error (`ProcessingError`, …). */
  readonly type?: string;
  /** HTTP status, where an answer came. */
  readonly status?: number;
}

/** Base of what can go wrong while asking a learning management system. The uuid, where there is one, is shown. */
export class LmsError extends LakeError {
  readonly uuid?: string;
  readonly type?: string;
  readonly status?: number;
  /** Set by the step that knows which dataset it was loading. */
  declare about?: string;

  constructor(message: string, options: LmsErrorOptions = {}) {
    super(sentence(options.uuid ? `${message} (uuid ${options.uuid})` : message), options);
    this.uuid = options.uuid;
    this.type = options.type;
    this.status = options.status;
  }
}

/** With a full stop: what a source says ends in one, or does not. */
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** An error that came in spite of further tries says how many there were. */
export function afterTries(error: unknown, tries: number): unknown {
  if (tries > 1 && error instanceof LmsError) error.message = `${error.message} It was tried ${tries} times.`;
  return error;
}

/** The source as a whole cannot be asked: whichever dataset came first met it for all. */
class LmsSourceError extends LmsError {
  override get reach(): Reach {
    return 'source';
  }
}

/** The credentials were refused. */
export class LmsAuthenticationError extends LmsSourceError {}

/** The credentials are good, the request is not allowed: account not onboarded or disabled, maintenance. */
export class LmsForbiddenError extends LmsError {}

/** The source knows no such namespace, table, job or object. */
export class LmsNotFoundError extends LmsError {}

/** The source has forgotten a job or its files (Canvas: 24 hours after its start). Ask again. */
export class JobExpiredError extends LmsError {}

/** The source does not understand the request: a defect here, or a change there. */
export class LmsRequestError extends LmsError {}

/** The watermark lies outside of what the source can tell changes for. A new snapshot is needed. */
export class OutOfRangeError extends LmsError {}

/** The table was loaded again at the source, so there are no changes to tell. A new snapshot is needed. */
export class SnapshotRequiredError extends LmsError {}

/** The table has no data at the source yet: an empty load, no failure. */
export class NoDataYetError extends LmsError {}

/** `type` of a failed job that failed only because there is no data yet. */
export const NO_DATA_YET = 'NoDataYet';

/** 429, again and again, although every wait that the source asked for was kept. */
export class TooManyRequestsError extends LmsError {
  /** How long the source asks to wait, in ms. */
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number, options: LmsErrorOptions = {}) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** A rate limit shared by all tables is used up for now, and the caller cannot wait: the step is repeated later. */
export class ThrottledError extends LmsError {
  readonly waitMs: number;

  constructor(limit: string, waitMs: number) {
    super(`The limit ${limit} is used up for ${Math.ceil(waitMs / 1000)} s`);
    this.waitMs = waitMs;
  }
}

/** The source failed (5xx). Worth another try. */
export class LmsServerError extends LmsError {
  protected override get passing(): boolean {
    return true;
  }
}

/** No answer, or a broken one: a refused connection, a timeout. Worth another try. */
export class LmsUnreachableError extends LmsSourceError {
  protected override get passing(): boolean {
    return true;
  }
}

/** An answer that is not what the source documents. */
export class UnexpectedAnswerError extends LmsError {}

/** A job that answers another question than the one that was asked: other changes, or another kind of load. */
export class OtherAnswerError extends LmsError {}

/** A file did not arrive whole. Worth another try, from its beginning. */
export class BrokenTransferError extends LmsError {
  protected override get passing(): boolean {
    return true;
  }
}

/** A file arrived with the announced length, but its content is damaged (a gzip stream that ends early). */
export class CorruptFileError extends BrokenTransferError {}

/** The address of a file has expired or was refused; a new one is signed. */
export class AddressExpiredError extends BrokenTransferError {}

/** A snapshot from before what is loaded already. */
export class StaleSnapshotError extends LmsError {}

/** The source failed to make the load, more often than it was worth asking again. */
export class JobFailedError extends LmsError {}

/** A job that the source does not bring to an end: given up after hours. */
export class JobOverdueError extends LmsError {}

/** Whether the only way on is a new snapshot. */
export function needsSnapshot(error: unknown): error is OutOfRangeError | SnapshotRequiredError {
  return error instanceof OutOfRangeError || error instanceof SnapshotRequiredError;
}

/**
 * What is kept of an error as `cause`: its message and code. The whole error of an HTTP client holds the request,
 * and with it the token or a signed address.
 */
export function withoutSecrets(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const kept = new Error(code ? `${error.message} [${code}]` : error.message);
  if (error.stack) kept.stack = error.stack;
  return kept;
}

/** Names the dataset on every error of the source that comes out of `work`. */
export async function aboutDataset<T>(dataset: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LmsError) error.about ??= dataset;
    throw error;
  }
}
