import { InputError } from '../../errors.ts';

/** Where a word stands in the text of a program: offsets of its first character and of the one after its last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A program in the language of alerts that cannot be read; the message names its line, column and word. */
export class AlertProgramError extends InputError {
  /** Where in the program. */
  readonly span: Span;
  /** What is wrong, without the place. */
  readonly problem: string;

  constructor(program: string, span: Span, problem: string, options: { hint?: string } = {}) {
    const { line, column } = placeIn(program, span.from);
    super(`line ${line}, column ${column} of the expression: ${problem}`, {
      hint: options.hint ?? 'docs/alerts.md lists the words, with what each takes and gives',
      line,
      column,
    });
    this.span = span;
    this.problem = problem;
  }
}

/** Line and column of an offset; both start at 1. */
export function placeIn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
