import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../src/platform/local/postgres/server.ts';
import { officialClient } from '../../test/conformance/dap-client/client.ts';
import { measure, serve } from './children.ts';

export interface Rounds {
  readonly rows: number;
  readonly tables: number;
  /** Seconds of the first load, then of each day after it. */
  readonly official: number[];
  readonly lake: number[];
}

/** The tables that student analytics stands on. The official client takes one after another. */
const TABLES = [
  'users',
  'pseudonyms',
  'enrollment_terms',
  'courses',
  'course_sections',
  'enrollments',
  'assignments',
  'submissions',
  'scores',
  'discussion_entries',
  'quizzes',
  'quiz_submissions',
];

type Counts = Record<string, number>;

/**
 * The same tables of the same simulator to the same end state, twice: by Instructure's own client into
 * PostgreSQL (`initdb`, then `syncdb`), and by the lake into staged tables. After every round the rows of every
 * table are compared.
 */
export async function besideSyncdb(
  folder: string,
  students: number,
  jobSeconds: number,
  days: number,
): Promise<Rounds> {
  const college = await serve('./college-server.ts', students, jobSeconds);
  const canvas = JSON.parse(college.said) as { url: string; clientId: string; clientSecret: string };
  const postgres = await startPostgres({ directory: join(folder, 'postgres'), settings: { fsync: 'off' } });
  const client = await officialClient(canvas, postgres.url.replace(/^postgres:/, 'postgresql:'));
  const rounds: { official: number[]; lake: number[] } = { official: [], lake: [] };
  let counts: Counts = {};
  try {
    for (let day = 0; day <= days; day += 1) {
      if (day > 0) await college.tell('a day');
      const command = day === 0 ? 'initdb' : 'syncdb';
      await timed(rounds.official, () =>
        client.dap(command, '--namespace', 'canvas', '--table', TABLES.join()),
      );
      counts = await timed(rounds.lake, () =>
        measure<Counts>(
          './chain.ts',
          canvas.url,
          canvas.clientId,
          canvas.clientSecret,
          join(folder, 'lake'),
          `r${day}`,
          TABLES.join(),
        ),
      );
      await compare(postgres.url, counts);
    }
  } finally {
    await postgres.stop();
    await college.stop();
  }
  const rows = Object.values(counts).reduce((a, b) => a + b, 0);
  return { rows, tables: Object.keys(counts).length, ...rounds };
}

/** @throws Error where a table has not the same number of rows on both sides */
async function compare(url: string, counts: Counts): Promise<void> {
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  try {
    for (const [table, rows] of Object.entries(counts)) {
      const { rows: found } = await database.query(`SELECT count(*)::int AS n FROM canvas.${table}`);
      if (found[0].n !== rows)
        throw new Error(`canvas.${table}: ${found[0].n} rows in PostgreSQL, ${rows} in the lake`);
    }
  } finally {
    await database.end();
  }
}

async function timed<T>(seconds: number[], work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  seconds.push((performance.now() - started) / 1000);
  return result;
}
