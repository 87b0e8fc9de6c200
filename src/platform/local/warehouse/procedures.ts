import type pg from 'pg';
import { databaseFault } from '../../../database-fault.ts';
import type { TableSet } from '../../../ports/tables.ts';
import { WarehouseLoadError } from '../../../warehouse/errors.ts';
import type { ProcedureFile } from '../../../warehouse/procedure-file.ts';
import { callable } from '../../../warehouse/procedure-folder.ts';
import { MART } from './registry.ts';
import { ident } from './sql.ts';

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
  const { ready, remarks } = callable(procedures, tables);
  const before = await martTables(client);
  for (const procedure of ready) {
    const name = ident(...procedure.name.split('.'));
    try {
      await client.query(procedure.sql);
      await client.query(`REVOKE EXECUTE ON PROCEDURE ${name} FROM PUBLIC`);
      await client.query(`CALL ${name}($1::varchar)`, [publication]);
    } catch (cause) {
      const found = databaseFault(cause);
      throw new WarehouseLoadError(`${procedure.name} (${procedure.file}) failed: ${found}`, {
        about: procedure.name,
        file: procedure.file,
        cause,
      });
    }
  }
  for (const table of await martTables(client)) {
    // A right that somebody has taken away stays taken away.
    if (!before.includes(table))
      await client.query(`GRANT SELECT ON ${ident(MART, table)} TO ${ident(readers)}`);
  }
  return remarks;
}

async function martTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT relname AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = $2',
    [MART, 'r'],
  );
  return rows.map(({ name }) => name);
}
