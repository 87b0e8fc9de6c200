import type { Dialect } from '@polyglot-sql/sdk';
import type { TableColumn, TableSet } from '../../../ports/tables.ts';
import { TRINO_MACROS } from '../../../sql/duckdb/macros.ts';
import { toDuckDb } from '../../../sql/duckdb/to-duckdb.ts';
import { SqlError } from '../../../sql/errors.ts';
import type { ParsedStatement } from '../../../sql/parse.ts';
import { polyglot } from '../../../sql/polyglot.ts';
import { ident } from './sql-text.ts';
import { duckType } from './types.ts';
import { versionSelect } from './version-sql.ts';

/** What lets a DuckDB that is not the lake's own build the lake's models from the lake's files. */

/**
 * A model's SELECT in DuckDB's SQL, laid out for people, its columns cast to the types of the lake's table. Needs
 * `stockSetUp` and, as the lake itself, a session in UTC: a time with a zone becomes the wall clock of that one.
 * @param reads the tables that it names, for their columns
 */
export async function stockSelect(
  statement: ParsedStatement,
  columns: readonly TableColumn[],
  reads: TableSet,
): Promise<string> {
  const { format } = await polyglot();
  const formatted = format(await toDuckDb(statement, reads), 'duckdb' as Dialect);
  const text = formatted.sql?.[0];
  if (!formatted.success || text === undefined) {
    throw new SqlError("The SQL cannot be laid out in DuckDB's words.", { cause: formatted.error });
  }
  // The header's comments would follow one another on the first line; they stand in the model's description.
  const body = text.replace(/^(\/\*[\s\S]*?\*\/\s*)+/, '');
  const list = columns.map(
    ({ name, type }) => `  CAST(${ident(name)} AS ${duckType(type)}) AS ${ident(name)}`,
  );
  return `SELECT\n${list.join(',\n')}\nFROM (\n${body}\n) AS model`;
}

/** The functions by which translated SQL means what Athena means, and a word against a session in another zone. */
export function stockSetUp(): string {
  const macros = TRINO_MACROS.map((text) => `CREATE OR REPLACE MACRO ${text};`);
  return [
    `SELECT CASE WHEN current_setting('TimeZone') <> 'UTC'
  THEN error('The session must be in UTC: put "settings: { TimeZone: UTC }" into the profile.') END;`,
    ...macros,
  ].join('\n');
}

/** The tables as views over the files of their versions. */
export function stockViews(root: string, tables: TableSet): string {
  const schemas = new Set(Object.keys(tables).map((name) => name.split('.')[0]!));
  const views = Object.entries(tables).map(([table, version]) => {
    const [schema, name] = table.split('.') as [string, string];
    return `CREATE OR REPLACE VIEW ${ident(schema)}.${ident(name)} AS ${versionSelect(root, version)};`;
  });
  return [...[...schemas].map((schema) => `CREATE SCHEMA IF NOT EXISTS ${ident(schema)};`), ...views].join(
    '\n',
  );
}
