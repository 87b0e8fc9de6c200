import type { FunctionGroup } from './group.ts';

/** Functions of arrays, maps and rows. */
export const LISTS: FunctionGroup = {
  supported: `
    all_match any_match array_distinct array_join array_max array_min array_position array_sort
    cardinality contains element_at filter none_match reduce sequence transform
  `,
  refused: {
    map: ['maps are no type of the lake', 'keep JSON as text, or a table with a row for each key'],
    row: ['rows are no type of the lake', 'name the fields as columns of their own'],
  },
};
