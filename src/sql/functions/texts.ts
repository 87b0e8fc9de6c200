import type { FunctionGroup } from './group.ts';

/** Functions of texts. */
export const TEXTS: FunctionGroup = {
  supported: `
    chr codepoint concat concat_ws length levenshtein_distance lower lpad ltrim regexp_extract
    regexp_like regexp_replace replace reverse rpad rtrim split split_part starts_with strpos substr
    substring translate trim upper
  `,
  refused: {},
};
