import { holdsType, type LakeType } from '../campus/lake-type.ts';
import type { LoadColumn } from '../loads/load.ts';

export interface SchemaChange {
  /** Whether increments under the new schema can be merged into rows loaded under the old one. */
  readonly compatible: boolean;
  /** What changed, each in plain words, column by column. */
  readonly changes: string[];
}

/**
 * Compares two versions of a source's schema. Compatible: a new column that may be empty (rows loaded earlier have
 * nothing there), a column gone, a wider type. Everything else (another key, another type, a new column that is never
 * empty) makes rows loaded earlier wrong, and asks for a snapshot.
 *
 * So does a required column that may now be empty: Canvas corrects schemas that way whose exports had left out every
 * row without that value (40 columns of 25 tables in April 2026), and such rows need not come as changes.
 */
export function compareSchemas(before: readonly LoadColumn[], after: readonly LoadColumn[]): SchemaChange {
  const changes: string[] = [];
  let compatible = true;
  const note = (text: string, fits: boolean) => {
    changes.push(text);
    compatible &&= fits;
  };
  const known = byName(before);
  for (const column of after) {
    const old = known.get(nameOf(column));
    known.delete(nameOf(column));
    if (!old) {
      note(`${column.name} (${column.type}) is new`, column.section === 'value' && column.nullable);
      continue;
    }
    if (old.type !== column.type) {
      const fits = column.section === 'value' && isSameValue(old.type, column.type);
      note(`${column.name} was ${old.type} and is ${column.type}`, fits);
    }
    if (old.nullable !== column.nullable) {
      const now = column.nullable
        ? 'may now be empty: rows without it may have been left out until now'
        : 'is never empty any more';
      note(`${column.name} ${now}`, false);
    }
  }
  for (const gone of known.values()) note(`${gone.name} is gone`, gone.section === 'value');
  return { compatible, changes };
}

/** Whether values keep their form in the wider type. As text they need not: `1.50` was delivered as a number 1.5. */
const isSameValue = (from: LakeType, to: LakeType): boolean => to !== 'varchar' && holdsType(to, from);

const nameOf = (column: LoadColumn) => `${column.section}.${column.name}`;
const byName = (columns: readonly LoadColumn[]) => new Map(columns.map((c) => [nameOf(c), c]));
