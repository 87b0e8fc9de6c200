import type pg from 'pg';
import { postgresType } from '../../../../access/postgres-sql.ts';
import { oneOf } from '../../../../campus/nearest.ts';
import type { TableSet } from '../../../../ports/tables.ts';
import type { RoleViews, WarehouseAccess } from '../../../../ports/warehouse-access.ts';
import type { Reader } from '../database.ts';
import type { LockWait } from '../quiet-moment.ts';
import { ident, literal, splitName } from '../sql.ts';
import type { CsvWriter } from '../table-csv.ts';
import { keepLogins } from './keep-logins.ts';
import { dropLookups, fillLookups } from './lookups.ts';
import { ACCESS, groupOf, isLoggedIn, lookupName, schemaOf } from './names.ts';
import { isSetUp, setUp } from './set-up.ts';
import { keepViews } from './views.ts';

export interface AccessToApply {
  /** Absent: there is no policy, and every login of one is closed. */
  readonly access?: WarehouseAccess;
  /** The tables that the warehouse serves. */
  readonly tables: TableSet;
  readonly limits: Pick<Reader, 'statementTimeoutMinutes' | 'idleTimeoutMinutes'>;
  readonly lockWait?: LockWait;
}

/**
 * Makes the warehouse hold to the access policy, in the caller's transaction: whoever has a login of it reads views of
 * the tables, which are made by a role that nobody is and show nothing to others.
 * @returns remarks
 */
export async function applyAccess(
  client: pg.Client,
  writer: CsvWriter,
  { access, tables, limits, lockWait }: AccessToApply,
): Promise<string[]> {
  if (!access && !(await isSetUp(client))) return [];
  await setUp(client);
  if (access) await fillLookups(client, writer, access);
  for (const table of Object.keys(tables)) {
    const { schema, name } = splitName(table);
    await client.query(
      `GRANT USAGE ON SCHEMA ${ident(schema)} TO ${ACCESS}; GRANT SELECT ON ${ident(schema, name)} TO ${ACCESS}`,
    );
  }
  const remarks: string[] = [];
  const roles = access ? rolesOf(access, tables, remarks) : [];
  await keepViews(client, roles, lockWait);
  await dropLookups(client, access?.lookups.tables ?? {});
  const problemOf = (login: Parameters<WarehouseAccess['problemOf']>[0]) =>
    access ? access.problemOf(login, tables) : 'There is no access.yaml.';
  remarks.push(...(await keepLogins(client, roles, problemOf, limits)));
  return remarks;
}

/** What each role is to see, with names that PostgreSQL takes; what cannot be opened is named in a remark. */
function rolesOf(access: WarehouseAccess, tables: TableSet, remarks: string[]): RoleViews[] {
  const all = access.postgres(tables, (of) => ({
    whole: (table) =>
      Object.hasOwn(tables, table)
        ? ident(splitName(table).schema, splitName(table).name)
        : lookupName(table),
    attribute: (name, type) =>
      `(SELECT CAST(w.attributes ->> ${literal(name)} AS ${postgresType(type)}) FROM ${ACCESS}.logins AS w WHERE ${isLoggedIn(of)})`,
  }));
  for (const { role, notOpened } of all)
    if (notOpened.length > 0)
      remarks.push(
        `the role ${role} does not see ${oneOf(notOpened)}: a rule asks for what is not published, or a mask is not one of PostgreSQL`,
      );
  return all.filter((views) => {
    const names = [
      groupOf(views),
      ...views.tables.map(({ table }) => schemaOf(views, splitName(table).schema)),
    ];
    const isLong = names.some((name) => Buffer.byteLength(name) > 63);
    if (isLong)
      remarks.push(`the role ${views.role} is not in the warehouse: its names are too long for PostgreSQL`);
    return !isLong;
  });
}
