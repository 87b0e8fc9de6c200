import { createHash } from 'node:crypto';
import { lookupColumns } from '../access/lookup-columns.ts';
import type { AccessPolicy, KnownTables, PolicyRole } from '../access/policy.ts';
import { quoted } from '../access/portable-sql.ts';
import { fromLastAtSql, type MaskDialect, maskIn, postgresLiteral } from '../access/postgres-sql.ts';
import { tableAccess, withClasses } from '../access/table-access.ts';
import { visibleTerms } from '../access/visible-select.ts';
import type { LakeType } from '../campus/lake-type.ts';
import type { TableSet, TableVersion } from '../ports/tables.ts';
import type { OpenedFor, RedshiftStatements, RedshiftUnit } from '../ports/warehouse-access.ts';
import { portableType } from './portable-type.ts';

/** Who has which login, copies of what rules ask (a policy may ask no table that has policies itself), what is made. */
const ACCESS = 'lake_access';

/** How Redshift keeps a type of the lake. */
const redshiftType = (type: LakeType): string =>
  type === 'time' ? 'varchar(32)' : portableType(type, 'varbyte');

const REDSHIFT: MaskDialect = {
  spell: redshiftType,
  fromLastAt: fromLastAtSql,
  digest: (of) => `sha2(${of}, 256)`,
  number: (digits) => `strtol(${digits}, 16)`,
  addDays: (column, days, type) =>
    `CAST(dateadd(day, CAST(${days} AS integer), ${column}) AS ${redshiftType(type)})`,
};

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
  served: TableSet,
  reader: string,
): RedshiftStatements {
  const lookups = [...lookupColumns(policy, Object.keys(served))].flatMap(([table, columns]) => {
    const version = Object.hasOwn(served, table) ? served[table] : undefined;
    const typed = version?.columns.filter(({ name }) => columns.has(name)) ?? [];
    return typed.length < columns.size ? [] : [{ table, columns: typed }];
  });
  const copies = new Map(
    lookups.map(({ table, columns }) => {
      const defined = columns.map(({ name, type }) => `${quoted(name)} ${redshiftType(type)}`).join(', ');
      // A copy with other columns is another copy.
      return [
        table,
        { name: `${ACCESS}.${quoted(`of_${markOf(`${table} ${defined}`)}`)}`, defined },
      ] as const;
    }),
  );
  const seen = [...policy.roles.values()].flatMap((role) =>
    role.purposes.flatMap((purpose) =>
      Object.values(served).flatMap((version) =>
        seenTable({ policy, known, served, copies }, role, purpose, version),
      ),
    ),
  );
  const opened = seen.flatMap((one) => ('policy' in one ? [one] : []));
  const groups = [...new Set(opened.map(({ group }) => group))];
  const masks = new Map(opened.flatMap((one) => one.masks.map(({ name, statement }) => [name, statement])));
  const tables = [...new Set(opened.map(({ table }) => table))];
  return {
    base: [
      `CREATE SCHEMA IF NOT EXISTS ${ACCESS}`,
      `CREATE TABLE IF NOT EXISTS ${ACCESS}.logins (login varchar(128) NOT NULL, role varchar(128) NOT NULL, purpose varchar(128) NOT NULL, attribute varchar(128) NOT NULL, value varchar(1024) NOT NULL)`,
    ],
    copies: [...copies.values()].map(({ name, defined }) =>
      unit('copy', name, [`CREATE TABLE IF NOT EXISTS ${name} (${defined})`], [`DROP TABLE ${name}`]),
    ),
    refresh: lookups.flatMap(({ table, columns }) => {
      const list = columns.map(({ name }) => quoted(name)).join(', ');
      const { name } = copies.get(table)!;
      return [`DELETE FROM ${name}`, `INSERT INTO ${name} (${list}) SELECT ${list} FROM ${nameOf(table)}`];
    }),
    units: [
      ...groups.map((group) => unit('role', group, [`CREATE ROLE ${group}`], [`DROP ROLE ${group} FORCE`])),
      ...[...masks].map(([name, statement]) =>
        unit('mask', name, [statement], [`DROP MASKING POLICY ${name}`]),
      ),
      ...tables.map((table) => protectedTable(served[table]!, reader)),
      ...opened.map((one) => openedTable(one, served[one.table]!)),
    ],
    notOpened: seen.flatMap((one) => ('policy' in one ? [] : [one])),
  };
}

/** All statements in the order in which they are safe: nothing is granted before what its rule asks is filled. */
export const makeAll = ({ base, copies, refresh, units }: RedshiftStatements): string[] => [
  ...base,
  ...copies.flatMap(({ make }) => make),
  ...refresh,
  ...units.flatMap(({ make }) => make),
];

/** All statements that take it away again, but for the logins. */
export const undoAll = ({ copies, units }: RedshiftStatements): string[] =>
  [...copies, ...units].reverse().flatMap(({ undo }) => undo);

/** A view of a role hangs on all the others. */
const KINDS = ['copy', 'role', 'mask', 'table', 'view'] as const;

function unit(
  kind: (typeof KINDS)[number],
  of: string,
  make: readonly string[],
  undo: readonly string[],
  more: { readonly needs?: readonly string[]; readonly opens?: OpenedFor; readonly columns?: string } = {},
): RedshiftUnit {
  const { needs = [], opens, columns = '' } = more;
  const digest = markOf([...make, ...undo, columns].join('\n'));
  return {
    name: `${kind} ${of}`,
    rank: KINDS.indexOf(kind),
    digest,
    make,
    undo,
    needs,
    ...(opens ? { opens } : {}),
  };
}

