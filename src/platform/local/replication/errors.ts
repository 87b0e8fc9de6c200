import { InputError, LakeError, type Reach } from '../../../errors.ts';

/** A table, or a part of one, that could not be copied. The message never holds a value of the table. */
export class CopyError extends LakeError {}

/** The connection broke while a table was being copied: worth another connection. */
export class CopyConnectionError extends CopyError {
  override get reach(): Reach {
    return 'source';
  }

  protected override get passing(): boolean {
    return true;
  }
}

/** The session that holds the snapshot and its locks has gone: nothing more can be read as of that instant. */
export class SnapshotLostError extends CopyConnectionError {}

/** Another session held a lock on the table for longer than a reader waits. */
export class LockedTableError extends CopyError {}

/** A row longer than the usual way of reading takes. */
export class LongRowError extends CopyError {}

/** A value that the swift way of reading does not take. */
export class UnreadableValueError extends CopyError {}

/** Changes of a SIS that cannot be captured as it is set up. */
export class CaptureError extends InputError {}

/** A task that was never started here. */
export class UnknownTaskError extends LakeError {}
