import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableSet } from '../../../ports/tables.ts';
import { macrosFor } from '../../../sql/duckdb/macros.ts';
import { toDuckDb } from '../../../sql/duckdb/to-duckdb.ts';
import type { ParsedStatement } from '../../../sql/parse.ts';
import { damagedTable } from './damaged-table.ts';
import { cannotOpen } from './errors.ts';
import { pathsOf } from './files.ts';
import type { ReadOnlyPool } from './read-only-pool.ts';
import { explainSqlError } from './sql/sql-error.ts';
import { ident } from './sql-text.ts';
import { filesOf } from './storage.ts';
import { versionSelect } from './version-sql.ts';

/** A statement of a person, ready to run: translated, its tables in view, and the door behind it closed. */
export interface Guarded {
  readonly statement: ParsedStatement;
  /** The statement in DuckDB's SQL. */
  readonly sql: string;
  readonly connection: DuckDBConnection;
  /** An error of DuckDB as one about a damaged table, or about the text that was written. */
  explain(error: unknown): Promise<Error>;
  close(): Promise<void>;
}

/**
 * Opens a session for one statement of a person. It sees views of the tables that the statement names and can read the
 * files of their versions, no other, whatever its text says; it can change no setting, and write nothing that outlives
 * it but one file.
 * @param writes the path of that file. Default: none
 * @param isOwn see `QueryOptions.isOwn`
 */
export async function openGuarded(
  pool: ReadOnlyPool,
  statement: ParsedStatement,
  tables: TableSet,
  { writes, isOwn = false }: { readonly writes?: string; readonly isOwn?: boolean } = {},
): Promise<Guarded> {
  const sql = await toDuckDb(statement, tables);
  const versions = statement.tables.map(({ name }) => tables[name]!);
  const explain = async (error: unknown): Promise<Error> =>
    (await damagedTable(pool.root, versions, error)) ?? explainSqlError(error, statement, tables);
  const needs = {
    schemas: statement.tables.map(({ name }) => name.split('.')[0]!),
    reads: isOwn ? ('lake' as const) : pathsOf(pool.root, versions.flatMap(filesOf)),
    writes,
  };
  const { connection, close } = await pool.session(needs).catch((error: unknown) => {
    throw cannotOpen(error);
  });
  try {
    const views = statement.tables.map(({ name }) => {
      const [schema, table] = name.split('.') as [string, string];
      return `CREATE VIEW ${ident(schema)}.${ident(table)} AS ${versionSelect(pool.root, tables[name]!)};`;
    });
    const made = [macrosFor(sql), ...views].join('\n');
    if (made !== '') {
      await connection.run(made).catch(async (error: unknown) => {
        throw await explain(error);
      });
    }
    return { statement, sql, connection, explain, close };
  } catch (error) {
    await close();
    throw error;
  }
}
