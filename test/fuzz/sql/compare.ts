import type { QueryEngine } from '../../../src/ports/query-engine.ts';
import { SqlError } from '../../../src/sql/errors.ts';
import { TrinoError, trinoQuery } from '../../conformance/athena/trino-client.ts';
import { granted } from '../../granted.ts';
import { type Answer, lakeAnswer, trinoAnswer } from '../../sql/idioms/answer.ts';
import { ordered } from '../../sql/idioms/recorded.ts';
import { isUnreached } from './unreached.ts';

/** How the answers of the two compare. */
export type Verdict =
  /** The same rows and types. */
  | { readonly kind: 'equal' }
  /** Neither answers. */
  | { readonly kind: 'both-fail' }
  /** The lake refuses before a row is read, and says why; Trino answers. */
  | { readonly kind: 'refused'; readonly why: string }
  /** The lake stops where only a value shows that another engine would differ. */
  | { readonly kind: 'stopped'; readonly why: string }
  /** A fault of Trino's own: see `FAULTS_OF_TRINO`. */
  | { readonly kind: 'fault-there'; readonly why: string }
  /** Both fail at a part of the statement, and one of them answers the whole without it: see `isUnreached`. */
  | { readonly kind: 'unreached' }
  | { readonly kind: 'different'; readonly what: string; readonly here: string; readonly there: string };

/** What Trino says of values, where the statement itself is right. */
const OF_VALUES = new Set<string>([
  'NUMERIC_VALUE_OUT_OF_RANGE',
  'DIVISION_BY_ZERO',
  'INVALID_CAST_ARGUMENT',
  'INVALID_FUNCTION_ARGUMENT',
]);
const isOfValuesThere = (answer: Answer | TrinoError): boolean =>
  answer instanceof TrinoError && OF_VALUES.has(answer.code);

/** Whether the lake stopped at a value, and not at the statement. */
const isOfValues = (error: unknown): boolean =>
  error instanceof SqlError &&
  error.cause !== undefined &&
  !/^sql-(other|unsupported|memory|too-large|out-of-reach)$/.test(error.code) &&
  error.code.startsWith('sql-');

/** What is not compared, as Trino 476 fails of itself where its manual promises an answer: the beginning of what it says, and why. */
const FAULTS_OF_TRINO: readonly (readonly [said: RegExp, why: string])[] = [
  [
    /^(ARRAY|ROW) comparison not supported for (arrays|fields) with null elements$/,
    'an array or a row is compared with a constant that holds a null: false or null in a SELECT list, an error in some filters',
  ],
  [/^Cannot invoke "io\.trino\.spi\.block\.SqlRow/, 'a field of a row that is null, in a lambda'],
  [
    /^integer overflow$/,
    'round of an integer to tens, past 2,147,483,647: an internal error, also where no row is read',
  ],
];

/** Where the lake stops with an error as documented (docs/sql.md), since only a value can show the difference. */
const STOPS = new RegExp(
  `^(${[
    'The pattern means something else in this text',
    'The size of a part of a text that is no JSON is unknown',
    'A part is taken out of a text that is no JSON',
    'A decimal of many digits is divided',
    'A fraction of JSON is written as text',
  ].join('|')})`,
);

/** Trino does not check a quotient of two narrow numbers, so -32768 / -1 is a smallint of 32768 there. */
const isNarrowQuotient = (sql: string, here: SqlError): boolean =>
  /^A number is too large for a (small|tiny)int/.test(here.message) &&
  / \/ nullif\([^/]*AS (small|tiny)int/.test(sql);

/** Asks both, and compares rows, types and errors. */
export async function compare(
  sql: string,
  lake: Pick<QueryEngine, 'query'>,
  trinoUrl: string,
): Promise<Verdict> {
  const there = await askTrino(sql, trinoUrl);
  const here = await askLake(sql, lake, there instanceof Error ? undefined : there);
  const fault = FAULTS_OF_TRINO.find(([said]) => there instanceof Error && said.test(there.message));
  if (fault) return { kind: 'fault-there', why: fault[1] };
  const text = (answer: Answer | Error) =>
    answer instanceof Error ? `${answer.name}: ${answer.message}` : JSON.stringify(ordered(sql, answer));
  if (there instanceof Error && here instanceof Error)
    return here instanceof SqlError
      ? { kind: 'both-fail' }
      : { kind: 'different', what: 'internal error', here: text(here), there: text(there) };
  if (here instanceof Error) {
    const isRefused =
      here instanceof SqlError && (here.code === 'sql-out-of-reach' || here.cause === undefined);
    if (isRefused) return { kind: 'refused', why: here.message };
    if (here instanceof SqlError && STOPS.test(here.message)) return { kind: 'stopped', why: here.message };
    if (here instanceof SqlError && isNarrowQuotient(sql, here))
      return { kind: 'fault-there', why: 'a quotient past the limits of a smallint or a tinyint' };
    const failsThere = async (part: string) => isOfValuesThere(await askTrino(part, trinoUrl));
    if (isOfValues(here) && (await isUnreached(sql, failsThere))) return { kind: 'unreached' };
    return { kind: 'different', what: 'fails here', here: text(here), there: text(there) };
  }
  if (there instanceof Error) {
    const failsHere = async (part: string) => isOfValues(await askLake(part, lake));
    if (isOfValuesThere(there) && (await isUnreached(sql, failsHere))) return { kind: 'unreached' };
    return { kind: 'different', what: 'fails there', here: text(here), there: text(there) };
  }
  return text(here) === text(there)
    ? { kind: 'equal' }
    : { kind: 'different', what: 'other answer', here: text(here), there: text(there) };
}

async function askTrino(sql: string, url: string): Promise<Answer | TrinoError> {
  try {
    const { columns, rows } = await trinoQuery(url, sql);
    return trinoAnswer(columns, rows);
  } catch (error) {
    if (error instanceof TrinoError) return error;
    throw error;
  }
}

async function askLake(
  sql: string,
  lake: Pick<QueryEngine, 'query'>,
  wanted: Answer = { columns: [], rows: [] },
): Promise<Answer | Error> {
  try {
    const result = await lake.query(sql, granted({}));
    const rows = [];
    for await (const batch of result.batches()) rows.push(...batch);
    return lakeAnswer(result.columns, rows, wanted);
  } catch (error) {
    return error as Error;
  }
}
