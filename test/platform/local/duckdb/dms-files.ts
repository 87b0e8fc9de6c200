import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** One row of a change file: its operation, its place among all changes, and what the log has of it. */
export interface ChangeRow {
  readonly op: 'I' | 'U' | 'D';
  readonly sequence: number;
  readonly id: number;
  /** Undefined: the log has no more than the key, as of a delete in PostgreSQL. */
  readonly name?: string | undefined;
}

/** Writes Parquet files as DMS does into S3: those of a full load without an operation, change files with one. */
export interface DmsFiles {
  load(path: string, rows: readonly { id: number; name: string }[]): Promise<string>;
  changes(path: string, rows: readonly ChangeRow[]): Promise<string>;
  close(): void;
}

export async function openDmsFiles(): Promise<DmsFiles> {
  const database = await DuckDBInstance.create();
  const connection = await database.connect();
  const columns = `CAST(id AS BIGINT) AS id, CAST(name AS VARCHAR) AS "NAME"`;
  async function write(path: string, list: string, names: string, rows: readonly string[]): Promise<string> {
    await mkdir(dirname(path), { recursive: true });
    const from =
      rows.length > 0
        ? `(VALUES ${rows.join(', ')}) AS t(${names})`
        : `(SELECT ${names} FROM (SELECT ${names
            .split(', ')
            .map((name) => `NULL AS ${name}`)
            .join(', ')}) WHERE false)`;
    await connection.run(`COPY (SELECT ${list} FROM ${from}) TO '${path}' (FORMAT parquet)`);
    return path;
  }
  return {
    load: (path, rows) =>
      write(
        path,
        `'2026-11-22 02:30:00.000000' AS dms_commit_time, ${columns}, '' AS dms_change_seq`,
        'id, name',
        rows.map(({ id, name }) => `(${id}, ${literal(name)})`),
      ),
    changes: (path, rows) =>
      write(
        path,
        `op AS "Op", '2026-11-22 03:00:00.000000' AS dms_commit_time, ${columns}, seq AS dms_change_seq`,
        'op, id, name, seq',
        rows.map(
          ({ op, id, name, sequence }) => `('${op}', ${id}, ${literal(name)}, '${sequenceOf(sequence)}')`,
        ),
      ),
    close() {
      connection.closeSync();
      database.closeSync();
    },
  };
}

/** As `$AR_H_CHANGE_SEQ` reads: sixteen digits of an instant, nineteen of a counter. */
export const sequenceOf = (place: number): string => `2026112203000000${String(place).padStart(19, '0')}`;

const literal = (text: string | undefined): string =>
  text === undefined ? 'NULL' : `'${text.replaceAll("'", "''")}'`;
