import { call } from '../../build.ts';
import { constantNumber } from '../../literal.ts';
import type { Ast } from '../../tree.ts';
import { elementOf } from '../../types/sql-type.ts';
import { macro, refused } from '../rewriting.ts';
import type { Area, RewrittenCall } from './area.ts';

/** A text of so many signs fills the memory of a session, and building it cannot be interrupted. */
const LONGEST = 50_000_000;

const padded = (name: string): string => `trino_${name}(x, n, filling) AS CASE
  WHEN filling = '' THEN error('${name} was given no sign to fill up with.')
  WHEN n < 0 THEN error('${name} was given a negative length.')
  WHEN n > ${LONGEST} THEN error('A text would become too large.')
  ELSE ${name}(x, CAST(n AS INTEGER), filling) END`;

/** Texts: parts of them, and what is made of several. */
export const TEXTS: Area = {
  macros: [
    `trino_concat(a, b) AS a || b`,
    `trino_concat_list(separator, list) AS trino_array_join_by(list, separator)`,
    `trino_split(x, separator) AS CASE WHEN separator = '' THEN error('split was given an empty separator.')
       WHEN separator IS NOT NULL THEN string_split(x, separator) END,
     (x, separator, n) AS CASE WHEN separator = '' THEN error('split was given an empty separator.')
       WHEN n <= 0 THEN error('The limit of split is at least 1.')
       WHEN n < len(string_split(x, separator))
       THEN list_append(string_split(x, separator)[1:n - 1], trino_array_join_by(string_split(x, separator)[n:], separator))
       WHEN separator IS NOT NULL AND n IS NOT NULL THEN string_split(x, separator) END`,
    `trino_split_part(x, separator, n) AS CASE WHEN n <= 0 THEN error('split_part counts from 1.')
       WHEN separator <> '' OR (separator IS NOT NULL AND x <> '')
       THEN CAST(string_split(x, separator)[CAST(n AS BIGINT)] AS VARCHAR) END`,
    // Past either end there is nothing, and 0 is no place.
    `trino_substr(x, start) AS CASE WHEN start <> 0 AND start >= -length(x) THEN substr(x, start)
       WHEN x IS NOT NULL AND start IS NOT NULL THEN '' END,
     (x, start, n) AS CASE WHEN start <> 0 AND start >= -length(x) AND n > 0 THEN substr(x, start, n)
       WHEN x IS NOT NULL AND start IS NOT NULL AND n IS NOT NULL THEN '' END`,
    // Finds overlap: 'aa' is twice in 'aaa'.
    `trino_strpos(x, part) AS CAST(strpos(x, part) AS BIGINT),
     (x, part, n) AS CASE WHEN n = 0 THEN error('strpos counts from 1, or from the end by -1.')
       WHEN x IS NULL OR part IS NULL OR n IS NULL THEN NULL WHEN part = '' THEN 1
       ELSE CAST(coalesce(list_filter(range(1, length(x) - length(part) + 2),
         lambda i: substr(x, i, length(part)) = part)[n], 0) AS BIGINT) END`,
    // An empty text is found before, between and after all signs.
    `trino_replace(x, part) AS replace(x, part, ''),
     (x, part, other) AS CASE WHEN part = '' THEN other || array_to_string(
         list_transform(string_split(x, ''), lambda c: CASE WHEN c = '' THEN '' ELSE c || other END), '')
       ELSE replace(x, part, other) END`,
    // DuckDB's own keeps a letter together with its accents.
    `trino_reverse(x) AS CASE WHEN strlen(x) = length(x) THEN reverse(x)
       ELSE array_to_string(list_reverse(string_split(x, '')), '') END`,
    padded('lpad'),
    padded('rpad'),
    `trino_chr(n) AS chr(CAST(n AS INTEGER))`,
    `trino_codepoint(x) AS CASE WHEN length(x) <> 1 THEN error('codepoint takes one sign.')
       ELSE CAST(unicode(x) AS INTEGER) END`,
    // DuckDB's own counts bytes: each letter beyond ASCII gets a byte of its own first.
    `trino_levenshtein_distance(a, b) AS CASE
       WHEN length(a) * length(b) > 1000000 THEN error('The texts of levenshtein_distance are too long.')
       WHEN strlen(a) = length(a) AND strlen(b) = length(b) THEN CAST(levenshtein(a, b) AS BIGINT)
       ELSE trino_letter_distance(a, b, list_distinct(string_split(a || b, ''))) END`,
    `trino_letter_distance(a, b, letters) AS CASE
       WHEN len(letters) > 127 THEN error('The texts of levenshtein_distance have too many different letters.')
       ELSE CAST(levenshtein(trino_renamed(a, letters), trino_renamed(b, letters)) AS BIGINT) END`,
    `trino_renamed(x, letters) AS translate(x, array_to_string(letters, ''),
       array_to_string(list_transform(range(1, len(letters) + 1), lambda i: chr(CAST(i AS INTEGER))), ''))`,
    `trino_hamming_distance(a, b) AS CASE
       WHEN length(a) <> length(b) THEN error('The texts of hamming_distance have other lengths.')
       WHEN a IS NOT NULL AND b IS NOT NULL
       THEN CAST(len(list_filter(range(1, length(a) + 1), lambda i: substr(a, i, 1) <> substr(b, i, 1))) AS BIGINT) END`,
  ],
  calls: {
    chr: macro('trino_chr'),
    codepoint: macro('trino_codepoint'),
    concat: ({ args }) => args.reduce((left, right) => call('trino_concat', left, right)),
    concat_ws: ({ args, argType }) =>
      elementOf(argType(1)) === undefined ? undefined : call('trino_concat_list', ...args),
    hamming_distance: macro('trino_hamming_distance'),
    length: (given) => (given.argType(0) === 'varbinary' ? call('octet_length', ...given.args) : undefined),
    levenshtein_distance: macro('trino_levenshtein_distance'),
    lpad: ofTexts('trino_lpad'),
    replace: macro('trino_replace'),
    rpad: ofTexts('trino_rpad'),
    split: macro('trino_split'),
    split_part: macro('trino_split_part'),
    strpos: macro('trino_strpos'),
    substr: (given) => (isInside(given) ? undefined : ofTexts('trino_substr')(given)),
  },
};

/** A macro for texts; Trino has the function for bytes, too, and DuckDB has not. */
function ofTexts(name: string) {
  return (given: RewrittenCall): Ast =>
    given.argType(0) === 'varbinary'
      ? refused(
          given.node,
          given.text,
          'parts of binary values cannot be taken here',
          'take the part of the text, before to_utf8 or after to_hex',
        )
      : call(name, ...given.args);
}

/** `substr(x, 2)`, `substr(x, 1, 3)`: what DuckDB takes alike. */
function isInside({ args, argType }: RewrittenCall): boolean {
  const [start, count] = args.slice(1).map((argument) => constantNumber(argument) ?? 0);
  return argType(0) !== 'varbinary' && start !== undefined && start > 0 && (count === undefined || count > 0);
}
