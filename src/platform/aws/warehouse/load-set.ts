import { WarehouseLoadError } from '../../../warehouse/errors.ts';
import type { ProcedureFile } from '../../../warehouse/procedure-file.ts';
import { callable } from '../../../warehouse/procedure-folder.ts';
import { statementsOf } from '../../../warehouse/statements.ts';
import type { TableSet } from '../../ports/tables.ts';
import type { ListedTable } from '../../ports/warehouse.ts';
import { type DataApi, StatementError } from './data-api.ts';
import { fillTables, inBatches, NEW } from './fill-tables.ts';
import { grantsToKeep } from './keep-grants.ts';
import { listTables } from './lake-tables.ts';
import { MART } from './prepare.ts';
import { ident, literal, splitName } from './sql.ts';

const OLD = '__old_';

export interface SetToLoad {
  readonly publication: string;
  readonly tables: TableSet;
  readonly listed: readonly ListedTable[];
  readonly reader: string;
  readonly procedures: readonly ProcedureFile[];
  readonly copyRole: string;
  /** Epoch ms. */
  readonly now: number;
}

/**
 * Makes the warehouse show exactly these tables. They are filled out of sight; then one transaction renames the
 * schemas, calls the procedures and says which publication is shown. Whatever breaks off before its commit, the old
 * set stays. A publication that is shown already is not loaded again.
 */
export async function loadSet(api: DataApi, set: SetToLoad): Promise<{ rows: number; remarks: string[] }> {
  const { publication, tables, reader, procedures, copyRole, now } = set;
  const [shown] = await api.run(`SELECT publication, row_count FROM ${MART}.lake_publication`);
  if (shown?.[0] === publication) return { rows: Number(shown[1]), remarks: [] };

  for (const schema of await schemasEnding(api, NEW)) await dropSchema(api, schema);
  const rows = await fillTables(api, tables, copyRole);
  const placed = Object.keys(tables).map((table) => {
    const { schema, name } = splitName(table);
    return { schema, name, waitsIn: schema + NEW };
  });
  const schemas = [...new Set(placed.map(({ schema }) => schema))];
  await inBatches(api, [
    ...schemas.flatMap((schema) => [
      `GRANT USAGE ON SCHEMA ${ident(schema + NEW)} TO ${ident(reader)}`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA ${ident(schema + NEW)} TO ${ident(reader)}`,
    ]),
    ...(await grantsToKeep(api, placed)),
  ]);
  const { ready, remarks } = callable(procedures, tables);
  const calls = await deploy(api, ready, publication);
  await api.transaction([...(await swap(api, schemas, now)), ...calls, ...told(set, schemas, rows, now)]);
  remarks.push(...(await dropOldSchemas(api)));
  return { rows, remarks };
}

/** Puts the new schemas in the place of those that are shown. */
async function swap(api: DataApi, schemas: readonly string[], now: number): Promise<string[]> {
  const shown = (await api.run(`SELECT schema_name FROM ${MART}.lake_schemas`)).map(([name]) => name!);
  const present = new Set((await api.run('SELECT nspname FROM pg_namespace')).map(([name]) => name));
  const aside = [...new Set([...shown, ...schemas])].filter((schema) => present.has(schema));
  return [
    ...aside.map((schema) => `ALTER SCHEMA ${ident(schema)} RENAME TO ${ident(`${schema}${OLD}${now}`)}`),
    ...schemas.map((schema) => `ALTER SCHEMA ${ident(schema + NEW)} RENAME TO ${ident(schema)}`),
  ];
}

/** Deploys procedures. @returns the statements that call them */
async function deploy(
  api: DataApi,
  procedures: readonly ProcedureFile[],
  publication: string,
): Promise<string[]> {
  const calls: string[] = [];
  for (const procedure of procedures) {
    const name = ident(...procedure.name.split('.'));
    try {
      await api.transaction(statementsOf(procedure.sql));
    } catch (cause) {
      if (!(cause instanceof StatementError)) throw cause;
      throw new WarehouseLoadError(`${procedure.name} (${procedure.file}) failed: ${cause.message}`, {
        about: procedure.name,
        file: procedure.file,
        cause: cause.cause,
      });
    }
    calls.push(`CALL ${name}(${literal(publication)})`);
  }
  return calls;
}

/** Says what is shown from now on. */
function told(
  { publication, tables, listed, reader }: SetToLoad,
  schemas: readonly string[],
  rows: number,
  now: number,
): string[] {
  const at = new Date(now).toISOString().replace('T', ' ').replace('Z', '');
  const shown = schemas.map((schema) => `(${literal(schema)})`).join(', ');
  return [
    `GRANT SELECT ON ALL TABLES IN SCHEMA ${MART} TO ${ident(reader)}`,
    `DELETE FROM ${MART}.lake_schemas`,
    ...(schemas.length > 0 ? [`INSERT INTO ${MART}.lake_schemas (schema_name) VALUES ${shown}`] : []),
    ...listTables(listed),
    `DELETE FROM ${MART}.lake_publication`,
    `INSERT INTO ${MART}.lake_publication (publication, loaded_at, table_count, row_count)
     VALUES (${literal(publication)}, ${literal(at)}, ${Object.keys(tables).length}, ${rows})`,
  ];
}

/** What earlier swaps put aside. @returns remarks on what cannot go because somebody's views hang on it */
async function dropOldSchemas(api: DataApi): Promise<string[]> {
  const remarks: string[] = [];
  const all = await api.run('SELECT nspname FROM pg_namespace ORDER BY 1');
  for (const schema of all.map(([name]) => name!).filter((name) => /__old_\d+$/.test(name))) {
    try {
      await dropSchema(api, schema);
    } catch (error) {
      if (!(error instanceof StatementError)) throw error;
      remarks.push(
        `the old tables in ${schema} stay, since something hangs on them (${error.message}): make views over curated tables WITH NO SCHEMA BINDING`,
      );
    }
  }
  return remarks;
}

async function schemasEnding(api: DataApi, ending: string): Promise<string[]> {
  const all = await api.run('SELECT nspname FROM pg_namespace ORDER BY 1');
  return all.map(([name]) => name!).filter((name) => name.endsWith(ending));
}

async function dropSchema(api: DataApi, schema: string): Promise<void> {
  const tables = await api.run('SELECT tablename FROM pg_tables WHERE schemaname = :schema', { schema });
  await inBatches(api, [
    ...tables.map(([table]) => `DROP TABLE ${ident(schema, table!)}`),
    `DROP SCHEMA ${ident(schema)}`,
  ]);
}
