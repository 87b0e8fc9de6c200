import type pg from 'pg';
import { databaseFault } from '../../../database-fault.ts';
import { WarehouseLoadError } from '../../../warehouse/errors.ts';
import type { ProcedureFile } from '../../../warehouse/procedure-file.ts';
import { callable } from '../../../warehouse/procedure-folder.ts';
import type { TableSet } from '../../ports/tables.ts';
import { MART } from './database.ts';
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
  await client.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${MART} TO ${ident(readers)}`);
  return remarks;
}
