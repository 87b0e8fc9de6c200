import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLLEGE } from '../../access/college.ts';
import { MATRIX } from '../../access/matrix.ts';
import { openPostgresCollege, type PostgresCollege } from '../../access/postgres-college.ts';

let college: PostgresCollege;
beforeAll(async () => {
  college = await openPostgresCollege();
  for (const asking of Object.keys(MATRIX)) await college.add(asking);
  await college.load('p1');
}, 60_000);
afterAll(() => college?.close());

const cases = Object.entries(MATRIX).flatMap(([asking, tables]) =>
  Object.entries(tables).map(([table, expected]) => ({ asking, table, expected })),
);
const nameOf = (table: string) => table.split('.')[1]!;
const inText = (rows: readonly (readonly unknown[])[]) =>
  rows.map((row) => row.map((cell) => (typeof cell === 'boolean' ? (cell ? 't' : 'f') : cell === null ? null : String(cell))));

describe('A login of a role sees in PostgreSQL what the matrix says', () => {
  it.each(cases)('$asking: $table', async ({ asking, table, expected }) => {
    const name = nameOf(table);
    const all = await college.ask(asking, `SELECT * FROM ${name} ORDER BY 1, 2`);
    if (!expected) return expect(all.code).toBe('42P01');
    const rows = inText(expected.rows);
    const sorted = (found: unknown[][]) => found.map((row) => JSON.stringify(row)).sort();
    expect(all.words).toBe('');
    expect(sorted(all.rows)).toEqual(sorted(rows));
    for (const sql of [
      `WITH t AS (SELECT * FROM ${name}) SELECT * FROM t`,
      `SELECT ${expected.columns.join(', ')} FROM (SELECT * FROM (SELECT * FROM ${name}) a) b`,
    ])
      expect(sorted((await college.ask(asking, sql)).rows)).toEqual(sorted(rows));
    expect((await college.ask(asking, `SELECT count(*) FROM ${name}`)).rows).toEqual([[String(rows.length)]]);
  });

  it.each(cases)('$asking: the columns of $table, and no others, exist', async ({ asking, table, expected }) => {
    for (const [column] of COLLEGE[table]!.columns) {
      const said = await college.ask(asking, `SELECT ${column} FROM ${nameOf(table)} WHERE false`);
      expect(said.code).toBe(expected ? (expected.columns.includes(column) ? undefined : '42703') : '42P01');
    }
    const { rows } = await college.ask(
      asking,
      `SELECT column_name FROM information_schema.columns WHERE table_name = '${nameOf(table)}' ORDER BY ordinal_position`,
    );
    expect(rows.flat()).toEqual(expected?.columns ?? []);
  });
});
