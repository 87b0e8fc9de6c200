import type { DuckDBConnection } from '@duckdb/node-api';
import type { ParsedStatement } from '../../../models/parse-select.ts';
import type { TableSet } from '../../ports.ts';
import { lockDown, openConnection, openDatabase, type SessionOptions } from './session.ts';
import { macrosFor } from './sql/macros.ts';
import { explainSqlError } from './sql/sql-error.ts';
import { toDuckDb } from './sql/translate.ts';
import { ident } from './sql-text.ts';
import { versionSelect } from './version-sql.ts';

/** A statement of a person, ready to run: translated, its tables in view, and the door behind it closed. */
export interface Guarded {
  readonly statement: ParsedStatement;
  /** The statement in DuckDB's SQL. */
  readonly sql: string;
  readonly connection: DuckDBConnection;
  /** An error of DuckDB as one about the text that was written. */
  explain(error: unknown): Error;
  close(): void;
}

/**
 * Opens a database of its own for one statement of a person. It sees views of the tables that the statement names,
 * can read no file outside of the lake, change no setting, and write nothing that outlives it.
 */
export async function openGuarded(
  options: SessionOptions,
  statement: ParsedStatement,
  tables: TableSet,
): Promise<Guarded> {
  const sql = await toDuckDb(statement);
  const database = await openDatabase(options);
  try {
    const connection = await openConnection(database);
    await connection.run('SET integer_division = true; SET preserve_insertion_order = true;');
    // Only now: what `/` means in a macro is decided when its text is parsed.
    const macros = macrosFor(sql);
    if (macros !== '') await connection.run(macros);
    const schemas = new Set(statement.tables.map(({ name }) => name.split('.')[0]!));
    for (const schema of schemas) await connection.run(`CREATE SCHEMA IF NOT EXISTS ${ident(schema)}`);
    for (const { name } of statement.tables) {
      const [schema, table] = name.split('.') as [string, string];
      const select = versionSelect(options.root, tables[name]!);
      await connection.run(`CREATE VIEW ${ident(schema)}.${ident(table)} AS ${select}`);
    }
    await connection.run('SET errors_as_json = true');
    await lockDown(connection, options.root);
    return {
      statement,
      sql,
      connection,
      explain: (error) => explainSqlError(error, statement, tables),
      close: () => {
        connection.closeSync();
        database.closeSync();
      },
    };
  } catch (error) {
    database.closeSync();
    throw error;
  }
}
