import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { StagedTableSpec } from '../../src/ports/staging.ts';

export interface RawData {
  readonly rows: number;
  /** Share of the rows that the increment touches. */
  readonly share: number;
  readonly format: 'jsonl' | 'parquet';
}

/** The table of the measurement: like Canvas's submissions, its largest table, in width and kinds of columns. */
export function submissions(format: RawData['format']): StagedTableSpec {
  const value = { section: 'value', treatment: 'keep' } as const;
  const columns = [
    ['assignment_id', 'bigint'],
    ['user_id', 'bigint'],
    ['course_id', 'bigint'],
    ['workflow_state', 'varchar'],
    ['submitted_at', 'timestamp'],
    ['graded_at', 'timestamp'],
    ['score', 'double'],
    ['grade', 'varchar'],
    ['excused', 'boolean'],
    ['attempt', 'integer'],
    ['points_deducted', 'decimal(6,2)'],
    ['updated_at', 'timestamp'],
  ] as const;
  return {
    table: 'canvas.submissions',
    columns: [
      { name: 'id', source: 'id', type: 'bigint', section: 'key', treatment: 'keep' },
      ...columns.map(([name, type]) => ({ name, source: name, type, ...value })),
    ],
    key: ['id'],
    layout: 'dap',
    format,
  };
}

const FILES = 8;

/** Writes a snapshot and increments of it in the layout of DAP, 17-digit ids and all. @returns the files' paths */
export async function writeRawData(
  root: string,
  { rows, share, format }: RawData,
): Promise<{ snapshot: string[]; increment: string[] }> {
  await mkdir(join(root, 'raw'), { recursive: true });
  const database = await DuckDBInstance.create();
  const connection = await database.connect();
  await connection.run(`SET TimeZone = 'UTC'; SET preserve_insertion_order = false`);
  const write = async (name: string, select: string) => {
    const path = join(root, 'raw', `${name}.${format === 'parquet' ? 'parquet' : 'jsonl.gz'}`);
    const how = format === 'parquet' ? 'FORMAT parquet, COMPRESSION snappy' : 'FORMAT json, COMPRESSION gzip';
    await connection.run(`COPY (${select}) TO '${path}' (${how})`);
    return path;
  };
  const perFile = Math.ceil(rows / FILES);
  const snapshot: string[] = [];
  for (let i = 0; i < FILES; i += 1) {
    const range = `range(${i * perFile}, ${Math.min(rows, (i + 1) * perFile)}) t(i)`;
    snapshot.push(await write(`snapshot-${i}`, `SELECT ${record(format, 0)} FROM ${range}`));
  }
  // Of every hundred changes 75 are updates and 5 removals of rows anywhere, 20 are new rows.
  const step = Math.round(0.8 / share);
  const changed = `SELECT ${record(format, 1, `(i // ${step}) % 16 = 0`)} FROM range(0, ${rows}, ${step}) t(i)`;
  const added = `SELECT ${record(format, 1, 'false')} FROM range(${rows}, ${Math.round(rows * (1 + share / 5))}) t(i)`;
  const increment = [await write('increment-0', `${changed} UNION ALL ${added}`)];
  connection.closeSync();
  database.closeSync();
  return { snapshot, increment };
}

/** @param removed SQL that says whether the record is a removal; without it there is no action, as in a snapshot */
function record(format: RawData['format'], day: number, removed?: string): string {
  const instant = (expression: string) =>
    format === 'parquet'
      ? `(TIMESTAMPTZ '2026-09-01' + ${expression})`
      : `strftime(TIMESTAMP '2026-09-01' + ${expression}, '%Y-%m-%dT%H:%M:%S.%fZ')`;
  const updated = `INTERVAL (${day} * 86400 + i % 86400) SECOND`;
  const value = `{
    assignment_id: 21070000000000000 + i % 50000, user_id: 21070000000000000 + hash(i)::UBIGINT % 200000,
    course_id: 21070000000000000 + i % 3000, workflow_state: CASE i % 3 WHEN 0 THEN 'graded' WHEN 1 THEN 'submitted' ELSE 'unsubmitted' END,
    submitted_at: ${instant(`INTERVAL (i % 5000000) SECOND`)}, graded_at: CASE WHEN i % 3 = 0 THEN ${instant(`INTERVAL (i % 5000000 + 3600) SECOND`)} END,
    score: CASE WHEN i % 3 = 0 THEN (i % 1000) / 10.0::DOUBLE END, grade: CASE WHEN i % 3 = 0 THEN ((i % 1000) / 10.0::DOUBLE)::VARCHAR END,
    excused: CASE WHEN i % 97 = 0 THEN true END, attempt: 1 + i % 3, points_deducted: CASE WHEN i % 11 = 0 THEN 1.5 END,
    updated_at: ${instant(updated)}}`;
  const meta = `ts: ${instant(updated)}`;
  if (removed === undefined)
    return `{${meta}} AS meta, {id: 21070000000000000 + i} AS key, ${value} AS value`;
  return `{${meta}, "action": CASE WHEN ${removed} THEN 'D' ELSE 'U' END} AS meta, {id: 21070000000000000 + i} AS key,
    CASE WHEN ${removed} THEN NULL ELSE ${value} END AS value`;
}
