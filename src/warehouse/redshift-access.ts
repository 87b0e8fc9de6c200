import { createHash } from 'node:crypto';
import { lookupColumns } from '../access/lookup-columns.ts';
import type { AccessPolicy, KnownTables, PolicyRole } from '../access/policy.ts';
import { quoted } from '../access/portable-sql.ts';
import { maskIn, postgresLiteral } from '../access/postgres-sql.ts';
import { tableAccess } from '../access/table-access.ts';
import { visibleTerms } from '../access/visible-select.ts';
import type { LakeType } from '../campus/lake-type.ts';
import type { TableSet, TableVersion } from '../ports/tables.ts';
import { portableType } from './portable-type.ts';

/** A policy as statements of Redshift, in order. */
export interface RedshiftAccess {
  /** Makes roles, policies and grants, where there are none yet. */
  readonly make: readonly string[];
  /** Copies rows of the tables that rules ask: after `make`, and after each load. */
  readonly refresh: readonly string[];
  /** Takes away all that `make` has made but the logins: before a policy that has changed is made. */
  readonly remove: readonly string[];
  /** What a role does not see in Redshift though the policy gives it. */
  readonly notOpened: readonly { readonly role: string; readonly purpose: string; readonly table: string }[];
}

/** Who has which login, and copies of what rules ask: a policy may ask no table that has policies itself. */
const ACCESS = 'lake_access';

/** How Redshift keeps a type of the lake. */
const redshiftType = (type: LakeType): string =>
  type === 'time' ? 'varchar(32)' : portableType(type, 'varbyte');

/**
 * Says a policy with Redshift's own means: roles, column grants, row-level security and dynamic data masking. A load
 * replaces rows and leaves tables as they are, so all of it stays attached.
 * Source: https://docs.aws.amazon.com/redshift/latest/dg/, pages r_CREATE_RLS_POLICY, r_ATTACH_RLS_POLICY,
 * r_CREATE_MASKING_POLICY, r_ATTACH_MASKING_POLICY, r_GRANT
 * @param served the tables of the warehouse
 * @param reader the read-only user, who goes on seeing every row
 */
export function redshiftAccess(
  policy: AccessPolicy,
  known: KnownTables,
  served: readonly string[],
  reader: string,
): RedshiftAccess {
  const versions = versionsOf(known, served);
  const lookups = [...lookupColumns(policy, served)].filter(([table]) => Object.hasOwn(versions, table));
  const typeOf = (table: string, name: string): LakeType => known.get(table)!.get(name)!.type!;
  const make = [
    `CREATE SCHEMA IF NOT EXISTS ${ACCESS}`,
    `CREATE TABLE IF NOT EXISTS ${ACCESS}.logins (login varchar(128) NOT NULL, role varchar(128) NOT NULL, purpose varchar(128) NOT NULL, attribute varchar(128) NOT NULL, value varchar(1024) NOT NULL)`,
    ...lookups.map(([table, columns]) => {
      const defined = [...columns].map((name) => `${quoted(name)} ${redshiftType(typeOf(table, name))}`);
      return `CREATE TABLE IF NOT EXISTS ${copyOf(table)} (${defined.join(', ')})`;
    }),
  ];
  const refresh = lookups.flatMap(([table, columns]) => {
    const list = [...columns].map(quoted).join(', ');
    return [
      `DELETE FROM ${copyOf(table)}`,
      `INSERT INTO ${copyOf(table)} (${list}) SELECT ${list} FROM ${nameOf(table)}`,
    ];
  });
  const seen = [...policy.roles.values()].flatMap((role) =>
    role.purposes.flatMap((purpose) =>
      served.flatMap((table) => seenTable(policy, known, versions, role, purpose, table)),
    ),
  );
  const opened = seen.flatMap((one) => ('policy' in one ? [one] : []));
  const groups = [...new Set(opened.map(({ group }) => group))];
  const masks = new Map(opened.flatMap((one) => one.masks.map(({ name, statement }) => [name, statement])));
  const tables = [...new Set(opened.map(({ table }) => table))];
  const rls = (table: string) => quoted(`lake_all_${markOf(table)}`);
  make.push(
    ...groups.map((group) => `CREATE ROLE ${group}`),
    ...masks.values(),
    ...tables.map((table) => {
      const { name, type } = versions[table]!.columns[0]!;
      return `CREATE RLS POLICY ${rls(table)} WITH (${quoted(name)} ${redshiftType(type)}) AS t0 USING (true)`;
    }),
    ...tables.map((table) => `ATTACH RLS POLICY ${rls(table)} ON ${nameOf(table)} TO ${quoted(reader)}`),
    ...opened.flatMap((one) => one.policy),
    // Once it is on, whoever has no policy sees no row; only then are columns granted.
    ...tables.map((table) => `ALTER TABLE ${nameOf(table)} ROW LEVEL SECURITY ON`),
    ...opened.flatMap((one) => one.grants),
  );
  const remove = [
    // A table without policies shows its rows to whoever may still read it.
    ...opened.flatMap((one) => one.revokes),
    ...tables.map((table) => `ALTER TABLE ${nameOf(table)} ROW LEVEL SECURITY OFF`),
    ...opened.flatMap((one) => one.detach),
    ...tables.flatMap((table) => [
      `DETACH RLS POLICY ${rls(table)} ON ${nameOf(table)} FROM ${quoted(reader)}`,
      `DROP RLS POLICY ${rls(table)}`,
    ]),
    ...[...masks.keys()].map((name) => `DROP MASKING POLICY ${name}`),
    ...groups.map((group) => `DROP ROLE ${group} FORCE`),
    ...lookups.map(([table]) => `DROP TABLE ${copyOf(table)}`),
  ];
  const notOpened = seen.flatMap((one) => ('policy' in one ? [] : [one]));
  return { make, refresh, remove, notOpened };
}

