import { type FormsByType, times } from './form.ts';

/** Patterns that take in or leave out ends, white space, digits, letters beyond ASCII, and groups that find nothing. */
const PATTERNS = [
  'a',
  '^[A-Z]',
  '[^a-z]+',
  '\\d+',
  '\\s',
  '(a|b)c?',
  '(?i)ZO.',
  '.{2}',
  '^-?\\d+(\\.\\d+)?$',
  '([a-z]+)[^a-z]([a-z]*)',
  '[.*%_]',
  '\\bJ\\w+',
  '(?:x|y)\\.',
  '[ß-ÿ]|[李]',
];
const GROUPED = ['(a|b)(c)?', '(\\d)(\\d)?', '(?<first>[a-z]),([a-z])?', '^(.)(.*)$'];

/** Regular expressions. */
export const PATTERN_CALLS: FormsByType = {
  boolean: times("regexp_like($0, 'UNIT')", PATTERNS, 'varchar'),
  bigint: [
    ...times("regexp_count($0, 'UNIT')", PATTERNS, 'varchar'),
    ...times("regexp_position($0, 'UNIT')", PATTERNS, 'varchar'),
  ],
  varchar: [
    ...times("regexp_extract($0, 'UNIT')", PATTERNS, 'varchar'),
    ...times("regexp_extract($0, 'UNIT', 2)", GROUPED, 'varchar'),
    ...times("regexp_replace($0, 'UNIT', '-')", PATTERNS, 'varchar'),
    ...times("regexp_replace($0, 'UNIT', '<§2§1>')", GROUPED, 'varchar'),
    ["regexp_replace($0, '([a-z])([a-z])', m -> upper(m[2]) || m[1])", 'varchar'],
    ["regexp_replace($0, '(?<first>[a-z]),', '§{first};')", 'varchar'],
  ],
  'array(varchar)': [
    ...times("regexp_extract_all($0, 'UNIT')", PATTERNS, 'varchar'),
    ...times("regexp_extract_all($0, 'UNIT', 1)", GROUPED, 'varchar'),
    ...times(
      "regexp_split($0, 'UNIT')",
      PATTERNS.filter((pattern) => !/^\^|\\b/.test(pattern)),
      'varchar',
    ),
  ],
};
