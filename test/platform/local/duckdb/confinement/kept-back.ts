import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { DuckDBConnection } from '@duckdb/node-api';
import { pathsOf } from '../../../../../src/platform/local/duckdb/files.ts';
import { ReadOnlyPool } from '../../../../../src/platform/local/duckdb/read-only-pool.ts';
import { filesOf } from '../../../../../src/platform/local/duckdb/storage.ts';
import type { TableSet } from '../../../../../src/ports/tables.ts';
import { openTestLake, type TestLake } from '../lake-folder.ts';

/** Stands in every file that no statement may read, and in no other. */
const KEPT_BACK = 'kept-back-4711';
/** A file that lies next to those, named by nobody: whoever lists the folder finds it. */
const NEIGHBOUR = 'unnamed-neighbour.csv';

/** A lake in which one table is published, and files lie around it that nobody may read. */
export interface GuardedLake {
  readonly lake: TestLake;
  /** What may be asked: `campus.students`. */
  readonly tables: TableSet;
  /** Files that may not be read, by path: raw deliveries, a version that is not published, sums, other files. */
  readonly closed: readonly string[];
  /** Runs a text as DuckDB's SQL in the session of a statement over `campus.students`, past every check of the text. */
  confined(text: string): Promise<Outcome>;
  /** The same in a session that may read the closed files, too: there the attempts have to succeed. */
  unconfined(text: string): Promise<Outcome>;
  /** Asks as a person does. */
  asked(text: string): Promise<Outcome>;
  /** What lies in the lake's folder, the drafts apart. */
  files(): Promise<string[]>;
  close(): Promise<void>;
}

export type Outcome = 'refused' | 'nothing read' | 'LEAK';

export async function openGuardedLake(): Promise<GuardedLake> {
  const lake = await openTestLake();
  const { engine, root } = lake;
  const rows = (text: string) => [[1, text, '{"a":1}']];
  const columns = [
    { name: 'id', type: 'bigint' },
    { name: 'name', type: 'varchar' },
    { name: 'note', type: 'varchar' },
  ] as const;
  const students = await engine.literalTable('campus.students', columns, rows('Ada'), 'v1');
  const hidden = await engine.literalTable('campus.hidden', columns, rows(KEPT_BACK), 'v1');
  const other = await engine.literalTable('campus.students', columns, rows(KEPT_BACK), 'v2');
  const put = async (key: string, bytes: Uint8Array | string) => {
    const path = join(root, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    return path;
  };
  const line = `${JSON.stringify({ id: 1, body: KEPT_BACK })}\n`;
  const closed = [
    ...pathsOf(root, [...filesOf(hidden), ...filesOf(other)]),
    await put('raw/canvas/messages/part-0.jsonl.gz', gzipSync(line)),
    await put('raw/canvas/messages/part-1.json', line),
    await put('notes.csv', `id,body\n1,${KEPT_BACK}\n`),
    await put('x.csv', `id,body\n1,${KEPT_BACK}\n`),
  ];
  await put(`raw/canvas/messages/${NEIGHBOUR}`, `id\n${KEPT_BACK}\n`);
  await put(NEIGHBOUR, `id\n${KEPT_BACK}\n`);
  const pool = new ReadOnlyPool({ root, memoryMegabytes: 200, threads: 1 });
  const reads = pathsOf(root, filesOf(students));
  const judged = (found: unknown): Outcome => {
    const text = JSON.stringify(found, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    return text.includes(KEPT_BACK) || text.includes(NEIGHBOUR) ? 'LEAK' : 'nothing read';
  };
  const within = async (files: readonly string[], text: string): Promise<Outcome> => {
    const session = await pool.session({ schemas: ['campus'], reads: files });
    try {
      await session.connection.run(
        `CREATE VIEW campus.students AS SELECT * FROM read_parquet('${reads[0]}')`,
      );
      return judged(await statementsOf(session.connection, text));
    } catch (error) {
      return judged(String(error)) === 'LEAK' ? 'LEAK' : 'refused';
    } finally {
      await session.close();
    }
  };
  return {
    lake,
    tables: { 'campus.students': students },
    closed,
    confined: (text) => within(reads, text),
    unconfined: (text) => within([...reads, ...closed], text),
    async asked(text) {
      try {
        return judged(await lake.rows(text, { 'campus.students': students }));
      } catch (error) {
        const told = error instanceof Error ? [error.message, Object(error).hint] : [error];
        return judged(told) === 'LEAK' ? 'LEAK' : 'refused';
      }
    },
    async files() {
      const all = await readdir(root, { recursive: true });
      return all.filter((name) => !name.startsWith('.tmp')).sort();
    },
    async close() {
      await pool.close();
      await lake.close();
    },
  };
}

/** The rows of the last statement of a text; the others are run. */
async function statementsOf(connection: DuckDBConnection, text: string): Promise<unknown> {
  const reader = await connection.runAndReadUntil(text, 1000);
  return [reader.columnNames(), reader.getRowsJson()];
}
