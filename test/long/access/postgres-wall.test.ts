import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEPT_BACK } from '../../access/attempts.ts';
import { COLLEGE } from '../../access/college.ts';
import { MATRIX } from '../../access/matrix.ts';
import { POSTGRES_ATTEMPTS } from '../../access/postgres-attempts.ts';
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
  rows.map((row) =>
    row.map((cell) => (typeof cell === 'boolean' ? (cell ? 't' : 'f') : cell === null ? null : String(cell))),
  );

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

  it.each(cases)(
    '$asking: the columns of $table, and no others, exist',
    async ({ asking, table, expected }) => {
      for (const [column] of COLLEGE[table]!.columns) {
        const said = await college.ask(asking, `SELECT ${column} FROM ${nameOf(table)} WHERE false`);
        expect(said.code).toBe(
          expected ? (expected.columns.includes(column) ? undefined : '42703') : '42P01',
        );
      }
      const { rows } = await college.ask(
        asking,
        `SELECT column_name FROM information_schema.columns WHERE table_name = '${nameOf(table)}' ORDER BY ordinal_position`,
      );
      expect(rows.flat()).toEqual(expected?.columns ?? []);
    },
  );
});

describe('A login of instructor F1 does not learn what is kept back', () => {
  const asking = 'instructor F1';

  it.each(POSTGRES_ATTEMPTS)('by $of: $sql', async ({ sql, code }) => {
    const said = await college.ask(asking, ...sql);
    expect({ code: said.code, words: said.words }).toEqual({ code, words: said.words });
    const own = sql.join(' ');
    const all = `${said.words} ${JSON.stringify(said.rows)}`.replaceAll(/'[^']*'|"[^"]*"/g, (text) =>
      own.includes(text.slice(1, -1)) ? '' : text,
    );
    for (const hidden of KEPT_BACK) expect(all).not.toContain(hidden);
  });
});

describe('A plan', () => {
  const plan = async (condition: string) => {
    const said = await college.ask(
      'instructor F1',
      `EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT * FROM persons WHERE ${condition}`,
    );
    expect(said.code).toBeUndefined();
    return said.rows.flat().join('\n');
  };

  it.each([
    ["name = 'Cy'", "name = 'Zz'"],
    ["person_id = 'S3'", "person_id = 'S9'"],
    ["name LIKE 'Cy%'", "name LIKE 'Zz%'"],
    ["person_id < 'S4'", "person_id < 'S9'"],
    ["email = 'ana@x.edu'", "email = 'zoe@x.edu'"],
  ])('is the same for a value that is hidden and one that there is not: %s', async (hidden, absent) => {
    const [one, other] = [await plan(hidden), await plan(absent)];
    const literal = /'[^']*'/.exec(absent)![0];
    expect(one.replaceAll(/'[^']*'/.exec(hidden)![0], literal)).toBe(other);
  });
});

describe('What dashboards and drivers ask of the catalog', () => {
  const asking = 'analyst';
  const OWN = ['grades', 'persons', 'sections'];

  it.each([
    // Power BI, Metabase, Superset.
    "SELECT table_name FROM information_schema.tables WHERE table_schema = ANY (current_schemas(false)) AND table_type = 'VIEW' ORDER BY 1",
    'SELECT table_name FROM information_schema.views WHERE table_schema = current_schema() ORDER BY 1',
    // JDBC: getTables.
    `SELECT c.relname FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c
       LEFT JOIN pg_catalog.pg_description d ON (c.oid = d.objoid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass)
      WHERE c.relnamespace = n.oid AND n.nspname LIKE 'analyst\\_\\_sis' AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1`,
    // psql: \\dv.
    `SELECT c.relname FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('v', '') AND n.nspname <> 'pg_catalog' AND n.nspname !~ '^pg_toast'
        AND n.nspname <> 'information_schema' AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY 1`,
    // SQLAlchemy.
    `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'analyst__sis' AND c.relkind = ANY (ARRAY['v', 'm']) ORDER BY 1`,
    // What a tool may read.
    `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname !~ '^(pg_|information_schema)' AND has_schema_privilege(n.oid, 'USAGE')
        AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1`,
  ])('lists the tables of the role: %s', async (sql) => {
    const said = await college.ask(asking, sql);
    expect(said.words).toBe('');
    expect(said.rows.flat()).toEqual(OWN);
  });

  it('describes the columns of a table with types that clients know', async () => {
    const said = await college.ask(
      asking,
      `SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = 'persons'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    );
    expect(said.rows).toEqual([
      ['person_id', 'character varying'],
      ['name', 'character varying'],
      ['email', 'character varying'],
      ['born', 'date'],
      ['zip', 'character varying'],
      ['confidential', 'boolean'],
    ]);
  });

  it.each([
    "SELECT has_database_privilege(current_database(), 'CONNECT')",
    'SHOW transaction_isolation',
    "SET application_name = 'x'",
    "SELECT nspname FROM pg_namespace WHERE nspname = 'analyst__sis'",
    'SELECT rolname FROM pg_roles WHERE rolname = current_user',
    "SELECT t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typname = 'date'",
    "SELECT conname FROM pg_constraint WHERE conrelid = 'persons'::regclass",
    "SELECT tgname FROM pg_trigger WHERE tgrelid = 'persons'::regclass",
    'SELECT * FROM information_schema.table_constraints',
    'SELECT * FROM information_schema.key_column_usage',
    'SELECT r.ev_class FROM pg_rewrite r JOIN pg_depend d ON d.objid = r.oid LIMIT 1',
    'SELECT version()',
  ])('answers: %s', async (sql) => {
    expect((await college.ask(asking, sql)).words).toBe('');
  });
});
