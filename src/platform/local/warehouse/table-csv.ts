import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableVersion } from '../../ports/tables.ts';
import type { TableNotes } from '../../ports/warehouse.ts';
import { defaultThreads, openDatabase, type SessionOptions, scratchFolder } from '../duckdb/session.ts';
import { ident, idents, text } from '../duckdb/sql-text.ts';
import { versionSelect } from '../duckdb/version-sql.ts';
import { makeFolder } from '../files/durable.ts';
import type { RowFacts } from './structure.ts';

export interface TableCsv {
  /** A file as PostgreSQL's `COPY … (FORMAT csv)` reads it, without a header. Gone after `remove`. */
  readonly path: string;
  readonly facts: RowFacts;
  remove(): Promise<void>;
}

/** Writes the rows of tables as CSV; several tables can be written side by side. */
export interface CsvWriter {
  /** @param notes whose key and filled columns are looked at */
  write(table: TableVersion, notes: Pick<TableNotes, 'key' | 'filled'>): Promise<TableCsv>;
  close(): void;
}

/**
 * Opens a writer over the lake's folder. DuckDB writes a file that PostgreSQL reads: no row passes through
 * JavaScript, which would take several times as long.
 */
export async function openCsvWriter(root: string): Promise<CsvWriter> {
  const session: SessionOptions = {
    root: path.resolve(root),
    memoryMegabytes: 400,
    threads: defaultThreads(),
  };
  const database = await openDatabase(session);
  return {
    async write(table, notes) {
      const folder = scratchFolder(session.root);
      await makeFolder(folder);
      const file = path.join(folder, `${process.pid}-${randomUUID()}.csv`);
      const remove = () => rm(file, { force: true });
      const quoted = table.columns.filter(({ type }) => type === 'varchar' || type === 'varbinary');
      const quote = quoted.length > 0 ? `, FORCE_QUOTE (${idents(quoted.map((c) => c.name))})` : '';
      const connection = await database.connect();
      try {
        await connection.run(
          `COPY (SELECT ${table.columns.map(csvColumn).join(', ')} FROM (${versionSelect(session.root, table)}))
             TO ${text(file)} (FORMAT csv, HEADER false${quote})`,
        );
        return {
          path: file,
          facts: await factsOf(connection, versionSelect(session.root, table), table, notes),
          remove,
        };
      } catch (error) {
        await remove();
        throw error;
      } finally {
        connection.closeSync();
      }
    },
    close() {
      database.closeSync();
    },
  };
}

async function factsOf(
  connection: DuckDBConnection,
  rows: string,
  { columns }: TableVersion,
  { key, filled }: Pick<TableNotes, 'key' | 'filled'>,
): Promise<RowFacts> {
  const texts = columns.flatMap(({ name, type }) => (type === 'varchar' ? [name] : []));
  const asked = [...new Set([...filled, ...key])];
  const isTwice = `SELECT 1 FROM (${rows}) GROUP BY ${idents(key)} HAVING count(*) > 1 LIMIT 1`;
  const [found] = await connection
    .runAndReadAll(
      `SELECT [${texts.map((name) => `coalesce(max(length(${ident(name)})), 0)`).join(', ')}]::INTEGER[],
              [${asked.map((name) => `count(*) > count(${ident(name)})`).join(', ')}]::BOOLEAN[],
              ${key.length === 0 ? 'false' : `NOT EXISTS (${isTwice})`}, count(*)
         FROM (${rows})`,
    )
    .then((reader) => reader.getRowsJS() as [number[], boolean[], boolean][]);
  const [longest, isEmpty, isUnique] = found!;
  const withNulls = asked.filter((_, i) => isEmpty[i]);
  return {
    longest: Object.fromEntries(texts.map((name, i) => [name, longest[i]!])),
    withNulls,
    keyHolds: isUnique && !key.some((name) => withNulls.includes(name)),
  };
}

/**
 * Text is quoted and null is not: so COPY tells an empty text from null. A NUL character, which PostgreSQL keeps in
 * no text, becomes U+FFFD, the mark for what cannot be shown.
 */
function csvColumn({ name, type }: TableVersion['columns'][number]): string {
  const column = ident(name);
  if (type === 'varchar') return `replace(${column}, chr(0), chr(65533)) AS ${column}`;
  if (type === 'varbinary') return `'\\x' || hex(${column}) AS ${column}`;
  return column;
}
