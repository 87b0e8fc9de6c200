import { readPublication } from '../../../../src/pipeline/publication.ts';
import { shownPlace } from '../../../../src/platform/aws/athena/names.ts';
import { resultPages } from '../../../../src/platform/aws/athena/result-pages.ts';
import { runStatement, type StatementRunner } from '../../../../src/platform/aws/athena/run-statement.ts';
import { open, type Probe, type ProveContext, proven, refuted } from '../probe.ts';

/** Expressions in which engines differ, and what Trino 476 answers. */
export const EXPRESSIONS: readonly (readonly [sql: string, answer: string])[] = [
  ["CAST(DECIMAL '7.00' / DECIMAL '3.0' AS varchar)", '2.33'],
  ['CAST(7 / 2 AS varchar)', '3'],
  ['CAST(-7 % 3 AS varchar)', '-1'],
  ['CAST(round(2.5e0) AS varchar)', '3.0E0'],
  ["CAST(date_diff('month', DATE '2026-01-31', DATE '2026-02-28') AS varchar)", '1'],
  ["CAST(DATE '2024-02-29' + INTERVAL '1' YEAR AS varchar)", '2025-02-28'],
  [
    "CAST(TIMESTAMP '2026-11-01 01:30:00 America/Chicago' AT TIME ZONE 'UTC' AS varchar)",
    '2026-11-01 06:30:00 UTC',
  ],
  ["CAST(day_of_week(DATE '2026-11-29') AS varchar)", '7'],
  ["regexp_replace('a1b22', '(\\d+)', '<$1>')", 'a<1>b<22>'],
  ["CAST(strpos('Łódź', 'd') AS varchar)", '3'],
  ["array_join(split('a,,b', ','), '|')", 'a||b'],
  ['json_extract_scalar(\'{"a":{"b":1.0}}\', \'$.a.b\')', '1.0'],
];
const TABLES_AT_ONCE = 50;

/** Athena's own build of Trino. */
export const sql: Probe = {
  name: 'sql',
  claim: 'Athena answers as Trino 476 does, by which the SQL of the lake was tested',
  async ask(context) {
    const select = EXPRESSIONS.map(([expression], i) => `${expression} AS e${i}`).join(', ');
    const [row = []] = await rowsOf(context, `SELECT ${select}`);
    const other = EXPRESSIONS.filter(([, answer], i) => row[i] !== answer);
    return other.length === 0
      ? proven(`${EXPRESSIONS.length} expressions in which engines differ`)
      : refuted(
          other.map(([expression, answer]) => `${expression} is not ${answer}`).join('; '),
          'report it: the conformance tests must learn it, and models that use it may need another form',
        );
  },
};

/** What people see is what was published: tables, their files, and the engine's own statistics of them. */
export const tables: Probe = {
  name: 'tables',
  claim: 'every published table is shown in Athena, with as many rows as were published',
  async ask(context) {
    const { platform, places } = context;
    const publication = await readPublication(platform);
    if (!publication) return open('nothing has been published yet', 'npx lake run --target aws, then again');
    const wanted = Object.values(publication.tables).filter(({ table }) => !table.startsWith('ops.'));
    const counted = new Map<string, string>();
    for (let i = 0; i < wanted.length; i += TABLES_AT_ONCE) {
      const counts = wanted.slice(i, i + TABLES_AT_ONCE).map(({ table }) => {
        const { database, name } = shownPlace(places, table);
        return `SELECT '${table}' AS name, CAST(count(*) AS varchar) AS n FROM "${database}"."${name}"`;
      });
      for (const [name, n] of await rowsOf(context, counts.join(' UNION ALL '))) counted.set(name!, n!);
    }
    const other = wanted.filter(({ table, rows }) => counted.get(table) !== String(rows));
    return other.length === 0
      ? proven(`${wanted.length} tables of the publication ${publication.id}`)
      : refuted(
          other
            .slice(0, 5)
            .map(({ table, rows }) => `${table}: ${counted.get(table)} rows, published ${rows}`)
            .join('; '),
          'npx lake run --target aws shows them again; if it stays, the tables were changed by somebody else',
        );
  },
};

async function rowsOf(
  { clients: { athena }, places, platform, signal }: ProveContext,
  statement: string,
): Promise<(string | undefined)[][]> {
  const runner: StatementRunner = { athena, workgroup: places.workgroup, clock: platform.clock };
  const finished = await runStatement(runner, statement, { doing: 'Asking Athena', signal });
  const rows: (string | undefined)[][] = [];
  for await (const page of resultPages(runner, finished)) rows.push(...page.rows);
  return rows;
}
