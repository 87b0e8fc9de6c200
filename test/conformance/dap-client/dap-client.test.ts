import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../src/platform/local/postgres/server.ts';
import type { Format } from '../../../src/simulators/canvas/formats/format.ts';
import { type CanvasSimulator, startCanvasSimulator } from '../../../src/simulators/canvas/server.ts';
import type { Change, College } from '../../../src/simulators/college/college.ts';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import { VirtualClock } from '../../../src/simulators/virtual-clock.ts';
import { type FlatRecord, readRecords } from '../../simulators/canvas/read-formats.ts';
import { type DapClient, officialClient } from './client.ts';
import { type TextRow, tableRows, truthRows } from './postgres-rows.ts';
import { shifted } from './shifted-college.ts';

const DAY = 86_400_000;
const NAMESPACES = ['canvas', 'canvas_logs', 'new_quizzes', 'catalog'] as const;

/** Tables with nested, long, decimal and missing values, and the one that brings keys twice. */
const TABLES = [
  { namespace: 'canvas', table: 'pseudonyms' },
  { namespace: 'canvas', table: 'submissions' },
  { namespace: 'canvas_logs', table: 'web_logs' },
] as const;

let directory: string;
let college: College;
let simulator: CanvasSimulator;
let postgres: PostgresServer;
let client: DapClient;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'dap-conformance-'));
  const made = generateCollege({ students: 25, seed: 7 });
  // Today falls into the seventh week of a term, when most is going on.
  const shift = Math.floor((Date.now() - currentTermWeek(7)) / DAY) * DAY;
  college = shifted(made, shift);
  const clock = new VirtualClock(Date.now());
  simulator = await startCanvasSimulator({ college, clock, rowsPerFile: 400 });
  postgres = await startPostgres({ directory: path.join(directory, 'postgres'), settings: { fsync: 'off' } });
  client = await officialClient(simulator, postgres.url.replace(/^postgres:/, 'postgresql:'));
}, 600_000);

afterAll(async () => {
  await postgres?.stop();
  await simulator?.stop();
  if (directory) await rm(directory, { recursive: true, force: true });
});

describe('the official client', () => {
  test('lists the tables of every namespace', async () => {
    for (const namespace of NAMESPACES) {
      const { out } = await client.dap('list', '--namespace', namespace);
      expect(out.split('\n').filter((line) => /^[a-z_]+$/.test(line))).toEqual(tablesOf(namespace));
    }
  });

  test('reads the schema of every table', async () => {
    for (const namespace of NAMESPACES) {
      const folder = path.join(directory, 'schemas', namespace);
      await client.dap('schema', '--namespace', namespace, '--table', 'all', '--output-directory', folder);
      const files = await readdir(folder);
      expect(files.sort()).toEqual(
        tablesOf(namespace)
          .map((table) => `${table}_schema_version_1.json`)
          .sort(),
      );
    }
  });

  describe.each(['jsonl', 'csv', 'tsv', 'parquet'] as const)('in %s', (format) => {
    test.each(TABLES)('downloads a snapshot of $namespace $table', async ({ namespace, table }) => {
      const folder = path.join(directory, 'snapshots', format, table);
      const words = ['--namespace', namespace, '--table', table, '--format', format];

      await client.dap('snapshot', ...words, '--output-directory', folder);

      const records = await readFolder(folder, format);
      const keys = records.map((r) => r['key.id']);
      const wanted = simulator.truth(namespace, table).map((row) => String(row.id));
      expect([...new Set(keys)].sort()).toEqual(wanted.sort());
      expect(records.every((r) => r['meta.action'] === undefined)).toBe(true);
    });

    test.each(TABLES)('downloads an increment of $namespace $table', async ({ namespace, table }) => {
      const folder = path.join(directory, 'increments', format, table);
      const since = new Date(simulator.clock.now() - 25 * DAY).toISOString();
      const words = ['--namespace', namespace, '--table', table, '--format', format, '--since', since];

      await client.dap('incremental', ...words, '--output-directory', folder);

      const records = await readFolder(folder, format);
      const newest = new Map(changesSince(namespace, table, since).map((c) => [String(c.row.id), c.op]));
      const got = new Map(records.map((r) => [r['key.id'], r['meta.action']]));
      expect(newest.size).toBeGreaterThan(0);
      expect(got).toEqual(newest);
    });
  });

  describe('keeps a PostgreSQL equal to the source', () => {
    let database: pg.Client;
    beforeAll(async () => {
      database = new pg.Client({ connectionString: postgres.url });
      await database.connect();
    });
    afterAll(() => database.end());

    test('from the first load on', async () => {
      await replicate('initdb');
      await compareAll(database);
    }, 900_000);

    test.each([
      ['a day and an hour', DAY + 3_600_000],
      ['nine days', 9 * DAY],
    ])(
      'after %s',
      async (_, wait) => {
        simulator.clock.advance(wait);
        await replicate('syncdb');
        await compareAll(database);
      },
      900_000,
    );
  });
});

/** Tables with data, and some without. The client compares every table with every other, so all would take long. */
function replicated(namespace: string): string[] {
  const filled = college.canvas.tables.filter((t) => t.namespace === namespace).map((t) => t.name);
  return namespace === 'canvas'
    ? [...filled, 'rubric_assessments', 'lti_line_items', 'developer_keys']
    : filled;
}

async function replicate(command: 'initdb' | 'syncdb'): Promise<void> {
  for (const namespace of NAMESPACES) {
    await client.dap(command, '--namespace', namespace, '--table', replicated(namespace).join(','));
  }
}

async function compareAll(database: pg.Client): Promise<void> {
  for (const namespace of NAMESPACES) {
    for (const table of replicated(namespace)) {
      const found = await tableRows(database, namespace, table);
      const wanted = truthRows(simulator.truth(namespace, table), found.instants);
      expect(inOrder(found.rows), `${namespace}.${table}`).toEqual(inOrder(wanted));
    }
  }
}

function inOrder(rows: readonly TextRow[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

function tablesOf(namespace: string): string[] {
  return simulator.tables(namespace);
}

/** The newest change of every key from `since` on, in the simulator's own reading of the range. */
function changesSince(namespace: string, table: string, since: string): Change[] {
  const shape = college.canvas.tables.find((t) => t.namespace === namespace && t.name === table);
  if (!shape) return [];
  const changes = college.canvas.changes(shape, Date.parse(since) - 1, simulator.clock.now() - 1);
  return [...new Map([...changes].map((c) => [c.row.id, c])).values()];
}

async function readFolder(folder: string, format: Format): Promise<FlatRecord[]> {
  const jobs = await readdir(folder);
  const files = await Promise.all(
    jobs.map(async (job) =>
      (await readdir(path.join(folder, job))).map((name) => path.join(folder, job, name)),
    ),
  );
  const read = files.flat().map(async (file) => readRecords(format, await readFile(file)));
  return (await Promise.all(read)).flat();
}
