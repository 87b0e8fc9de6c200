import { LakeError } from '../../errors.ts';

/** Something in a procedure that a person must look at. Line and column start at 1. */
export type Problem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** With an `error` the procedure is not run. */
  readonly severity: 'error' | 'warning';
  /** Stable, kebab-case. */
  readonly code: string;
  readonly message: string;
};

/** Where something begins in the text of a procedure. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A procedure that does not follow the grammar, or that the linter refuses. Each mistake is in `problems`. */
export class ProcedureError extends LakeError {
  override readonly exitCode = 2;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const [first] = problems;
    const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
    super(`${first!.message}${more}`, {
      file: first!.file,
      line: first!.line,
      column: first!.column,
      hint: '`lake procedure check` lists every mistake; docs/procedures.md has the grammar',
    });
    this.problems = problems;
  }
}

/** Thrown while one line is read; the reader of the file makes a problem of it and goes on with the next line. */
export class SyntaxFault extends Error {
  readonly at: Place;

  constructor(message: string, at: Place) {
    super(message);
    this.at = at;
  }
}
