import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LakeError } from '../../../src/errors.ts';
import { lint } from '../../../src/sql/lint/lint.ts';
import { parseStatement } from '../../../src/sql/parse.ts';
import { toSpark } from '../../../src/sql/spark/to-spark.ts';
import type { Answer } from '../../sql/idioms/answer.ts';
import { isOrdered, statementOf } from '../../sql/idioms/idiom.ts';
import { VECTORS } from '../../sql/vectors/all.ts';
import { recordedOf } from '../../sql/vectors/recorded.ts';
import { type Spark, startSpark } from './spark.ts';

/** Hundreds of statements on whatever machine there is. */
const PATIENCE_MS = 20 * 60_000;

/** Trino answers, and Spark stops with an error: what decides only shows while rows are read. */
const STOPS: { readonly [why: string]: readonly string[] } = {
  'doubles are divided by zero': ['numbers: doubles divided', 'numbers: remainders of doubles'],
  'a fraction is taken out of JSON as text': [
    'json: texts that are JSON or not',
    'json: numbers as they were written',
    'json: numbers become numbers',
  ],
  'JSON breaks off': ['json: a broken number', 'json: a broken text'],
  'a text has other digits than the pattern': [
    'times: texts by a pattern',
    'times: names of months, long and short, in any case',
    'times: the clock of twelve hours',
    'times: fractions of a second',
    'times: too few digits without separators',
    'times: the day of the week moves the day',
  ],
  'a day is a week or a month': ['times: days as ISO 8601 has them'],
  'a text is split by nothing': ['texts: split_part of nothing, by nothing'],
  'a query is recursive': ['scoping: rows that follow from rows'],
  'a time is NaN': ['zoned: seconds that are no number'],
  'a subquery has no FROM, and a column of the query around': [
    'scoping: a value found by a column of the query around',
  ],
  'an expression of SELECT DISTINCT is written again in ORDER BY': [
    'scoping: distinct expressions in their order',
  ],
};

/** What Spark makes of a vector, against what Trino made of it. */
type Outcome = 'refused' | 'equal' | 'both fail' | 'stops' | 'differs' | 'answers where Trino fails';

describe('vectors on Spark', () => {
  let spark: Spark;
  beforeAll(async () => {
    spark = await startSpark();
  });
  afterAll(() => spark?.stop());

  it('are refused, or have the answer of Trino', { timeout: PATIENCE_MS }, async () => {
    const outcomes: { [name: string]: Outcome } = {};
    for (const [area, { answered }] of Object.entries(VECTORS)) {
      for (const [name, sql] of Object.entries(answered)) {
        outcomes[`${area}: ${name}`] = await outcomeOf(spark, area, name, sql);
      }
    }
    const named = (wanted: Outcome) => Object.keys(outcomes).filter((name) => outcomes[name] === wanted);
    expect(named('differs')).toEqual([]);
    expect(named('answers where Trino fails')).toEqual([]);
    expect(named('stops').toSorted()).toEqual(Object.values(STOPS).flat().toSorted());
    const counts = Object.fromEntries(
      (['equal', 'both fail', 'stops', 'refused'] as const).map((kind) => [kind, named(kind).length]),
    );
    console.log(`${Object.keys(outcomes).length} vectors on Spark: ${JSON.stringify(counts)}`);
    // Were all refused, nothing would differ.
    expect(counts.equal).toBeGreaterThan(200);
  });
});

async function outcomeOf(spark: Spark, area: string, name: string, sql: string): Promise<Outcome> {
  const there = recordedOf(area)[name];
  if (!there) throw new Error(`${area}: ${name} has no recorded answer.`);
  let text: string;
  try {
    const statement = await parseStatement(statementOf(sql));
    lint(statement, {});
    text = await toSpark(statement, {});
  } catch (error) {
    if (error instanceof LakeError && (error.hint || 'error' in there)) return 'refused';
    throw error;
  }
  const here = await spark.ask(text).catch(() => undefined);
  if ('error' in there) return here ? 'answers where Trino fails' : 'both fail';
  if (!here) return 'stops';
  return comparable(sql, here, there) === comparable(sql, there, there) ? 'equal' : 'differs';
}

/** Rows and types, and the names that Trino gives; columns without one are called otherwise in every engine. */
function comparable(sql: string, answer: Answer, there: Answer): string {
  const columns = answer.columns.map(([name, type], i) => [there.columns[i]?.[0] === '' ? '' : name, type]);
  const rows = answer.rows.map((row) =>
    JSON.stringify(row.map((cell, i) => (answer.columns[i]?.[1] === 'real' ? real(cell) : cell))),
  );
  return JSON.stringify([columns, isOrdered(sql) ? rows : rows.toSorted()]);
}

/** Trino writes a real in its own digits, Spark's client in those of a double. */
const real = (cell: unknown): unknown =>
  typeof cell === 'string' ? String(Math.fround(Number(cell))) : cell;
