import type pg from 'pg';
import type { TableSet } from '../../../ports/tables.ts';
import type { ListedTable, WarehouseNotes } from '../../../ports/warehouse.ts';
import type { WarehouseAccess } from '../../../ports/warehouse-access.ts';
import type { ProcedureFile } from '../../../warehouse/procedure-file.ts';
import { type AccessToApply, applyAccess } from './access/apply-access.ts';
import { comment } from './comments.ts';
import { shownPublication } from './database.ts';
import { type Captured, type Changing, capture, dropCaptured, restore } from './dependents.ts';
import { keptFillings } from './fillings.ts';
import { listTables } from './lake-tables.ts';
import { fill, type Pending, prepared } from './prepare.ts';
import { callProcedures } from './procedures.ts';
import { inQuietMoment, type LockWait } from './quiet-moment.ts';
import { refer } from './references.ts';
import { refreshViews } from './refresh-views.ts';
import { INTERNAL, keepSetAside, MART, noteServed, setAsideBefore } from './registry.ts';
import { bringBack, putAway, reshape, tighten, touchedBy } from './reshape.ts';
import { leftovers, occupants, type ServedTable, servedTables } from './served-tables.ts';
import { ident, inTransaction, splitName } from './sql.ts';
import { definitionOf } from './structure.ts';
import type { CsvWriter } from './table-csv.ts';

export interface SetToLoad {
  readonly publication: string;
  readonly tables: TableSet;
  /** Rows of `mart.lake_tables`. */
  readonly listed: readonly ListedTable[];
  readonly notes: WarehouseNotes;
  readonly readers: string;
  readonly procedures: readonly ProcedureFile[];
  /** Default: see `LOCK_WAIT`. */
  readonly lockWait?: LockWait;
  /** Absent: there is no access policy. */
  readonly access?: WarehouseAccess;
  readonly limits: AccessToApply['limits'];
}

export interface LoadedSet {
  readonly rows: number;
  readonly remarks: string[];
}

/** Waits until nothing else changes the warehouse. */
export const LOADING = "SELECT pg_advisory_lock(hashtext('campus-lake load'))";

/** ANALYZE looks at 300 rows times this; at the default of 100 it takes as long as the copy of a middling table. */
const SAMPLED = 25;

/**
 * Makes the warehouse show exactly these tables, in one transaction that replaces their rows. The tables stay the
 * tables they are: rights, row security, indexes, comments and views over them are not touched, and a transaction that
 * began before sees the old rows to its end. Tables whose columns change are changed at a moment in which nobody reads
 * them. Killed anywhere before its commit, the old set stays. A publication that is shown already is not loaded again.
 * docs/decisions/ has the reasons.
 */
export async function loadSet(client: pg.Client, writer: CsvWriter, set: SetToLoad): Promise<LoadedSet> {
  const { publication, tables, listed, notes, readers, procedures } = set;
  await client.query("SET lock_timeout = '5min'");
  await client.query(LOADING);
  const shown = await shownPublication(client);
  if (shown?.publication === publication) {
    const remarks = await inTransaction(client, () => applyAccess(client, writer, set));
    return { rows: shown.rows, remarks };
  }

  const remarks: string[] = [];
  let rows = 0;
  await inTransaction(client, async () => {
    // Triggers that people made are not for the load, which runs with the owner's rights.
    await client.query('SET LOCAL session_replication_role = replica');
    await makeSchemas(client, tables, readers);
    const served = { ...(await servedTables(client)), fillings: await keptFillings(client) };
    const later: Pending[] = [];
    try {
      for await (const pending of prepared(client, writer, tables, notes, served)) {
        if (!pending.csv) rows += pending.version.rows;
        else if (pending.now && !pending.change) {
          rows += await fill(client, pending).finally(pending.csv.remove);
        } else later.push(pending);
      }
      const changed = await changeTables(client, set, served.shown, served.waiting, later);
      rows += changed.rows;
      remarks.push(...changed.remarks);
    } finally {
      for (const { csv } of later) await csv?.remove();
    }
    remarks.push(...(await callProcedures(client, procedures, tables, publication, readers)));
    await listTables(client, listed);
    await refer(client, tables, notes);
    await comment(client, tables, notes);
    remarks.push(...(await applyAccess(client, writer, set)));
    await client.query(`DELETE FROM ${MART}.lake_publication`);
    await client.query(
      `INSERT INTO ${MART}.lake_publication (publication, loaded_at, table_count, row_count)
       VALUES ($1, now() AT TIME ZONE 'UTC', $2, $3)`,
      [publication, Object.keys(tables).length, rows],
    );
  });
  await makeRoom(client);
  remarks.push(...(await refreshViews(client, schemasOf(tables))));
  return { rows, remarks };
}

const schemasOf = (tables: TableSet): string[] => [
  ...new Set(Object.keys(tables).map((table) => splitName(table).schema)),
];

async function makeSchemas(client: pg.Client, tables: TableSet, readers: string): Promise<void> {
  for (const schema of schemasOf(tables)) {
    const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
    if (rowCount !== 0) continue;
    await client.query(
      `CREATE SCHEMA ${ident(schema)}; GRANT USAGE ON SCHEMA ${ident(schema)} TO ${ident(readers)}`,
    );
  }
}

