import { keysOf, STORED_SHIFT } from '../../../access/mask-keys.ts';
import { type MaskDialect, maskIn } from '../../../access/postgres-sql.ts';
import type { LakeType } from '../../../campus/lake-type.ts';
import { parseShown } from '../../../campus/masks.ts';
import type { StagedColumn, StagedTableSpec } from '../../../ports/staging.ts';
import type { PseudonymKeys } from '../../../privacy/pseudonym.ts';
import { missingKey } from './errors.ts';
import { duckType } from './types.ts';

/** DuckDB's SQL for masks: what `maskSql` makes in Athena's. */
export const DUCKDB_MASKS: MaskDialect = {
  spell: duckType,
  fromLastAt: (of) => `regexp_extract(${of}, '@[^@]*$')`,
  digest: (of) => `sha256(${of})`,
  number: (digits) => `CAST('0x' || ${digits} AS BIGINT)`,
  divided: '//',
  addDays: (column, days, type) => `CAST(${column} + to_days(CAST(${days} AS INTEGER)) AS ${duckType(type)})`,
};

/** What a mask needs of the rows that are staged. */
export interface MaskedRead {
  readonly spec: StagedTableSpec;
  readonly pseudonymKeys?: PseudonymKeys;
  /** The value of another column of the same record as the source has it, in its own type; undefined: none is there. */
  readonly sibling: (column: StagedColumn) => { readonly sql: string; readonly type: LakeType } | undefined;
}

/**
 * What is stored of a value by the mask of its column.
 * @param value SQL of the value, of the column's type
 * @throws EngineError where dates are to be shifted and the campus has no key
 */
export function storedMask(column: StagedColumn, value: string, read: MaskedRead): string {
  const { spec, pseudonymKeys } = read;
  const shown = parseShown(column.mask!);
  const newest = pseudonymKeys?.at(-1);
  if (shown.kind === 'shift' && !newest) throw missingKey(spec.table, column.name);
  const masked = maskIn(DUCKDB_MASKS, shown, value, column.type, {
    // No stored mask goes by the calendar.
    context: { year: 0, ...(newest ? { keyOf: () => keysOf(newest)(STORED_SHIFT) } : {}) },
    sibling(name) {
      const by = spec.columns.find((one) => one.name === name);
      return by && read.sibling(by);
    },
  });
  // Nothing tells whose date it is.
  return masked ?? `CAST(NULL AS ${duckType(column.type)})`;
}
