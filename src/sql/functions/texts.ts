import type { FunctionGroup } from './group.ts';

/** Functions of texts. */
export const TEXTS: FunctionGroup = {
  supported: `
    chr codepoint concat concat_ws hamming_distance length levenshtein_distance lower lpad ltrim normalize
    regexp_extract regexp_like regexp_replace replace reverse rpad rtrim split split_part starts_with strpos substr
    substring translate trim upper
  `,
  notInSpark: `
    hamming_distance normalize
  `,
  refused: {
    format: ['its patterns are those of Java', 'put the parts together with ||, lpad and CAST'],
    luhn_check: ['DuckDB and Spark have no such function', 'check the number where it is loaded'],
    soundex: ['every engine codes names by other rules', 'compare lower(name), or levenshtein_distance'],
    word_stem: ['every engine shortens words by other rules', "compare with LIKE 'stem%'"],
  },
};
