import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../src/platform/local/postgres/server.ts';

/** How to reach the database that everyone in the bench reads. */
export interface BenchSis {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** One thing to be copied: a schema and what it must come to. */
export interface TableSet {
  readonly schema: 'big' | 'wide' | 'small';
  readonly text: string;
  readonly tables: readonly string[];
  readonly rows: number;
}

export interface Sizes {
  /** Rows of the big table. */
  readonly rows: number;
  /** Rows of the wide table, which has a hundred columns. */
  readonly wideRows: number;
  readonly smallTables: number;
}

const WIDE_COLUMNS = 100;
const SMALL_ROWS = 100;

/** Starts a PostgreSQL with the three sets of tables. `folder` is free for what the contenders write. */
export async function startBenchSis(sizes: Sizes) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-sis-'));
  await chmod(folder, 0o755);
  const server = await startPostgres({
    directory: join(folder, 'postgres'),
    settings: { fsync: 'off', full_page_writes: 'off', shared_buffers: '512MB', max_wal_size: '8GB' },
  });
  const { host, port, user, password } = server;
  const sis: BenchSis = { host, port, user, password, database: 'postgres' };
  const client = new pg.Client(sis);
  await client.connect();
  for (const statement of [...big(sizes.rows), ...wide(sizes.wideRows), ...small(sizes.smallTables)]) {
    await client.query(statement);
  }
  await client.query('VACUUM ANALYZE');
  await client.end();
  const sets: TableSet[] = [
    {
      schema: 'big',
      text: `one table, ${sizes.rows.toLocaleString('en')} rows × 8 columns`,
      tables: ['enrollment'],
      rows: sizes.rows,
    },
    {
      schema: 'wide',
      text: `one table, ${sizes.wideRows.toLocaleString('en')} rows × ${WIDE_COLUMNS} columns`,
      tables: ['profile'],
      rows: sizes.wideRows,
    },
    {
      schema: 'small',
      text: `${sizes.smallTables} tables of ${SMALL_ROWS} rows`,
      tables: Array.from({ length: sizes.smallTables }, (_, i) => `code_${i}`),
      rows: sizes.smallTables * SMALL_ROWS,
    },
  ];
  return {
    sis,
    sets,
    folder,
    /** Where the server lives. */
    home: server.directory,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The kinds of columns that a registrar's largest tables have: ids, codes, decimals, instants, text with quotes. */
function big(rows: number): string[] {
  return [
    'CREATE SCHEMA big',
    `CREATE TABLE big.enrollment (id bigint PRIMARY KEY, student_id int NOT NULL, term_code varchar(6), course text,
       score numeric(5,2), posted_at timestamptz, due date, remark text)`,
    `INSERT INTO big.enrollment
     SELECT g, g * 7919::bigint % 20000, '20' || (20 + g % 6) || 'FA', 'Course ' || (g % 977),
       CASE WHEN g % 11 > 0 THEN round((g % 10000) / 100.0, 2) END,
       timestamptz '2025-01-01' + g * interval '1 second', date '2025-01-01' + (g % 365)::int,
       CASE WHEN g % 5 = 0 THEN NULL WHEN g % 7 = 0 THEN 'late, but "fine"' ELSE md5(g::text) END
     FROM generate_series(1, ${rows}) g`,
  ];
}

function wide(rows: number): string[] {
  const kinds: [type: string, value: string][] = [
    ['int', 'g % 1000'],
    ['varchar(20)', `'value ' || (g % 100)`],
    ['date', `date '2020-01-01' + (g % 1000)::int`],
    ['boolean', 'g % 2 = 0'],
    ['numeric(8,2)', '(g % 100000) / 100.0'],
  ];
  const columns = Array.from({ length: WIDE_COLUMNS - 1 }, (_, i) => ({
    name: `c${i}`,
    kind: kinds[i % 5]!,
  }));
  return [
    'CREATE SCHEMA wide',
    `CREATE TABLE wide.profile (id bigint PRIMARY KEY, ${columns.map((c) => `${c.name} ${c.kind[0]}`).join(', ')})`,
    `INSERT INTO wide.profile SELECT g, ${columns.map((c) => c.kind[1]).join(', ')} FROM generate_series(1, ${rows}) g`,
  ];
}

function small(tables: number): string[] {
  return [
    'CREATE SCHEMA small',
    `DO $$ BEGIN FOR i IN 0..${tables - 1} LOOP
       EXECUTE format('CREATE TABLE small.code_%s (code varchar(10) PRIMARY KEY, title text, since date, active boolean)', i);
       EXECUTE format('INSERT INTO small.code_%s SELECT ''c'' || g, ''Title '' || g, current_date, g %% 2 = 0
         FROM generate_series(1, ${SMALL_ROWS}) g', i);
     END LOOP; END $$`,
  ];
}
