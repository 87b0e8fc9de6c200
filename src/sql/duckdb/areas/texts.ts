import { macro } from '../rewriting.ts';
import type { Area } from './area.ts';

/** Texts, and the patterns that they are searched with. */
export const TEXTS: Area = {
  macros: [
    `trino_concat(a, b) AS a || b, (a, b, c) AS a || b || c, (a, b, c, d) AS a || b || c || d,
       (a, b, c, d, e) AS a || b || c || d || e, (a, b, c, d, e, f) AS a || b || c || d || e || f`,
    `trino_split_part(x, separator, n) AS string_split(x, separator)[n]`,
    // Its capital is two letters in Spark and a sign of its own in DuckDB; Trino leaves it as it is.
    `trino_upper(x) AS CASE WHEN contains(x, 'ß')
       THEN array_to_string(list_transform(string_split(x, 'ß'), lambda part: upper(part)), 'ß') ELSE upper(x) END`,
    `trino_regexp_extract(x, pattern) AS CASE WHEN regexp_matches(x, pattern) THEN regexp_extract(x, pattern) END,
       (x, pattern, n) AS CASE WHEN regexp_matches(x, pattern) THEN regexp_extract(x, pattern, n) END`,
    `trino_regexp_replace(x, pattern) AS regexp_replace(x, pattern, '', 'g'),
       (x, pattern, other) AS regexp_replace(x, pattern, other, 'g')`,
    `trino_levenshtein_distance(a, b) AS levenshtein(a, b)`,
    `regexp_like(x, pattern) AS regexp_matches(x, pattern)`,
    `codepoint(x) AS unicode(x)`,
  ],
  calls: {
    concat: macro('trino_concat'),
    levenshtein_distance: macro('trino_levenshtein_distance'),
    regexp_extract: macro('trino_regexp_extract'),
    regexp_replace: macro('trino_regexp_replace'),
    split_part: macro('trino_split_part'),
    upper: macro('trino_upper'),
  },
};
