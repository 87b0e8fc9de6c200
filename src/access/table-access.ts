import { maskTakes, SHIFTED_BY, type Shown } from '../campus/masks.ts';
import type { Condition } from './condition.ts';
import type { AccessPolicy, KnownColumn, PolicyRole } from './policy.ts';

/** How a column is shown to a role, and by which line. */
export interface ColumnAccess {
  readonly name: string;
  readonly shown: Shown;
  /** `access.yaml:12`; where no line speaks of it, why it is hidden. */
  readonly by: string;
}

/** What a role sees of a table. */
export interface TableAccess {
  readonly table: string;
  /** Undefined: no rows, the table does not exist for the role. */
  readonly rows?: { readonly condition: Condition | undefined; readonly text: string };
  /** `access.yaml:12`, or why it is not seen. */
  readonly by: string;
  readonly columns: readonly ColumnAccess[];
}

const HIDDEN: Shown = { kind: 'hidden' };

/**
 * Decides what a role sees of a table. What is denied is hidden whatever else is said; a column of which no line
 * speaks is hidden, and so is a table of which no column is left.
 * @param purpose what the rows are used for
 */
export function tableAccess(
  policy: AccessPolicy,
  role: PolicyRole,
  purpose: string,
  table: string,
  columns: ReadonlyMap<string, KnownColumn>,
): TableAccess {
  const none = (by: string): TableAccess => ({
    table,
    by,
    columns: [...columns.keys()].map((name) => ({ name, shown: HIDDEN, by })),
  });
  const database = `${table.split('.')[0]}.*`;
  const denied = role.deny.get(table) ?? role.deny.get(database);
  if (denied) return none(denied.line);
  if (role.aggregatesOnly && !policy.released?.includes(table))
    return none('the role sees aggregates only, and this table has no disclosure rule');
  const rows = role.tables.get(table) ?? role.tables.get(database);
  if (!rows) return none('no line gives the role this table');
  const shown = [...columns].map(([name, column]) =>
    columnAccess(policy, role, purpose, table, name, column, columns),
  );
  if (shown.every((column) => column.shown.kind === 'hidden'))
    return { table, by: 'none of its columns is shown', columns: shown };
  return { table, by: rows.line, rows: { condition: rows.rows, text: rows.text }, columns: shown };
}

function columnAccess(
  policy: AccessPolicy,
  role: PolicyRole,
  purpose: string,
  table: string,
  name: string,
  { type, privacy }: KnownColumn,
  columns: ReadonlyMap<string, KnownColumn>,
): ColumnAccess {
  const qualified = `${table}.${name}`;
  const hidden = (by: string): ColumnAccess => ({ name, shown: HIDDEN, by });
  const denied = role.deny.get(qualified);
  if (denied) return hidden(denied.line);
  const bound = [qualified, privacy ?? ''].flatMap((of) => policy.boundTo.get(of) ?? []);
  const other = bound.find(({ purposes }) => !purposes.includes(purpose));
  if (other) return hidden(other.line);
  const line = role.columns.get(qualified) ?? (privacy && role.classes.get(privacy));
  if (!line) return hidden(privacy ? `no line shows the class ${privacy}` : 'it has no privacy class');
  // A class has columns of every type, and a mask that does not fit one hides it.
  if (type !== undefined && !maskTakes(line.shown, type))
    return hidden(`${line.line}, a mask for other types`);
  if (line.shown.kind === 'shift' && !canShiftBy(columns.get(line.shown.by)))
    return hidden(`${line.line}, and there is no column ${line.shown.by} of a person's id`);
  return { name, shown: line.shown, by: line.line };
}

/** Whether dates can be shifted by a column: it is there, and not known to hold anything but ids. */
export const canShiftBy = (by: KnownColumn | undefined): boolean =>
  by !== undefined && (by.type === undefined || SHIFTED_BY.includes(by.type));

/** The columns that a table has, each with its type there and the class that is known of it. */
export function withClasses(
  columns: readonly { readonly name: string; readonly type?: unknown }[],
  known: ReadonlyMap<string, KnownColumn> | undefined,
): ReadonlyMap<string, KnownColumn> {
  return new Map(
    columns.map(({ name, type }) => {
      const column = known?.get(name);
      return [name, { privacy: column?.privacy, type: (type as KnownColumn['type']) ?? column?.type }];
    }),
  );
}
