import type { FunctionGroup } from './group.ts';

/** Functions of texts. */
export const TEXTS: FunctionGroup = {
  supported: `
    chr codepoint concat concat_ws hamming_distance length levenshtein_distance lower lpad ltrim normalize
    regexp_count regexp_extract regexp_extract_all regexp_like regexp_position regexp_replace regexp_split replace
    reverse rpad rtrim split split_part starts_with strpos substr substring translate trim upper
  `,
  notInSpark: `
    hamming_distance normalize regexp_count regexp_extract_all regexp_position regexp_split
  `,
  refused: {
    format: ['its patterns are those of Java', 'put the parts together with ||, lpad and CAST'],
    luhn_check: ['DuckDB and Spark have no such function', 'check the number where it is loaded'],
    soundex: ['every engine codes names by other rules', 'compare lower(name), or levenshtein_distance'],
    word_stem: ['every engine shortens words by other rules', "compare with LIKE 'stem%'"],
  },
};
