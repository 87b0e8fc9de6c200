import type { LakeType } from '../campus/lake-type.ts';
import type { LoadColumn } from '../loads/load.ts';

export interface SchemaChange {
  /** Whether increments under the new schema can be merged into rows loaded under the old one. */
  readonly compatible: boolean;
  /** What changed, each in plain words, column by column. */
  readonly changes: string[];
}

/** Types that hold every value of the type before, exactly. */
const WIDER: Partial<Record<LakeType, readonly LakeType[]>> = {
  integer: ['bigint', 'double'],
  real: ['double'],
  date: ['timestamp'],
};

/**
 * Compares two versions of a source's schema. Compatible: a new column that may be empty (rows loaded earlier have
 * nothing there), a column gone, a required column that may now be empty, a wider type. Everything else (another
 * key, another type, a new column that is never empty) makes rows loaded earlier wrong, and asks for a snapshot.
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
      const fits = column.section === 'value' && isWider(old.type, column.type);
      note(`${column.name} was ${old.type} and is ${column.type}`, fits);
    }
    if (old.nullable !== column.nullable)
      note(
        `${column.name} ${column.nullable ? 'may now be empty' : 'is never empty any more'}`,
        column.nullable,
      );
  }
  for (const gone of known.values()) note(`${gone.name} is gone`, gone.section === 'value');
  return { compatible, changes };
}

function isWider(from: LakeType, to: LakeType): boolean {
  return WIDER[from]?.includes(to) ?? false;
}

const nameOf = (column: LoadColumn) => `${column.section}.${column.name}`;
const byName = (columns: readonly LoadColumn[]) => new Map(columns.map((c) => [nameOf(c), c]));
