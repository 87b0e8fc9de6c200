/** Where in a YAML file something is: the keys and indexes that lead to it. */
export type YamlPath = readonly (string | number)[];

/** A problem found in the parsed value of a file; its line and column are looked up only when there is one. */
export interface Finding {
  readonly path: YamlPath;
  /** Whether it is about the key at `path` or about its value. Default: the value. */
  readonly on?: 'key' | 'value';
  /** What was found, what was expected, the nearest valid word. Never a secret. */
  readonly text: string;
}

/** A problem as a person reads it; line and column start at 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

export function formatProblem(problem: Problem): string {
  return `${problem.file}:${problem.line}:${problem.column}  ${problem.text}`;
}

export function byPlace(a: Problem, b: Problem): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column;
}
