import type { Cell } from '../../../src/ports/query-engine.ts';

/** A value in the one form in which those of all engines are compared: text, for whatever JSON would round. */
type AnswerCell = null | boolean | string | readonly AnswerCell[];

/** What an engine answers: columns with types in Trino's words, and rows. */
export interface Answer {
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly rows: readonly (readonly AnswerCell[])[];
}

/** Libraries of mathematics agree to so many digits. */
const DIGITS = 13;

function cellOf(value: unknown, type: string): AnswerCell {
  if (value === null || value === undefined) return null;
  const element = /^array\((.*)\)$/.exec(type)?.[1];
  if (element !== undefined && Array.isArray(value)) return value.map((item) => cellOf(item, element));
  if (typeof value === 'boolean') return value;
  if (type === 'double' || type === 'real') return floating(String(value));
  if (type === 'timestamp' || type === 'time')
    return String(value).replace(/\.(\d*?)0*$/, (_, rest) => (rest ? `.${rest}` : ''));
  return String(value);
}

function floating(text: string): string {
  const number = Number(text.replace(/^(-?)inf$/i, '$1Infinity').replace(/^nan$/i, 'NaN'));
  return String(Number.isFinite(number) ? Number(number.toPrecision(DIGITS)) : number);
}

/** What Trino's protocol gives. */
export function trinoAnswer(
  columns: readonly { readonly name: string; readonly type: string }[],
  rows: readonly (readonly unknown[])[],
): Answer {
  const typed = columns.map(({ name, type }): [string, string] => [nameOf(name), fromTrino(type)]);
  return answer(typed, rows);
}

/** What Spark's schema and rows give. */
export function sparkAnswer(
  columns: readonly (readonly [name: string, type: string])[],
  rows: readonly (readonly unknown[])[],
): Answer {
  return answer(
    columns.map(([name, type]): [string, string] => [nameOf(name), fromSpark(type)]),
    rows,
  );
}

/** What the lake's engine on one machine gives. Its columns have no type for an array. */
export function lakeAnswer(
  columns: readonly { readonly name: string; readonly type: string }[],
  rows: readonly (readonly Cell[])[],
  wanted: Answer,
): Answer {
  const typed = columns.map(({ name, type }, i): [string, string] => {
    const there = wanted.columns[i]?.[1];
    return [nameOf(name), type === 'varchar' && there?.startsWith('array(') ? there : type];
  });
  return answer(typed, rows);
}

const answer = (columns: readonly [string, string][], rows: readonly (readonly unknown[])[]): Answer => ({
  columns,
  rows: rows.map((row) => row.map((value, i) => cellOf(value, columns[i]![1]))),
});

/** A column that was given no name is called otherwise in every engine. */
const nameOf = (name: string): string => (/^[a-z]\w*$/i.test(name) ? name.toLowerCase() : '');

const fromTrino = (type: string): string =>
  type.replaceAll(/\b(varchar|timestamp|time)\(\d+\)/g, '$1').replaceAll(/\s*,\s*/g, ',');

const SPARK_WORDS: { readonly [word: string]: string } = {
  int: 'integer',
  string: 'varchar',
  float: 'real',
  binary: 'varbinary',
  timestamp_ntz: 'timestamp',
  timestamp: 'timestamp with time zone',
  void: 'unknown',
};

const fromSpark = (type: string): string =>
  type
    .replaceAll(/[a-z_]+/g, (word) => SPARK_WORDS[word] ?? word)
    .replaceAll('<', '(')
    .replaceAll('>', ')');
