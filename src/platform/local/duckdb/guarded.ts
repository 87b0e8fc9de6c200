import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableView } from '../../../ports/access.ts';
import type { TableSet } from '../../../ports/tables.ts';
import { checkStatement } from '../../../sql/check-statement.ts';
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

/** The tables of a statement: those that may be named, and how the rows of each are read where not all of them are. */
export interface Readable {
  readonly tables: TableSet;
  /** See `Grant.views`. */
  readonly views?: Readonly<Record<string, TableView>>;
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
  { tables, views }: Readable,
  { writes, isOwn = false }: { readonly writes?: string; readonly isOwn?: boolean } = {},
): Promise<Guarded> {
  const sql = await toDuckDb(statement, tables);
  const named = statement.tables.map(({ name }) => name);
  const restricted =
    views === undefined ? [] : await Promise.all(named.map((name) => throughView(name, views)));
  const whole: TableSet =
    views === undefined
      ? Object.fromEntries(named.map((name) => [name, tables[name]!]))
      : Object.assign({}, ...restricted.map(({ reads }) => reads));
  const versions = Object.values(whole);
  const explain = async (error: unknown): Promise<Error> =>
    (await damagedTable(pool.root, versions, error)) ?? explainSqlError(error, statement, tables);
  const needs = {
    schemas: [...named, ...Object.keys(whole)].map((name) => name.split('.')[0]!),
    reads: isOwn ? ('lake' as const) : pathsOf(pool.root, versions.flatMap(filesOf)),
    writes,
  };
  const { connection, close } = await pool.session(needs).catch((error: unknown) => {
    throw cannotOpen(error);
  });
  try {
    const shown = [
      ...Object.entries(whole).map(([name, version]) => [name, versionSelect(pool.root, version)] as const),
      ...restricted.map(({ name, select }) => [name, select] as const),
    ];
    const made = [
      macrosFor([sql, ...restricted.map(({ select }) => select)].join('\n')),
      ...shown.map(([name, select]) => {
        const [schema, table] = name.split('.') as [string, string];
        return `CREATE VIEW ${ident(schema)}.${ident(table)} AS ${select};`;
      }),
    ].join('\n');
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

/** A table that is read through a view of whole ones. A table without one is not read at all. */
async function throughView(name: string, views: NonNullable<Readable['views']>) {
  const view = Object.hasOwn(views, name) ? views[name] : undefined;
  if (!view) throw new TypeError(`${name} is granted, and there is no view of it`);
  const select = await toDuckDb(await checkSelect(view), view.reads);
  return { name, select, reads: view.reads };
}

async function checkSelect({ select, reads }: TableView): Promise<ParsedStatement> {
  const statement = await checkStatement(select, reads);
  if (statement.kind !== 'select') throw new TypeError('A view is a SELECT.');
  return statement;
}
