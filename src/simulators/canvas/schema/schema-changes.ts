import type { Change, Row } from '../../college/college.ts';
import { type DapColumn, type DapTable, type DapType, UNSPECIFIED } from './dap-types.ts';

/**
 * A change of a table's schema at an instant; each raises the version by one. These are the changes that the
 * platform has made in the past, and the removal of a column.
 */
export interface SchemaChange {
  readonly namespace: string;
  readonly table: string;
  /** Epoch ms of the simulator's clock. */
  readonly at: number;
  readonly change: ColumnChange;
}

export type ColumnChange =
  /** A new optional column; `value` fills it in rows changed from then on, or `everywhere`: in all that are asked for. */
  | {
      readonly do: 'add';
      readonly column: string;
      readonly type: DapType;
      readonly value?: string | number | boolean;
      readonly everywhere?: boolean;
    }
  /**
   * From required to optional. With `missing`, one row in so many had no value there and was left out of everything
   * until now, as the platform's export once did; only a snapshot brings it.
   */
  | { readonly do: 'relax'; readonly column: string; readonly missing?: number }
  /** To a type that holds every value of the old one. */
  | { readonly do: 'widen'; readonly column: string; readonly to: DapType }
  | { readonly do: 'add-word'; readonly column: string; readonly word: string }
  | { readonly do: 'drop'; readonly column: string };

/** The schema of a table after those of the changes that have happened, and its version. */
export function schemaAt(
  table: DapTable,
  changes: readonly SchemaChange[],
  at: number,
): { table: DapTable; version: number } {
  const happened = changes
    .filter((c) => c.namespace === table.namespace && c.table === table.name && c.at <= at)
    .sort((a, b) => a.at - b.at);
  const columns = happened.reduce<readonly DapColumn[]>(
    (so, c) => applied(so, c.change, c.at),
    table.columns,
  );
  return { table: { ...table, columns }, version: 1 + happened.length };
}

function applied(columns: readonly DapColumn[], change: ColumnChange, at: number): readonly DapColumn[] {
  const replace = (edit: (column: DapColumn) => DapColumn) =>
    columns.map((c) => (c.name === change.column ? edit(c) : c));
  switch (change.do) {
    case 'add': {
      const filled =
        change.value === undefined
          ? {}
          : { filled: { from: change.everywhere ? Number.NEGATIVE_INFINITY : at, value: change.value } };
      const added: DapColumn = {
        name: change.column,
        type: change.type,
        required: false,
        section: 'value',
        ...filled,
      };
      return [...columns.filter((c) => c.name !== change.column), added];
    }
    case 'relax':
      return replace((c) => ({
        ...c,
        required: false,
        ...(change.missing ? { missing: (row: Row) => isMissing(row, columns, change.missing!) } : {}),
      }));
    case 'widen':
      return replace((c) => ({ ...c, type: change.to }));
    case 'add-word':
      return replace((c) => ({ ...c, type: withWord(c.type, change.word) }));
    case 'drop':
      return columns.filter((c) => c.name !== change.column || c.section === 'key');
  }
}

/** Which rows of a table are handed out: not those that lack a column which is required still. */
export function isThereAt(
  table: DapTable,
  changes: readonly SchemaChange[],
  at: number,
): (change: Change) => boolean {
  const hiding = changes.filter(
    (c) => c.namespace === table.namespace && c.table === table.name && c.at > at,
  );
  const shares = hiding.flatMap(({ change }) =>
    change.do === 'relax' && change.missing ? [change.missing] : [],
  );
  return ({ row }) => !shares.some((share) => isMissing(row, table.columns, share));
}

/** One row in so many, chosen by its key. */
function isMissing(row: Row, columns: readonly DapColumn[], share: number): boolean {
  const key = columns.filter(({ section }) => section === 'key').map(({ name }) => String(row[name]));
  let sum = 0;
  for (const letter of key.join('|')) sum = (sum * 31 + letter.codePointAt(0)!) % 1_000_003;
  return sum % share === 0;
}

function withWord(type: DapType, word: string): DapType {
  if (type.kind !== 'enum') return type;
  return { kind: 'enum', values: [...type.values.filter((v) => v !== UNSPECIFIED), word, UNSPECIFIED] };
}
