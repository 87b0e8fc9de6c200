import type { OpsRow } from '../ports/ledger.ts';
import type { TableColumn } from '../ports/tables.ts';

/** What became of a column between two versions of its table. */
export interface SchemaChange {
  /** Empty where it is the table that changed. */
  readonly column: string;
  /**
   * `vanished`: gone at the source. `left_behind`: the catalog keeps it out, or has it no more. `pseudonymised`,
   * `repseudonymised`, `readable`, `masked`, `unmasked`: its values are treated in another way. `rotated`: its pseudonyms are made by one more
   * key. `rekeyed`: of the whole table.
   * `undecided`: new at the source, kept out until the catalog says what it is. `unlisted`: so is the whole table.
   * `undefined`: of a table of an older lake, nobody knows by what it was staged.
   */
  readonly change:
    | 'added'
    | 'widened'
    | 'retyped'
    | 'renamed'
    | 'vanished'
    | 'returned'
    | 'left_behind'
    | 'pseudonymised'
    | 'repseudonymised'
    | 'rotated'
    | 'readable'
    | 'masked'
    | 'unmasked'
    | 'rekeyed'
    | 'undecided'
    | 'unlisted'
    | 'undefined';
  readonly from: string | null;
  readonly to: string | null;
}

/** New columns of a source that the catalog does not know, as changes. */
export function undecidedChanges(undecided: readonly TableColumn[]): SchemaChange[] {
  return undecided.map(({ name, type }) => ({ column: name, change: 'undecided', from: null, to: type }));
}

/** Those that have not been reported already: a column that vanished stays vanished in every later load. */
export function unreported(
  dataset: string,
  changes: readonly SchemaChange[],
  known: readonly OpsRow[],
): SchemaChange[] {
  const last = new Map<string, string>();
  for (const row of known) {
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
  const id = `${run}:${dataset}:${column}:${change}`;
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
    case 'returned':
      return `the source has ${column} again`;
    case 'renamed':
      return `${column} is now called ${to}`;
    case 'left_behind':
      return `${column} is no longer kept`;
    case 'pseudonymised':
      return `${column} is now a pseudonym`;
    case 'repseudonymised':
      return `the pseudonyms in ${column} are made in another way`;
    case 'rotated':
      return `the pseudonyms in ${column} are of ${to}`;
    case 'readable':
      return `${column} is no longer a pseudonym`;
    case 'masked':
      return `${column} is now stored by the mask ${to}`;
    case 'unmasked':
      return `${column} is no longer masked`;
    case 'rekeyed':
      return `its key was (${from}) and is now (${to})`;
    case 'undecided':
      return `new column ${column} (${to}) at the source is kept out until the catalog says what it is`;
    case 'unlisted':
      return 'this table lies in the raw zone, and the catalog does not list it: add it, or leave it out by the table mappings';
    case 'undefined':
      return 'an older version of the lake staged it, and did not record by what definition';
    case 'widened':
      return `${column} is now ${to}, which holds every ${from} that it was`;
    case 'retyped':
      return `${column} is now ${to}, was ${from}`;
  }
}
