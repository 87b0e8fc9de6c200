import { holdsType } from '../campus/lake-type.ts';
import type { OpsRow } from '../platform/ports/ledger.ts';
import type { TableColumn } from '../platform/ports/tables.ts';
import type { StagingPlan } from './spec.ts';

/** What became of a column between two versions of its table. */
export interface SchemaChange {
  readonly column: string;
  /**
   * `undecided`: new at the source, kept out until the catalog says what it is. `unlisted`: so is the whole table,
   * and `column` is empty.
   */
  readonly change: 'added' | 'widened' | 'vanished' | 'retyped' | 'undecided' | 'unlisted';
  readonly from: string | null;
  readonly to: string | null;
}

/** Compares a table's columns with those of its version before; nothing when there was none. */
export function schemaChanges(
  before: readonly TableColumn[] | undefined,
  after: readonly TableColumn[],
  plan: Pick<StagingPlan, 'undecided' | 'vanished'>,
): SchemaChange[] {
  const changes: SchemaChange[] = [];
  const old = new Map((before ?? []).map((column) => [column.name, column.type]));
  const now = new Map(after.map((column) => [column.name, column.type]));
  for (const { name, type } of before ? after : []) {
    const from = old.get(name);
    if (from === undefined) changes.push({ column: name, change: 'added', from: null, to: type });
    else if (from !== type) {
      changes.push({ column: name, change: holdsType(type, from) ? 'widened' : 'retyped', from, to: type });
    }
  }
  for (const [name, type] of old) {
    if (!now.has(name)) changes.push({ column: name, change: 'vanished', from: type, to: null });
  }
  for (const name of plan.vanished) {
    changes.push({ column: name, change: 'vanished', from: now.get(name) ?? null, to: null });
  }
  for (const { name, type } of plan.undecided) {
    changes.push({ column: name, change: 'undecided', from: null, to: type });
  }
  return changes;
}

/** Those that have not been told already: a column that vanished stays vanished in every later load. */
export function untold(
  dataset: string,
  changes: readonly SchemaChange[],
  told: readonly OpsRow[],
): SchemaChange[] {
  const last = new Map<string, string>();
  for (const row of told) {
    if (row.dataset === dataset) last.set(String(row.column_name), `${row.change}/${row.new_type}`);
  }
  return changes.filter(({ column, change, to }) => last.get(column) !== `${change}/${to}`);
}

/** A row of `ops.schema_changes`; its columns have names that no dialect of SQL reserves. */
export function changeRow(
  run: string,
  dataset: string,
  { column, change, from, to }: SchemaChange,
  at: string,
): OpsRow {
  const id = `${run}:${dataset}:${column}`;
  return { id, run, dataset, column_name: column, change, old_type: from, new_type: to, at };
}

/** What a row of `ops.schema_changes` tells. */
export function changeOf({ column_name, change, old_type, new_type }: OpsRow): SchemaChange {
  return { column: column_name, change, from: old_type, to: new_type } as SchemaChange;
}

export function describeChange({ column, change, from, to }: SchemaChange): string {
  switch (change) {
    case 'added':
      return `new column ${column} (${to})`;
    case 'vanished':
      return `the source no longer has ${column}; it stays, empty`;
    case 'undecided':
      return `new column ${column} (${to}) at the source is kept out until the catalog says what it is`;
    case 'unlisted':
      return 'this table lies in the raw zone, and the catalog does not list it: add it, or leave it out by the table mappings';
    default:
      return `${column} is now ${to}, was ${from}`;
  }
}
