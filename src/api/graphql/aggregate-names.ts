import type { LakeType } from '../../campus/lake-type.ts';
import { isNumeric, isOrdered } from './scalars.ts';

/** Functions over one column, each with the columns that it takes. */
export const FUNCTIONS: readonly (readonly [fn: string, takes: (type: LakeType) => boolean])[] = [
  ['avg', isNumeric],
  ['max', isOrdered],
  ['min', isOrdered],
  ['stddev', isNumeric],
  ['stddev_pop', isNumeric],
  ['stddev_samp', isNumeric],
  ['sum', isNumeric],
  ['var_pop', isNumeric],
  ['var_samp', isNumeric],
  ['variance', isNumeric],
];
