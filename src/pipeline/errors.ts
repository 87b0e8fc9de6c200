import { InputError, LakeError } from '../errors.ts';
import type { DamagedDocumentError } from '../state/errors.ts';

/** The run was asked to stop; it can be continued. */
export class RunStoppedError extends LakeError {
  constructor(run: string) {
    super(`Run ${run} was stopped before its end.`, {
      about: run,
      hint: 'Nothing is lost: the next `lake run` continues it.',
    });
  }
}

/** The plan names a step that does not exist: a mistake in the program. */
export class UnknownStepError extends LakeError {
  constructor(step: string) {
    super(`The plan names the step "${step}", which does not exist.`);
  }
}

/** A job kept asking to be repeated. */
export class RepeatedTooOftenError extends LakeError {
  constructor(path: string, rounds: number) {
    super(`${path} asked to be repeated ${rounds} times.`, {
      hint: 'The source keeps dropping its own job: try again later, and tell its support if it goes on.',
    });
  }
}

/** There is nothing to query yet. */
export class NothingPublishedError extends InputError {
  constructor() {
    super('Nothing has been published yet.', {
      hint: 'Load the lake first: `lake run` (or try `lake demo`).',
    });
  }
}

/** The ledger names a publication whose document is gone. */
export class MissingPublicationError extends LakeError {
  constructor(id: string, key: string) {
    super(`The lake shows publication ${id}, and its document ${key} is not there.`, {
      about: id,
      hint: 'Restore that file from a backup, or publish again: `lake run`.',
    });
  }
}

/** The document of a publication is empty or torn. */
export class DamagedPublicationError extends LakeError {
  constructor(id: string, key: string, cause: DamagedDocumentError) {
    super(`The document of publication ${id}, ${key}, is damaged and cannot be read: ${cause.fault}.`, {
      about: id,
      cause,
      hint: 'Restore that file from a backup, or publish again: `lake run`.',
    });
  }
}
