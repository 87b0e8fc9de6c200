import type { Area } from './area.ts';
import { CASTS } from './casts.ts';
import { GENERAL } from './general.ts';
import { INTERVALS } from './intervals.ts';
import { JSON_TEXTS } from './json.ts';
import { LETTER_CASE } from './letter-case.ts';
import { LIKE } from './like.ts';
import { LISTS } from './lists.ts';
import { NUMBERS } from './numbers.ts';
import { TEXTS } from './texts.ts';
import { TIME_PATTERNS } from './time-patterns.ts';
import { TIMES } from './times.ts';
import { TRIM } from './trim.ts';
import { UNICODE } from './unicode.ts';
import { ZONED_TIMES } from './zoned.ts';

/** In the order in which they are asked about a kind of node, or a call: times with a zone before all others. */
export const AREAS: readonly Area[] = [
  ZONED_TIMES,
  INTERVALS,
  TIMES,
  TIME_PATTERNS,
  NUMBERS,
  GENERAL,
  TEXTS,
  TRIM,
  LETTER_CASE,
  LIKE,
  UNICODE,
  JSON_TEXTS,
  LISTS,
  CASTS,
];
