import { AGGREGATES } from './aggregates.ts';
import { APPROXIMATE } from './approximate.ts';
import type { Area } from './area.ts';
import { ARITHMETIC } from './arithmetic.ts';
import { ARRAYS } from './arrays.ts';
import { CASTS } from './casts.ts';
import { COMPARISONS } from './comparisons.ts';
import { GENERAL } from './general.ts';
import { GROUPS_TO_LISTS } from './groups-to-lists.ts';
import { HASHING } from './hashing.ts';
import { INTERVALS } from './intervals.ts';
import { JSON_TEXTS } from './json.ts';
import { JSON_STANDARD } from './json-standard.ts';
import { JSON_VALUES } from './json-values.ts';
import { LAMBDAS } from './lambdas.ts';
import { LETTER_CASE } from './letter-case.ts';
import { LIKE } from './like.ts';
import { MAPS } from './maps.ts';
import { NOT_A_NUMBER } from './not-a-number.ts';
import { NUMBERS } from './numbers.ts';
import { REGEXP } from './regexp.ts';
import { ROWS } from './rows.ts';
import { SEQUENCES } from './sequences.ts';
import { TEXTS } from './texts.ts';
import { TIME_PATTERNS } from './time-patterns.ts';
import { TIMES } from './times.ts';
import { TRIM } from './trim.ts';
import { UNICODE } from './unicode.ts';
import { UNNESTS } from './unnest.ts';
import { URLS } from './urls.ts';
import { WINDOWS } from './windows.ts';
import { ZONED_TIMES } from './zoned.ts';

/** What is said of arrays, maps and rows comes before what is said of all other values. */
const LISTS: readonly Area[] = [
  JSON_VALUES,
  ROWS,
  MAPS,
  ARRAYS,
  LAMBDAS,
  SEQUENCES,
  GROUPS_TO_LISTS,
  COMPARISONS,
  UNNESTS,
];

/** In the order in which they are asked about a kind of node, or a call: times with a zone before all others. */
export const AREAS: readonly Area[] = [
  ...LISTS,
  ZONED_TIMES,
  INTERVALS,
  TIMES,
  TIME_PATTERNS,
  ARITHMETIC,
  NUMBERS,
  GENERAL,
  TEXTS,
  TRIM,
  LETTER_CASE,
  LIKE,
  REGEXP,
  UNICODE,
  HASHING,
  URLS,
  JSON_TEXTS,
  JSON_STANDARD,
  CASTS,
  APPROXIMATE,
  AGGREGATES,
  WINDOWS,
  NOT_A_NUMBER,
];
