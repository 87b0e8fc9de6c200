import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { escapeIdentifier } from 'pg';
import copyStreams from 'pg-copy-streams';
import type { ColumnShape, Row, TableShape } from '../college/college.ts';
import { nameList, tableName } from './ddl.ts';
import type { FoldedChanges } from './fold.ts';
import { cellJson, copyText } from './values.ts';

const CHUNK_CHARACTERS = 1 << 18;
const ROWS_A_STATEMENT = 5_000;

/** Loads rows into an empty table by COPY. */
export async function copyRows(client: pg.Client, table: TableShape, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const names = table.columns.map((column) => column.name);
  const into = client.query(copyStreams.from(`COPY ${tableName(table)} (${nameList(names)}) FROM STDIN`));
  await pipeline(Readable.from(copyChunks(table.columns, rows)), into);
}

function* copyChunks(columns: readonly ColumnShape[], rows: readonly Row[]): Iterable<Buffer> {
  let text = '';
  for (const row of rows) {
    text += `${columns.map((column) => copyText(row[column.name], column.type)).join('\t')}\n`;
    if (text.length > CHUNK_CHARACTERS) {
      yield Buffer.from(text);
      text = '';
    }
  }
  yield Buffer.from(text);
}

/** Inserts, updates and deletes rows within the caller's transaction. */
export async function applyChanges(
  client: pg.Client,
  table: TableShape,
  changes: FoldedChanges,
): Promise<void> {
  const remove = deleteStatement(table);
  for (const rows of batches(changes.deletes)) await client.query(remove, [recordset(table, rows)]);
  const upsert = upsertStatement(table);
  for (const rows of batches(changes.upserts)) await client.query(upsert, [recordset(table, rows)]);
}

function deleteStatement(table: TableShape): string {
  const match = table.key.map((name) => `t.${escapeIdentifier(name)} = gone.${escapeIdentifier(name)}`);
  return `DELETE FROM ${tableName(table)} t USING ${populated(table)} gone WHERE ${match.join(' AND ')}`;
}

function upsertStatement(table: TableShape): string {
  const insert = `INSERT INTO ${tableName(table)} SELECT * FROM ${populated(table)}`;
  if (table.key.length === 0) return insert;
  const rest = table.columns.map((column) => column.name).filter((name) => !table.key.includes(name));
  const update = rest.map((name) => `${escapeIdentifier(name)} = excluded.${escapeIdentifier(name)}`);
  const action = update.length > 0 ? `UPDATE SET ${update.join(', ')}` : 'NOTHING';
  return `${insert} ON CONFLICT (${nameList(table.key)}) DO ${action}`;
}

const populated = (table: TableShape) => `jsonb_populate_recordset(NULL::${tableName(table)}, $1::jsonb)`;

function recordset(table: TableShape, rows: readonly Row[]): string {
  return JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(table.columns.map((column) => [column.name, cellJson(row[column.name], column)])),
    ),
  );
}

function* batches(rows: readonly Row[]): Iterable<readonly Row[]> {
  for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT) yield rows.slice(at, at + ROWS_A_STATEMENT);
}
