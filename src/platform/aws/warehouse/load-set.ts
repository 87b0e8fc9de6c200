import type { TableSet } from '../../../ports/tables.ts';
import type { ListedTable, WarehouseNotes } from '../../../ports/warehouse.ts';
import { WarehouseLoadError } from '../../../warehouse/errors.ts';
import type { ProcedureFile } from '../../../warehouse/procedure-file.ts';
import { callable } from '../../../warehouse/procedure-folder.ts';
import { statementsOf } from '../../../warehouse/statements.ts';
import { commentsFor } from './comments.ts';
import { type DataApi, StatementError } from './data-api.ts';
import { fillTables, inBatches, NEW } from './fill-tables.ts';
import { listTables } from './lake-tables.ts';
import { MART } from './prepare.ts';
import { relationsIn } from './relations.ts';
import { replaceRows } from './replace-rows.ts';
import { ident, literal, splitName } from './sql.ts';

/** The procedure that replaces the rows: one statement of a transaction, however many tables there are. */
const REPLACE = `${MART}.lake_replace_rows`;

export interface SetToLoad {
  readonly publication: string;
  readonly tables: TableSet;
  readonly listed: readonly ListedTable[];
  readonly notes: WarehouseNotes;
  readonly reader: string;
  readonly procedures: readonly ProcedureFile[];
  readonly copyRole: string;
  /** Statements that read the new rows, in the transaction that shows them. */
  readonly after: readonly string[];
  /** Epoch ms. */
  readonly now: number;
}

/**
 * Makes the warehouse show exactly these tables. They are filled out of sight; then one transaction replaces the rows
 * of the tables that are shown, calls the procedures and says which publication is shown. The tables stay the tables
 * they are, with all that people made on them. Whatever breaks off before its commit, the old set stays. A publication
 * that is shown already is not loaded again.
 */
export async function loadSet(
  api: DataApi,
  set: SetToLoad,
): Promise<{ rows: number; remarks: string[]; isLoaded: boolean }> {
  const { publication, tables, notes, reader, procedures, copyRole, now } = set;
  const [shown] = await api.run(`SELECT publication, row_count FROM ${MART}.lake_publication`);
  if (shown?.[0] === publication) return { rows: Number(shown[1]), remarks: [], isLoaded: false };

  for (const schema of await schemasLike(api, /__new$/)) await dropSchema(api, schema);
  const rows = await fillTables(api, tables, copyRole);
  const schemas = [...new Set(Object.keys(tables).map((table) => splitName(table).schema))];
  const before = await martTables(api);
  const { ready, remarks } = callable(procedures, tables);
  const calls = await deploy(api, ready, publication);
  const made = (await martTables(api)).filter((table) => !before.includes(table));
  remarks.push(...(await defineReplacing(api, schemas, reader, set.after)));
  await api.transaction([
    `CALL ${REPLACE}()`,
    ...made.map((table) => `GRANT SELECT ON ${ident(MART, table)} TO ${ident(reader)}`),
    ...calls,
    ...metadataStatements(set, rows, now),
  ]);
  await inBatches(api, await commentsFor(api, tables, notes));
  for (const schema of await schemasLike(api, /__new$/)) await dropSchema(api, schema);
  remarks.push(...(await dropOldSchemas(api)));
  return { rows, remarks, isLoaded: true };
}

/** Makes the schemas, and the procedure that puts the new rows in place. @returns remarks on what could not stay */
async function defineReplacing(
  api: DataApi,
  schemas: readonly string[],
  reader: string,
  after: readonly string[],
): Promise<string[]> {
  const served = await servedTables(api);
  const all = [...new Set([...schemas, ...[...served].map((table) => splitName(table).schema)])];
  const present = await schemasLike(api, /./);
  await inBatches(
    api,
    schemas
      .filter((schema) => !present.includes(schema))
      .flatMap((schema) => [
        `CREATE SCHEMA ${ident(schema)}`,
        `GRANT USAGE ON SCHEMA ${ident(schema)} TO ${ident(reader)}`,
      ]),
  );
  const fresh = await relationsIn(
    api,
    schemas.map((schema) => schema + NEW),
  );
  const { statements, remarks } = replaceRows(await relationsIn(api, all), fresh, served, reader);
  await api.run(
    `CREATE OR REPLACE PROCEDURE ${REPLACE}() AS $$ BEGIN ${[...statements, ...after].map((one) => `${one};`).join('\n')} END; $$ LANGUAGE plpgsql`,
  );
  return remarks;
}

/** The tables that loads have made, as `schema.name`. An earlier form of the load noted their schemas only. */
async function servedTables(api: DataApi): Promise<Set<string>> {
  const noted = await api.run(`SELECT schema_name, table_name FROM ${MART}.lake_served`);
  const schemas = (await api.run(`SELECT schema_name FROM ${MART}.lake_schemas`)).map(([name]) => name!);
  const inSchemas =
    schemas.length === 0
      ? []
      : await api.run(
          `SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN (${schemas.map(literal).join(', ')})`,
        );
  return new Set([...noted, ...inSchemas].map(([schema, name]) => `${schema}.${name}`));
}

async function martTables(api: DataApi): Promise<string[]> {
  const rows = await api.run('SELECT tablename FROM pg_tables WHERE schemaname = :schema', { schema: MART });
  return rows.map(([name]) => name!);
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
function metadataStatements({ publication, tables, listed }: SetToLoad, rows: number, now: number): string[] {
  const at = new Date(now).toISOString().replace('T', ' ').replace('Z', '');
  const served = Object.keys(tables).map((table) => {
    const { schema, name } = splitName(table);
    return `(${literal(schema)}, ${literal(name)})`;
  });
  return [
    `DELETE FROM ${MART}.lake_schemas`,
    `DELETE FROM ${MART}.lake_served`,
    ...(served.length > 0
      ? [`INSERT INTO ${MART}.lake_served (schema_name, table_name) VALUES ${served.join(', ')}`]
      : []),
    ...listTables(listed),
    `DELETE FROM ${MART}.lake_publication`,
    `INSERT INTO ${MART}.lake_publication (publication, loaded_at, table_count, row_count)
     VALUES (${literal(publication)}, ${literal(at)}, ${Object.keys(tables).length}, ${rows})`,
  ];
}

/** What an earlier form of the load put aside. @returns remarks on what cannot go because views hang on it */
async function dropOldSchemas(api: DataApi): Promise<string[]> {
  const remarks: string[] = [];
  for (const schema of await schemasLike(api, /__old_\d+$/)) {
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

async function schemasLike(api: DataApi, pattern: RegExp): Promise<string[]> {
  const all = await api.run('SELECT nspname FROM pg_namespace ORDER BY 1');
  return all.map(([name]) => name!).filter((name) => pattern.test(name));
}

async function dropSchema(api: DataApi, schema: string): Promise<void> {
  const tables = await api.run('SELECT tablename FROM pg_tables WHERE schemaname = :schema', { schema });
  await inBatches(api, [
    ...tables.map(([table]) => `DROP TABLE ${ident(schema, table!)}`),
    `DROP SCHEMA ${ident(schema)}`,
  ]);
}