/** Once row-level security is on, whoever has no policy sees no row; the reader has one that shows every row. */
function protectedTable({ table, columns }: TableVersion, reader: string): RedshiftUnit {
  const all = quoted(`lake_all_${markOf(table)}`);
  const { name, type } = columns[0]!;
  return unit(
    'table',
    table,
    [
      `CREATE RLS POLICY ${all} WITH (${quoted(name)} ${redshiftType(type)}) AS t0 USING (true)`,
      `ATTACH RLS POLICY ${all} ON ${nameOf(table)} TO ${quoted(reader)}`,
      `ALTER TABLE ${nameOf(table)} ROW LEVEL SECURITY ON`,
    ],
    [
      `ALTER TABLE ${nameOf(table)} ROW LEVEL SECURITY OFF`,
      `DETACH RLS POLICY ${all} ON ${nameOf(table)} FROM ${quoted(reader)}`,
      `DROP RLS POLICY ${all}`,
    ],
  );
}

/** A policy holds to the columns of its table, so that a table with others is opened once more. */
const openedTable = (
  { table, group, policy, grants, revokes, detach, opens }: OpenedTable,
  { columns }: TableVersion,
): RedshiftUnit =>
  unit('view', `${group} ${table}`, [...policy, ...grants], [...revokes, ...detach], {
    needs: [`table ${table}`, `role ${group}`],
    opens,
    columns: JSON.stringify(columns),
  });

interface OpenedTable {
  readonly table: string;
  readonly opens: OpenedFor;
  readonly group: string;
  readonly masks: readonly { readonly name: string; readonly statement: string }[];
  readonly policy: readonly string[];
  readonly grants: readonly string[];
  readonly revokes: readonly string[];
  readonly detach: readonly string[];
}

interface Around {
  readonly policy: AccessPolicy;
  readonly known: KnownTables;
  readonly served: TableSet;
  /** The copies of what rules ask, by table. */
  readonly copies: ReadonlyMap<string, { readonly name: string }>;
}

/** A table for a role, or its name where Redshift cannot show it by the role's rules; empty where the role has none. */
function seenTable(
  { policy, known, served, copies }: Around,
  role: PolicyRole,
  purpose: string,
  version: TableVersion,
): (OpenedTable | OpenedFor)[] {
  const { table } = version;
  const opens: OpenedFor = { role: role.name, purpose, table };
  const access = tableAccess(policy, role, purpose, table, withClasses(version.columns, known.get(table)));
  if (!access.rows) return [];
  const columns = access.columns.filter(({ shown }) => shown.kind !== 'hidden');
  const isOf = `w.login = current_user AND w.role = ${text(role.name)} AND w.purpose = ${text(purpose)}`;
  const rows = (attribute: string) =>
    `FROM ${ACCESS}.logins AS w WHERE ${isOf} AND w.attribute = ${text(attribute)}`;
  const used = new Set<string>();
  const terms = visibleTerms(policy, { version, columns, rows: access.rows.condition }, served, {
    whole: ({ table: of }) => copies.get(of)?.name ?? '',
    literal: postgresLiteral,
    attribute: (name, type) => `(SELECT CAST(max(w.value) AS ${redshiftType(type)}) ${rows(name)})`,
    mask: (shown, _, type, { context, sibling }) =>
      maskIn(REDSHIFT, shown, 'v', type, {
        context,
        sibling(of) {
          const other = sibling(of);
          return other && { sql: 'p', type: other.type };
        },
      }),
  });
  // Redshift reads a backslash in a literal as an escape.
  if (!terms || terms.where?.includes('\\')) return [opens];
  for (const { name } of version.columns) if (terms.where?.includes(`t0.${quoted(name)}`)) used.add(name);
  // A rule without a column names one all the same: the policies of a table have to have one alias.
  if (used.size === 0) used.add(version.columns[0]!.name);

  // No colon, by which the Data API knows parameters and Redshift the groups of identity providers.
  const group = quoted(`lake/${role.name}/${purpose}`);
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
    const typeIn = (of: string) => redshiftType(version.columns.find((one) => one.name === of)!.type);
    const by = column.shown.kind === 'shift' ? column.shown.by : undefined;
    const takes = `v ${typeIn(column.name)}${by === undefined ? '' : `, p ${typeIn(by)}`}`;
    const statement = `WITH (${takes}) USING (${terms.values[i]})`;
    const mask = quoted(`lake_mask_${markOf(statement)}`);
    const on = `${mask} ON ${nameOf(table)} (${quoted(column.name)})`;
    const using = by === undefined ? '' : ` USING (${quoted(column.name)}, ${quoted(by)})`;
    return [{ name: mask, statement: `CREATE MASKING POLICY ${mask} ${statement}`, on, using }];
  });
  // Redshift of some regions gives a policy this right by itself.
  const asked = [`${ACCESS}.logins`, ...[...copies.values()].map((copy) => copy.name)].filter((of) =>
    using.includes(of),
  );
  const list = columns.map((column) => quoted(column.name)).join(', ');
  const schema = quoted(table.split('.')[0]!);
  return [
    {
      table,
      opens,
      group,
      masks,
      policy: [
        `CREATE RLS POLICY ${name} WITH (${withColumns}) AS t0 USING (${using})`,
        ...asked.map((of) => `GRANT SELECT ON ${of} TO RLS POLICY ${name}`),
        `ATTACH RLS POLICY ${name} ON ${nameOf(table)} TO ROLE ${group}`,
        ...masks.map(({ on, using: of }) => `ATTACH MASKING POLICY ${on}${of} TO ROLE ${group} PRIORITY 10`),
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

/** Tables whose columns all have a type that is known: those that have been published. */
export function typedTables(known: KnownTables, names: readonly string[]): TableSet {
  const versions = names.flatMap((table): TableVersion[] => {
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
const markOf = (of: string): string => createHash('sha256').update(of).digest('hex').slice(0, 16);
