import type { FunctionGroup } from './group.ts';

/** Functions of arrays, maps and rows. */
export const LISTS: FunctionGroup = {
  supported: `
    all_match any_match array_distinct array_except array_histogram array_intersect array_join array_max array_min
    array_position array_remove array_sort array_union arrays_overlap cardinality combinations contains element_at
    filter flatten histogram map map_agg map_concat map_entries map_filter map_from_entries map_keys map_union
    map_values map_zip_with multimap_agg multimap_from_entries ngrams none_match reduce repeat row sequence slice
    split_to_map transform transform_keys transform_values trim_array zip zip_with
  `,
  notInSpark: `
    array_except array_histogram array_intersect array_remove array_union arrays_overlap combinations flatten
    histogram map map_agg map_concat map_entries map_filter map_from_entries map_keys map_union map_values map_zip_with
    multimap_agg multimap_from_entries ngrams repeat row slice split_to_map transform_keys transform_values trim_array
    zip zip_with
  `,
  refused: {
    split_to_multimap: [
      'its keys have another order in every engine',
      'UNNEST(split(x, between)) and split_part',
    ],
    shuffle: ['the order that it gives is another one each time', 'array_sort the array'],
  },
};
