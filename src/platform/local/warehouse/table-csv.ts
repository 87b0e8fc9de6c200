import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableColumn, TableVersion } from '../../../ports/tables.ts';
import type { TableNotes } from '../../../ports/warehouse.ts';
import { defaultThreads, openDatabase, type SessionOptions, scratchFolder } from '../duckdb/session.ts';
import { ident, idents, text } from '../duckdb/sql-text.ts';
import { versionSelect } from '../duckdb/version-sql.ts';
import { makeFolder } from '../files/durable.ts';
import type { RowFacts } from './structure.ts';

export interface TableCsv {
  /** A file as PostgreSQL's `COPY … (FORMAT csv)` reads it, without a header. Gone after `remove`. */
  readonly path: string;
  remove(): Promise<void>;
}

/** Writes the rows of tables as CSV; several tables can be written side by side. */
export interface CsvWriter {
  /** @param only some of the columns. Default: all */
  write(table: TableVersion, only?: readonly TableColumn[]): Promise<TableCsv>;
  /** @param notes whose key and filled columns are looked at */
  facts(
    table: TableVersion,
    notes: Pick<TableNotes, 'key' | 'filled'>,
  ): Promise<{ readonly facts: RowFacts; readonly content: string }>;
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
  const connected = async <T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> => {
    const connection = await database.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  };
  return {
    facts: (table, notes) =>
      connected((connection) => factsOf(connection, versionSelect(session.root, table), table, notes)),
    async write(table, only = table.columns) {
      const folder = scratchFolder(session.root);
      await makeFolder(folder);
      const file = path.join(folder, `${process.pid}-${randomUUID()}.csv`);
      const remove = () => rm(file, { force: true });
      const quoted = only.filter(({ type }) => type === 'varchar' || type === 'varbinary');
      const quote = quoted.length > 0 ? `, FORCE_QUOTE (${idents(quoted.map((c) => c.name))})` : '';
      try {
        await connected((connection) =>
          connection.run(
            `COPY (SELECT ${only.map(csvColumn).join(', ')} FROM (${versionSelect(session.root, table)}))
               TO ${text(file)} (FORMAT csv, HEADER false${quote})`,
          ),
        );
        return { path: file, remove };
      } catch (error) {
        await remove();
        throw error;
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
): Promise<{ facts: RowFacts; content: string }> {
  const texts = columns.flatMap(({ name, type }) => (type === 'varchar' ? [name] : []));
  const asked = [...new Set([...filled, ...key])];
  const isTwice = `SELECT 1 FROM (${rows}) GROUP BY ${idents(key)} HAVING count(*) > 1 LIMIT 1`;
  const [found] = await connection
    .runAndReadAll(
      `SELECT [${texts.map((name) => `coalesce(max(length(${ident(name)})), 0)`).join(', ')}]::INTEGER[],
              [${asked.map((name) => `count(*) > count(${ident(name)})`).join(', ')}]::BOOLEAN[],
              ${key.length === 0 ? 'false' : `NOT EXISTS (${isTwice})`}, ${contentSums(columns)}
         FROM (${rows})`,
    )
    .then((reader) => reader.getRowsJS() as [number[], boolean[], boolean, string][]);
  const [longest, isEmpty, isUnique, sums] = found!;
  const withNulls = asked.filter((_, i) => isEmpty[i]);
  return {
    facts: {
      longest: Object.fromEntries(texts.map((name, i) => [name, longest[i]!])),
      withNulls,
      keyHolds: isUnique && !key.some((name) => withNulls.includes(name)),
    },
    content: `${sums} ${JSON.stringify([columns, key, filled])}`,
  };
}

/** Two sums over the rows, in any order: of two sets of rows that differ, one in 2^64 or less has the same. */
function contentSums(columns: TableVersion['columns']): string {
  const values = idents(columns.map(({ name }) => name));
  return `concat_ws(' ', count(*), sum(hash(${values})::HUGEINT), sum(hash('again', ${values})::HUGEINT))`;
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
