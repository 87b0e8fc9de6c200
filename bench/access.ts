/**
 * What it costs to read the lake as a role: each statement as the administrator and as a role with row rules, a lookup
 * and masks, over one table, in turns. `npx tsx bench/access.ts [rows] [repetitions]`; docs/benchmarks.md has figures.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authorize } from '../src/access/authorize.ts';
import { loadPolicy } from '../src/access/load-policy.ts';
import type { KnownColumn } from '../src/access/policy.ts';
import { accessRules } from '../src/access/rules.ts';
import { openLocalEngine } from '../src/platform/local/duckdb/engine.ts';
import type { Session } from '../src/ports/session.ts';

const ROWS = Number(process.argv[2] ?? 20_000_000);
const REPETITIONS = Number(process.argv[3] ?? 5);
const PER_LIST = 10_000;

const POLICY = `
purposes: { research: study }
lookups:
  confidential: { table: campus.people, column: student_id, where: confidential = true }
roles:
  rules:
    description: rows by a lookup and a condition, all columns whole
    purposes: [research]
    classes: { none: whole }
    tables: { campus.work: student_id not in confidential and score >= 0, campus.people: all }
  masks:
    description: all rows, two columns masked
    purposes: [research]
    classes: { none: whole }
    tables: { campus.work: all }
    columns: { campus.work.email: email_domain, campus.work.score: band 10 }
`;

const STATEMENTS = {
  'count by course': 'SELECT course_id, count(*), avg(score) FROM campus.work GROUP BY course_id ORDER BY 1',
  'one student': 'SELECT course_id, score FROM campus.work WHERE student_id = 123456',
  'by address': 'SELECT count(DISTINCT email), sum(score) FROM campus.work WHERE course_id < 20',
};

const root = await mkdtemp(join(tmpdir(), 'bench-access-'));
const engine = await openLocalEngine({ root });
try {
  const lists = Math.ceil(ROWS / PER_LIST);
  const people = await engine.create(
    'campus.people',
    'SELECT s AS student_id, s % 50 = 0 AS confidential FROM UNNEST(sequence(0, 9999)) AS t (s)',
    {},
    'v1',
  );
  const work = await engine.create(
    'campus.work',
    `SELECT n % 200000 AS student_id, n / 200000 AS course_id, CAST(n % 101 AS double) AS score,
       CAST(n % 200000 AS varchar) || '@example.edu' AS email
     FROM (SELECT a * ${PER_LIST} + b AS n
       FROM UNNEST(sequence(0, ${lists - 1})) AS x (a) CROSS JOIN UNNEST(sequence(0, ${PER_LIST - 1})) AS y (b))`,
    {},
    'v1',
  );
  const tables = { 'campus.people': people, 'campus.work': work };
  const known = new Map(
    Object.values(tables).map(({ table, columns }) => [
      table,
      new Map<string, KnownColumn>(columns.map(({ name, type }) => [name, { type, privacy: 'none' }])),
    ]),
  );
  await writeFile(join(root, 'access.yaml'), POLICY);
  const access = accessRules(await loadPolicy(root, known), known);
  const sessionOf = (role: string): Session => ({
    principal: 'x',
    role,
    attributes: {},
    purpose: 'research',
  });

  const timed = async (role: string, sql: string): Promise<number> => {
    const from = performance.now();
    const answer = await engine.query(
      sql,
      await authorize({ session: sessionOf(role), access }, 'query', tables),
    );
    for await (const _ of answer.batches());
    return performance.now() - from;
  };
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

  process.stdout.write(`${work.rows.toLocaleString('en-US')} rows, median of ${REPETITIONS}\n`);
  for (const [name, sql] of Object.entries(STATEMENTS)) {
    const times = new Map<string, number[]>();
    for (let i = 0; i <= REPETITIONS; i++)
      for (const role of ['administrator', 'rules', 'masks']) {
        const took = await timed(role, sql);
        if (i > 0) times.set(role, [...(times.get(role) ?? []), took]);
      }
    const whole = median(times.get('administrator')!);
    const of = (role: string) =>
      `${role} ${median(times.get(role)!).toFixed(0)} ms (${(median(times.get(role)!) / whole).toFixed(2)}x)`;
    process.stdout.write(`${name}: whole ${whole.toFixed(0)} ms, ${of('rules')}, ${of('masks')}\n`);
  }
} finally {
  await engine.close();
  await rm(root, { recursive: true, force: true });
}
