import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { type ProcedureFile, parseProcedureFile } from '../../../warehouse/procedure-file.ts';
import type { TableSet } from '../../ports.ts';
import { MART } from './database.ts';
import { ident } from './sql.ts';

/** The stored procedures that come with the lake. */
export const PROCEDURES = path.resolve(import.meta.dirname, '../../../../warehouse/procedures');

/** Every procedure of a folder, in the order of file names. @throws ProcedureFileError */
export async function readProcedures(folder: string): Promise<ProcedureFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (name) => parseProcedureFile(name, await readFile(path.join(folder, name), 'utf8'))),
  );
}

/** What a set of tables lacks for a procedure, in words; undefined where it lacks nothing. */
function missingFor(procedure: ProcedureFile, tables: TableSet): string | undefined {
  for (const [table, columns] of Object.entries(procedure.reads)) {
    const found = tables[table];
    if (!found) return `there is no table ${table}`;
    const gone = columns.find((column) => !found.columns.some(({ name }) => name === column));
    if (gone) return `${table} has no column ${gone}`;
  }
  return undefined;
}

/**
 * Deploys the procedures whose tables are there and calls each with the publication, in the caller's transaction.
 * @returns a remark for each one left out
 */
export async function callProcedures(
  client: pg.Client,
  procedures: readonly ProcedureFile[],
  tables: TableSet,
  publication: string,
  readers: string,
): Promise<string[]> {
  const remarks: string[] = [];
  for (const procedure of procedures) {
    const missing = missingFor(procedure, tables);
    if (missing) {
      remarks.push(`${procedure.name} was not called: ${missing}`);
      continue;
    }
    const name = ident(...procedure.name.split('.'));
    try {
      await client.query(procedure.sql);
      await client.query(`REVOKE EXECUTE ON PROCEDURE ${name} FROM PUBLIC`);
      await client.query(`CALL ${name}($1::varchar)`, [publication]);
    } catch (cause) {
      throw new Error(`${procedure.name} (${procedure.file}) failed: ${(cause as Error).message}`, { cause });
    }
  }
  await client.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${MART} TO ${ident(readers)}`);
  return remarks;
}
