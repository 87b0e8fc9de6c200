import { parseShown } from '../campus/masks.ts';
import type { DefinedColumn } from '../ports/tables.ts';

/** Whether what is stored of a column is made with the campus's secret keys: pseudonyms and shifted dates. */
export const isKeyedColumn = (column: Pick<DefinedColumn, 'treatment' | 'mask'>): boolean =>
  column.treatment === 'pseudonym' || isShifted(column);

/** Whether its dates are shifted. */
export const isShifted = ({ mask }: Pick<DefinedColumn, 'mask'>): boolean =>
  mask !== undefined && parseShown(mask).kind === 'shift';
