import { InputError, LakeError, type LakeErrorOptions } from '../errors.ts';

/** Rows that break a check of severity `fail`: the table keeps the version that is published. */
export class CheckFailedError extends LakeError {
  /** Names of the checks that do not hold, such as `unique(id)`. */
  readonly checks: readonly string[];

  constructor(message: string, checks: readonly string[], options: LakeErrorOptions) {
    super(message, options);
    this.checks = checks;
  }
}

/** A check that cannot be evaluated: it names what is not there, or compares what cannot be compared. */
export class UnfitCheckError extends InputError {}

/** There is nothing to decide on: no load of the dataset is held back, and no row of it is kept aside. */
export class NothingHeldBackError extends InputError {}

/** Files of a dataset's staged table are missing or cut short. */
export class DamagedFilesError extends LakeError {
  constructor(dataset: string) {
    super(`Files of the staged table ${dataset} are missing or cut short.`, {
      about: dataset,
      hint: '`lake repair` names them; `lake repair --apply` has the next run make the table again.',
    });
  }
}
