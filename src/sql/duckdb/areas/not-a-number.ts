import { NAN_COMPARISONS } from '../../nan-comparisons.ts';
import type { Area } from './area.ts';

/** Comparisons of doubles, among which DuckDB knows a place for NaN. */
export const NOT_A_NUMBER: Area = { macros: [], kinds: NAN_COMPARISONS };
