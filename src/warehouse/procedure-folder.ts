import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TableSet } from '../ports/tables.ts';
import { type ProcedureFile, parseProcedureFile } from './procedure-file.ts';

/** The stored procedures that come with the lake. */
export const PROCEDURES = path.resolve(import.meta.dirname, '../../warehouse/procedures');

/** Every procedure of a folder, in the order of file names. @throws ProcedureFileError */
export async function readProcedures(folder: string): Promise<ProcedureFile[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (name) => parseProcedureFile(name, await readFile(path.join(folder, name), 'utf8'))),
  );
}

/** The procedures whose tables are all there, and a remark for each of the others that is not optional. */
export function callable(
  procedures: readonly ProcedureFile[],
  tables: TableSet,
): { ready: ProcedureFile[]; remarks: string[] } {
  const ready: ProcedureFile[] = [];
  const remarks: string[] = [];
  for (const procedure of procedures) {
    if (procedure.optional && Object.keys(procedure.reads).some((table) => !tables[table])) continue;
    const missing = missingFor(procedure, tables);
    if (missing) remarks.push(`${procedure.name} was not called: ${missing}`);
    else ready.push(procedure);
  }
  return { ready, remarks };
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
