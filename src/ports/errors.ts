import { InputError, LakeError, type Reach } from '../errors.ts';

/** Somebody else replaced a state record first. The caller reads it again and decides again. */
export class LedgerConflictError extends LakeError {}

/** Another live process holds the right to run. */
export class RunLockedError extends LakeError {}

/** The ledger cannot be read or written: its disk is full, read-only or broken, or another process holds it. */
export class LedgerUnusableError extends LakeError {
  override get reach(): Reach {
    return 'lake';
  }
}

/** A file of the ledger is locked by another process and does not become free. */
export class LedgerLockedError extends LedgerUnusableError {}

/** A part of the ledger cannot be read. */
export class LedgerDamagedError extends LakeError {}

/** A state record cannot be read: of a dataset, a model, the run or the publication. */
export class DamagedRecordError extends LedgerDamagedError {
  /**
   * @param place where it lies
   * @param fault which of its fields is wrong, and how. Default: it is no record at all
   */
  constructor(key: string, place: string, cause?: unknown, fault?: string) {
    const words = fault === undefined ? '' : `: ${fault}`;
    super(`The record ${key} in the ledger cannot be read (${place})${words}.`, {
      about: key.slice(key.indexOf('/') + 1),
      cause,
      hint: 'The disk failed, or it was changed from outside. `lake repair` says what it would do, `lake repair --apply` does it.',
    });
  }
}

/** Work that goes on elsewhere is not done yet: nothing failed, and who asks again later finds it further on. */
export class StillRunningError extends LakeError {
  readonly retryAfterSeconds: number;

  constructor(message: string, details: { about?: string; retryAfterSeconds: number }) {
    super(message, { about: details.about });
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** An object key that would leave the store, or that no store can hold. */
export class ObjectKeyError extends InputError {}

/** An object that was to be read is not there. */
export class ObjectMissingError extends LakeError {}

/** The PostgreSQL from npm cannot be started here. */
export class PostgresStartError extends LakeError {}

/** Another live server works on the same data directory. */
export class PostgresInUseError extends LakeError {}

/** Another live process writes the event log. */
export class EventLogInUseError extends LakeError {}

/** Events cannot be appended: the disk is full, read-only or broken. */
export class EventLogUnusableError extends LakeError {
  protected override get passing(): boolean {
    return true;
  }
}

/** Events that were acknowledged cannot be read any more: the disk failed, or the log was changed from outside. */
export class EventLogDamagedError extends LakeError {}

/** A queue of events cannot be read: it cannot be reached, is not there, or refuses these credentials. */
export class EventQueueError extends LakeError {
  protected override get passing(): boolean {
    return true;
  }
}

/** A language model could not be asked, refused, or did not answer by its schema. */
export class LanguageModelError extends LakeError {}