interface OpenedTable {
  readonly table: string;
  readonly group: string;
  readonly masks: readonly { readonly name: string; readonly statement: string }[];
  readonly policy: readonly string[];
  readonly grants: readonly string[];
  readonly revokes: readonly string[];
  readonly detach: readonly string[];
}

/** A table for a role, or its name where Redshift cannot show it by the role's rules; empty where the role has none. */
function seenTable(
  policy: AccessPolicy,
  known: KnownTables,
  versions: TableSet,
  role: PolicyRole,
  purpose: string,
  table: string,
): (OpenedTable | RedshiftAccess['notOpened'][number])[] {
  const access = tableAccess(policy, role, purpose, table, known.get(table) ?? new Map());
  if (!access.rows) return [];
  const version = versions[table];
  if (!version) return [{ role: role.name, purpose, table }];
  const columns = access.columns.filter(({ shown }) => shown.kind !== 'hidden');
  const isOf = `w.login = current_user AND w.role = ${text(role.name)} AND w.purpose = ${text(purpose)}`;
  const rows = (attribute: string) =>
    `FROM ${ACCESS}.logins AS w WHERE ${isOf} AND w.attribute = ${text(attribute)}`;
  const used = new Set<string>();
  const terms = visibleTerms(policy, { version, columns, rows: access.rows.condition }, versions, {
    whole: ({ table: of }) => copyOf(of),
    literal: postgresLiteral,
    attribute: (name, type) => `(SELECT CAST(max(w.value) AS ${redshiftType(type)}) ${rows(name)})`,
    mask: (shown, _, type) => maskIn(redshiftType, shown, 'v', type),
  });
  // Redshift reads a backslash in a literal as an escape.
  if (!terms || terms.where?.includes('\\')) return [{ role: role.name, purpose, table }];
  for (const { name } of version.columns) if (terms.where?.includes(`t0.${quoted(name)}`)) used.add(name);
  // A rule without a column names one all the same: the policies of a table have to have one alias.
  if (used.size === 0) used.add(version.columns[0]!.name);

  const group = quoted(`lake:${role.name}:${purpose}`);
  const name = quoted(`lake_${markOf(`${role.name}:${purpose}:${table}`)}`);
  const typed = version.columns.filter((column) => used.has(column.name));
  const withColumns = typed.map((column) => `${quoted(column.name)} ${redshiftType(column.type)}`).join(', ');
  // Each attribute once: of two values nobody knows which is meant, and without one `not in` would show all rows.
  const gate = (role.attributes.length > 0 ? role.attributes : ['']).map(
    (attribute) => `1 = (SELECT count(*) ${rows(attribute)})`,
  );
  const using = [...gate, ...(terms.where === undefined ? [] : [`(${terms.where})`])].join(' AND ');
  const masks = columns.flatMap((column, i) => {
    if (column.shown.kind === 'whole') return [];
    const type = redshiftType(version.columns.find((one) => one.name === column.name)!.type);
    const statement = `WITH (v ${type}) USING (${terms.values[i]})`;
    const mask = quoted(`lake_mask_${markOf(statement)}`);
    const on = `${mask} ON ${nameOf(table)} (${quoted(column.name)})`;
    return [{ name: mask, statement: `CREATE MASKING POLICY ${mask} ${statement}`, on }];
  });
  const list = columns.map((column) => quoted(column.name)).join(', ');
  const schema = quoted(table.split('.')[0]!);
  return [
    {
      table,
      group,
      masks,
      policy: [
        `CREATE RLS POLICY ${name} WITH (${withColumns}) AS t0 USING (${using})`,
        `ATTACH RLS POLICY ${name} ON ${nameOf(table)} TO ROLE ${group}`,
        ...masks.map(({ on }) => `ATTACH MASKING POLICY ${on} TO ROLE ${group} PRIORITY 10`),
      ],
      grants: [
        `GRANT USAGE ON SCHEMA ${schema} TO ROLE ${group}`,
        `GRANT SELECT (${list}) ON ${nameOf(table)} TO ROLE ${group}`,
      ],
      revokes: [`REVOKE SELECT (${list}) ON ${nameOf(table)} FROM ROLE ${group}`],
      detach: [
        ...masks.map(({ on }) => `DETACH MASKING POLICY ${on} FROM ROLE ${group}`),
        `DETACH RLS POLICY ${name} ON ${nameOf(table)} FROM ROLE ${group}`,
        `DROP RLS POLICY ${name}`,
      ],
    },
  ];
}

/** The served tables whose columns all have a type that is known: those that have been published. */
function versionsOf(known: KnownTables, served: readonly string[]): TableSet {
  const versions = served.flatMap((table): TableVersion[] => {
    const columns = [...(known.get(table) ?? [])].flatMap(([name, { type }]) =>
      type ? [{ name, type }] : [],
    );
    if (columns.length === 0 || columns.length < known.get(table)!.size) return [];
    return [{ table, columns, rows: 0, storage: {} }];
  });
  return Object.fromEntries(versions.map((version) => [version.table, version]));
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const nameOf = (table: string): string => table.split('.').map(quoted).join('.');
const copyOf = (table: string): string => `${ACCESS}.${quoted(`of_${markOf(table)}`)}`;
const markOf = (of: string): string => createHash('sha256').update(of).digest('hex').slice(0, 16);
