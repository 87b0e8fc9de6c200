import type { Area } from './area.ts';
import { CASTS } from './casts.ts';
import { GENERAL } from './general.ts';
import { JSON_TEXTS } from './json.ts';
import { LETTER_CASE } from './letter-case.ts';
import { LIKE } from './like.ts';
import { LISTS } from './lists.ts';
import { NUMBERS } from './numbers.ts';
import { TEXTS } from './texts.ts';
import { TIMES } from './times.ts';
import { TRIM } from './trim.ts';
import { UNICODE } from './unicode.ts';

/** In the order in which they are asked about a kind of node. */
export const AREAS: readonly Area[] = [
  NUMBERS,
  TIMES,
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
