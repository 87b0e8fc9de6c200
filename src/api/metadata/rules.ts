import { literalSql } from '../../access/portable-sql.ts';
import { WHOLE } from '../../access/table-view.ts';
import type { LakeType } from '../../campus/lake-type.ts';
import type { AccessRules, Restricted, TableView } from '../../ports/access.ts';
import type { ReadAction, Session } from '../../ports/session.ts';
import type { TableColumn, TableSet, TableVersion } from '../../ports/tables.ts';
import type { ApiTable } from '../model/api-table.ts';
import { conditionSql } from '../sql/conditions.ts';
import { athenaDialect, type Dialect, quoted } from '../sql/dialect.ts';
import { Writing } from '../sql/statement.ts';
import { readFilter } from './filter.ts';
import { isShown, permissionsOf } from './permissions.ts';
import { type RefersTo, relationshipsOf } from './relationships.ts';
import type { Metadata, Permission } from './schema.ts';

/** What a role of the metadata is read with. */
export interface MetadataSession {
  readonly role: string;
  /** @throws ApiError not-found where the request does not have it */
  readonly variable: (name: string) => string;
  readonly refersTo: RefersTo;
  /** The college's policy for the role, which comes first. Default: the role sees whole tables. */
  readonly base?: AccessRules;
}

/**
 * Hasura's permissions as rules of the lake: a role reads a view of each table, with the rows of its filter and the columns that it
 * lists. Of an inherited role the rows are those of any parent, and a column is null in rows that no parent with that column sees; so in
 * conditions, orders, groups and aggregates too, since there is nothing but the view.
 */
export function metadataRules(metadata: Metadata, given: MetadataSession): AccessRules {
  return {
    version: `${given.base?.version ?? 'none'} ${metadata.version}`,
    restrict<T>(session: Session, action: ReadAction, tables: Readonly<Record<string, T>>): Restricted<T> {
      const before = given.base?.restrict(session, action, tables);
      const left: Record<string, T> = {};
      const views: Record<string, TableView> = {};
      const joins = joinColumns(metadata, given.refersTo);
      for (const [table, described] of Object.entries(before?.tables ?? tables)) {
        const permissions = permissionsOf(metadata, given.role, table);
        const { columns } = described as unknown as { readonly columns?: readonly TableColumn[] };
        if (permissions.length === 0 || !columns) continue;
        const shown = columns.filter(({ name }) => permissions.some((one) => isShown(one, name)));
        const joined = columns.filter(({ name }) => joins.get(table)?.has(name));
        left[table] = seen(described, table, [
          ...shown,
          ...joined.map(({ name, type }) => ({ name: joinColumn(name), type })),
        ]);
        // Made when the table is read: what a filter needs of the session is asked of nobody who does not read it.
        Object.defineProperty(views, table, {
          enumerable: true,
          get: () =>
            viewOf(
              metadata,
              given,
              { all: tables as unknown as TableSet, before: before as Restricted<TableVersion> | undefined },
              table,
              joined.map(({ name }) => name),
              permissions,
            ),
        });
      }
      return { tables: left, views };
    },
  };
}

const seen = <T>(described: T, table: string, columns: readonly TableColumn[]): T =>
  typeof (described as unknown as TableVersion).storage === 'object'
    ? ({ table, columns, rows: Number.NaN, storage: {} } as unknown as T)
    : { ...described, columns };

/** A table that the view of another reads, by the SQL of what may be read of it. */
interface Readable {
  readonly sql: string;
  readonly columns: readonly TableColumn[];
}

function viewOf(
  metadata: Metadata,
  given: MetadataSession,
  { all, before }: { readonly all: TableSet; readonly before?: Restricted<TableVersion> },
  table: string,
  joined: readonly string[],
  permissions: readonly Permission[],
): TableView {
  const reads: Record<string, TableVersion> = {};
  const masked: string[] = [...(before?.views[table]?.masked ?? [])];
  const readable = (name: string): Readable | undefined => {
    const version = Object.hasOwn(all, name) ? all[name] : undefined;
    if (!version) return undefined;
    if (before === undefined) {
      const whole = wholeName(name);
      reads[whole] = version;
      return { sql: whole, columns: version.columns };
    }
    const view = Object.hasOwn(before.views, name) ? before.views[name] : undefined;
    if (!view) return undefined;
    Object.assign(reads, view.reads);
    return { sql: `(${view.select})`, columns: before.tables[name]!.columns };
  };
  const tableOf = (name: string): ApiTable | undefined => {
    const found = readable(name);
    return found && { ...EMPTY, table: name, name, columns: found.columns.map(asColumn) };
  };
  const terms = {
    column: (of: string, name: string) => tableOf(of)?.columns.find((column) => column.name === name),
    relationship: (of: string, name: string) => {
      const known = metadata.tables.get(of);
      return known && relationshipsOf(metadata, known, given.refersTo).find((one) => one.name === name);
    },
    table: tableOf,
    variable: given.variable,
  };
  const dialect: Dialect = {
    ...athenaDialect(),
    table: (name) => readable(name)!.sql,
    placeholder: ({ type, value }) => literalSql(literalOf(type, value), type),
  };
  const writing = new Writing(dialect);
  const filters = permissions.map(({ filter }) =>
    conditionSql(writing, readFilter(terms, table, filter), ({ name }) => `t.${quoted(name)}`),
  );
  const own = readable(table)!;
  const list = own.columns.flatMap(({ name }) => {
    const by = permissions.flatMap((one, i) => (isShown(one, name) ? [filters[i]!] : []));
    if (by.length === 0) return [];
    const column = `t.${quoted(name)}`;
    if (by.length === permissions.length) return [`${column} AS ${quoted(name)}`];
    masked.push(name);
    return [`CASE WHEN ${by.join(' OR ')} THEN ${column} END AS ${quoted(name)}`];
  });
  // By these rows of other tables are found. No field shows them.
  const joinList = joined.map((name) => `t.${quoted(name)} AS ${quoted(joinColumn(name))}`);
  return {
    select: `SELECT ${[...list, ...joinList].join(', ')} FROM ${own.sql} AS t WHERE ${filters.join(' OR ')}`,
    reads,
    masked,
  };
}

/** The name under which a view has a column by which rows are joined, whether the role sees the column or not. */
export const joinColumn = (name: string): string => `__join_${name}`;

/** By table, the columns by which relationships of the metadata join. */
function joinColumns(metadata: Metadata, refersTo: RefersTo): ReadonlyMap<string, ReadonlySet<string>> {
  const columns = new Map<string, Set<string>>();
  const add = (table: string, name: string) =>
    columns.set(table, (columns.get(table) ?? new Set()).add(name));
  for (const table of metadata.tables.values())
    for (const { to, on } of relationshipsOf(metadata, table, refersTo))
      for (const [own, theirs] of on) {
        add(table.table, own);
        add(to, theirs);
      }
  return columns;
}

const EMPTY: ApiTable = {
  table: '',
  name: '',
  roots: {},
  columns: [],
  key: [],
  relationships: [],
  aggregations: false,
};

const asColumn = ({ name, type }: TableColumn) => ({ name, field: name, type });

/** Two tables have two names: the length tells `a.b_c` from `a_b.c`. */
const wholeName = (table: string): string => {
  const [database, name] = table.split('.') as [string, string];
  return `${WHOLE}.t${database.length}_${database}_${name}`;
};

function literalOf(type: LakeType, value: string) {
  if (type === 'boolean') return { kind: 'boolean', value: value === 'true' } as const;
  return { kind: type === 'integer' || type === 'bigint' ? 'number' : 'text', value } as const;
}
