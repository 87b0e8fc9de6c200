import type { MaskKey } from '../../../access/mask-keys.ts';
import { maskSql } from '../../../access/portable-sql.ts';
import type { LakeType } from '../../../campus/lake-type.ts';
import { parseShown } from '../../../campus/masks.ts';
import type { StagedColumn } from '../../../ports/staging.ts';
import { KEYS } from './pseudonym-sql.ts';
import { trinoType } from './types.ts';

/** The columns of `KEYS` by which dates are shifted: Athena keeps the text of every statement. */
export const SHIFT_KEY = { inner: 'shift_inner', outer: 'shift_outer' } as const;

const KEY_COLUMNS: MaskKey = { inner: `${KEYS}.${SHIFT_KEY.inner}`, outer: `${KEYS}.${SHIFT_KEY.outer}` };

/** The value of a column of the same record; undefined where the files have none. */
export type Sibling = (name: string) => { readonly sql: string; readonly type: LakeType } | undefined;

/**
 * What is stored of a value by the mask of its column.
 * @param value SQL of the value, of the column's type
 */
export function storedMask({ mask, type }: StagedColumn, value: string, sibling: Sibling): string {
  const shown = parseShown(mask!);
  // No stored mask goes by the calendar.
  const masked = maskSql(shown, value, type, { context: { year: 0, keyOf: () => KEY_COLUMNS }, sibling });
  // Where nothing tells whose date it is, there is none.
  return masked === undefined || shown.kind === 'empty' ? `CAST(NULL AS ${trinoType(type)})` : masked;
}
