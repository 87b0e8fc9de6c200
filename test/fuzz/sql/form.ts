import type { FuzzType } from './sql-text.ts';

/**
 * An expression: `$0`, `$1` … are expressions of the types that follow, § is a dollar. What an argument may be is written
 * out where a function takes but few values (units, patterns, paths).
 */
export type Form = readonly [text: string, ...types: FuzzType[]];

export type FormsByType = { readonly [type in FuzzType]?: readonly Form[] };

/** A form for each unit, or field. */
export const times = (text: string, units: readonly string[], ...types: FuzzType[]): Form[] =>
  units.map((unit) => [text.replace('UNIT', () => unit), ...types]);

export const DATE_UNITS = ['day', 'week', 'month', 'quarter', 'year'];
export const TIME_UNITS = [...DATE_UNITS, 'hour', 'minute', 'second'];