/** New tables, tables whose columns change, and tables that no publication has any more. */
async function changeTables(
  client: pg.Client,
  { tables, readers, lockWait }: SetToLoad,
  shown: ReadonlyMap<string, ServedTable>,
  waiting: ReadonlyMap<string, ServedTable>,
  pending: readonly Pending[],
): Promise<{ rows: number; remarks: string[] }> {
  const remarks: string[] = [];
  const leaving = [...shown].filter(([name]) => !tables[name]).map(([, table]) => table);
  const changing = pending.flatMap(({ now, change }) =>
    now && change && shown.has(nameOf(now)) ? [{ now, change }] : [],
  );
  const coming = pending
    .filter(({ version }) => !shown.has(version.table))
    .map(({ version }) => splitName(version.table));
  const inTheWay = await occupants(client, coming);
  const old = await leftovers(client);
  const touched: Changing[] = [
    ...changing.flatMap(({ now, change }) => touchedBy(now, change)),
    ...[...leaving, ...old.flatMap((one) => one.tables)].map(({ oid }) => ({
      catalog: 'pg_class' as const,
      oid,
      column: 0,
    })),
  ];
  const captured = (await capture(client, touched)).map(onPresentNames);
  const names = [
    ...[...changing.map(({ now }) => now), ...leaving].map(({ schema, name }) => ident(schema, name)),
    ...old.flatMap(({ schema, tables: some }) => some.map(({ name }) => ident(schema, name))),
  ];
  const oids = [
    ...changing.map(({ now }) => now),
    ...leaving,
    ...inTheWay,
    ...old.flatMap((one) => one.tables),
  ].map(({ oid }) => oid);
  const needsQuiet = names.length > 0 || inTheWay.length > 0 || old.length > 0;
  const change = async () => {
    await dropCaptured(client, captured);
    for (const { now, change } of changing) await reshape(client, now, change);
    for (const table of leaving) await putAway(client, table);
    for (const { schema, name, word } of inTheWay) {
      await client.query(`ALTER ${word} ${ident(schema, name)} RENAME TO ${ident(movedName(name))}`);
    }
    for (const { schema, tables: some } of old) {
      for (const { name } of some) await client.query(`DROP TABLE ${ident(schema, name)}`);
      await client.query(`DROP SCHEMA ${ident(schema)}`);
    }
  };
  if (needsQuiet) {
    const retyped = changing.some(({ change }) => change.remake.length > 0);
    const hanging = await oidsOf(client, captured);
    const ended = await inQuietMoment(client, names, [...oids, ...hanging], retyped, change, lockWait);
    if (ended > 0)
      remarks.push(
        `${ended} session${ended === 1 ? ' was' : 's were'} ended that held tables whose columns change`,
      );
  }
  for (const { schema, name } of inTheWay) {
    remarks.push(
      `${schema}.${name} is a table of the lake now: what had that name is called ${schema}.${movedName(name)}`,
    );
  }
  let rows = 0;
  for (const one of pending) {
    const { version, now, wanted, change } = one;
    const { schema, name } = splitName(version.table);
    const target = ident(schema, name);
    if (!now) {
      await client.query(
        `CREATE TABLE ${target} (${definitionOf(wanted.columns, (column) => ident(column))})`,
      );
      await client.query(`GRANT SELECT ON ${target} TO ${ident(readers)}`);
      await noteServed(client, schema, name);
    } else if (waiting.has(version.table)) {
      await bringBack(client, now);
      await reshape(client, now, change!);
    }
    rows += await fill(client, one);
    const fresh = {
      setNotNull: wanted.columns.filter(({ notNull }) => notNull).map((column) => column.name),
      addKey: wanted.key.length > 0,
    };
    await tighten(client, target, change ?? fresh, wanted.key);
  }
  remarks.push(...(await putBack(client, captured)));
  return { rows, remarks };
}

const nameOf = ({ schema, name }: ServedTable): string => `${schema}.${name}`;
const movedName = (name: string): string => `${name.slice(0, 50)}_moved`;

/** Makes again what was dropped for the change, and what earlier loads had to set aside. */
async function putBack(client: pg.Client, captured: readonly Captured[]): Promise<string[]> {
  const before = await setAsideBefore(client);
  if (captured.length === 0 && before.length === 0) return [];
  const left = await restore(client, [...captured, ...before]);
  await keepSetAside(client, left);
  return left
    .filter((one) => captured.includes(one.captured))
    .map(
      ({ captured: { kind, name }, reason }) =>
        `the ${kind} ${name} was set aside: ${reason}. It comes back once it fits; mart.lake_set_aside has its definition`,
    );
}

/** Definitions that name a schema which an earlier form of the load had put aside name the schema itself. */
function onPresentNames(captured: Captured): Captured {
  const present = (sql: string) => sql.replaceAll(/\b(\w+?)__(?:old_\d+|new)(?=\.)/g, '$1');
  return { ...captured, create: present(captured.create) };
}

/** The oids of captured views, which their readers hold. */
async function oidsOf(client: pg.Client, captured: readonly Captured[]): Promise<number[]> {
  const names = captured.flatMap(({ rights }) =>
    rights?.catalog === 'pg_class' ? [rights.on.replace(/^TABLE /, '')] : [],
  );
  const { rows } = await client.query<{ oid: number }>(
    'SELECT to_regclass(name)::oid AS oid FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NOT NULL',
    [names],
  );
  return rows.map(({ oid }) => oid);
}

/** Frees the room of the old rows, and looks at the new ones for the planner. Readers go on meanwhile. */
async function makeRoom(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT s.oid::regclass::text AS name FROM ${INTERNAL}.served s JOIN pg_class c ON c.oid = s.oid`,
  );
  await client.query(`SET default_statistics_target = ${SAMPLED}`);
  for (const { name } of rows) await client.query(`VACUUM (ANALYZE, SKIP_LOCKED) ${name}`);
}
