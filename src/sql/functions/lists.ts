import type { FunctionGroup } from './group.ts';

/** Functions of arrays, maps and rows. */
export const LISTS: FunctionGroup = {
  supported: `
    all_match any_match array_distinct array_except array_intersect array_join array_max array_min array_position
    array_remove array_sort array_union arrays_overlap cardinality combinations contains element_at filter flatten
    ngrams none_match reduce repeat sequence slice transform trim_array zip zip_with
  `,
  notInSpark: `
    array_except array_intersect array_remove array_union arrays_overlap combinations flatten ngrams repeat slice
    trim_array zip zip_with
  `,
  refused: {
    map: ['maps are no type of the lake', 'keep JSON as text, or a table with a row for each key'],
    row: ['rows are no type of the lake', 'name the fields as columns of their own'],
    shuffle: ['the order that it gives is another one each time', 'array_sort the array'],
  },
};
