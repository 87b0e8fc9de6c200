export interface LakeErrorOptions extends ErrorOptions {
  /** What to do next, in one sentence. */
  readonly hint?: string;
  /** The dataset, model, file or source that it is about. */
  readonly about?: string;
}

/**
 * The base of every error that the lake raises on purpose. The message says what was being done and what was
 * found; `hint` what to do next. Neither ever holds a secret or a person's data.
 */
export class LakeError extends Error {
  readonly hint?: string;
  readonly about?: string;
  /** Exit code of the command line: 1 for a failure of the world, 2 for input that must be corrected. */
  readonly exitCode: number = 1;

  constructor(message: string, options: LakeErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.hint = options.hint;
    this.about = options.about;
  }
}

/** Input that a person must correct: a wrong key in a file, an unknown table, SQL with an error. */
export class InputError extends LakeError {
  override readonly exitCode: number = 2;
}
