export interface LakeErrorOptions extends ErrorOptions {
  /** What to do next, in one sentence. */
  readonly hint?: string;
  /** The dataset, model, file or source that it is about. */
  readonly about?: string;
  /** The source that failed, by its name in campus.yaml. Default: the one that `about` belongs to, if any. */
  readonly source?: string;
  /** Default: derived from the class; see `codeOfClass`. */
  readonly code?: string;
  /** Whether the same attempt may succeed later without anybody changing anything. Default: that of the class. */
  readonly retryable?: boolean;
  /** Where the fault is in a file that a person wrote; line and column start at 1. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * How far one cause reaches: the dataset or model that met it, all of its source (a refused login), or the whole
 * lake (a full disk). Failures of one cause are reported once.
 */
export type Reach = 'item' | 'source' | 'lake';

/**
 * The base of every error that the lake raises on purpose. The message says what was being done and what was
 * found; `hint` what to do next. Neither ever holds a secret, a value of a row or the words of a driver: those stay
 * in `cause`, which reaches the debug log only. See docs/decisions/0017-failures-are-data.md.
 */
export class LakeError extends Error {
  readonly hint?: string;
  readonly about?: string;
  readonly source?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Stable, kebab-case; what alerts, the runbook and scripts go by. */
  readonly code: string;
  /** Exit code of the command line: 1 for a failure of the world, 2 for input that must be corrected. */
  readonly exitCode: number = 1;
  readonly #retryable?: boolean;

  constructor(message: string, options: LakeErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.hint = options.hint;
    this.about = options.about;
    this.source = options.source;
    this.file = options.file;
    this.line = options.line;
    this.column = options.column;
    this.code = options.code ?? codeOfClass(new.target.name);
    this.#retryable = options.retryable;
  }

  /** Whether the same attempt may succeed later without anybody changing anything. */
  get retryable(): boolean {
    return this.#retryable ?? this.passing;
  }

  /** How far its cause reaches. */
  get reach(): Reach {
    return 'item';
  }

  /** What `retryable` is where the error does not say. */
  protected get passing(): boolean {
    return false;
  }
}

/** Input that a person must correct: a wrong key in a file, an unknown table, SQL with an error. */
export class InputError extends LakeError {
  override readonly exitCode: number = 2;
}

/**
 * The code of a class: `LmsServerError` is `lms-server`. A bundler may number classes of one name; the number is no
 * part of the code.
 */
export function codeOfClass(name: string): string {
  const words = name.replace(/\d+$/, '').replace(/(?<=.)Error$/, '');
  return words.replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase();
}
