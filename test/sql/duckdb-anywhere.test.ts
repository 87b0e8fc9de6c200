import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toDuckDb } from '../../src/sql/duckdb/to-duckdb.ts';
import { parseStatement } from '../../src/sql/parse.ts';
import { Expressions } from '../fuzz/sql/expressions.ts';
import { nameOf, TYPES } from '../fuzz/sql/sql-text.ts';
import { COLUMNS } from '../fuzz/sql/tables.ts';
import { propertyRuns } from '../property-runs.ts';

const EACH = propertyRuns(25);
const row = Object.values(COLUMNS)
  .map((type) => `CAST(NULL AS ${nameOf(type)})`)
  .join(', ');
const FROM = `FROM (VALUES (${row})) AS a(${Object.keys(COLUMNS).join(', ')})`;

/** Two spellings of DuckDB's for the same, of which the generator chooses one by the place. */
const SAME: readonly (readonly [RegExp, string])[] = [
  [/\(NOT (.*?) IN \(/g, '($1 NOT IN ('],
  [/\bARRAY\[/g, '['],
  [/\bLIST_VALUE\(([^()]*)\)/g, '[$1]'],
  [/\bIS_NAN\(/g, 'ISNAN('],
  [/\bTRUNCATE\(/g, 'TRUNC('],
  [/\bVAR_SAMP\(/g, 'VARIANCE('],
];
const spelled = (sql: string): string => SAME.reduce((text, [from, to]) => text.replaceAll(from, to), sql);

/** What becomes of an expression at a place. */
async function translated(expression: string, before: string, after: string): Promise<string> {
  const sql = await toDuckDb(
    await parseStatement(`SELECT ${before}(${expression})${after} AS v ${FROM}`),
    {},
  );
  const [, body] = /^SELECT (.*) AS "v" FROM/s.exec(sql)!;
  return spelled(body!);
}

/**
 * The generator looks for what it spells otherwise in DuckDB, and does not look into every kind of node: what depends on
 * it would be right in one place and a function that DuckDB does not have in another.
 */
it('an expression becomes the same wherever it stands', async () => {
  const a = new Expressions(['a']);
  const expressions = TYPES.flatMap((type) => fc.sample(a.scalar(type, 1), { numRuns: EACH, seed: 8 }));
  const wrong: string[] = [];
  for (const expression of new Set(expressions)) {
    const alone = await translated(expression, '', '');
    const within = await translated(expression, 'day(', ')');
    if (within !== `DAY(${alone})`) wrong.push(`${expression}\n  ${alone}\n  ${within}`);
  }
  expect(wrong).toEqual([]);
});
