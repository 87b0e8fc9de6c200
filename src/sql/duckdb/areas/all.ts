import type { Area } from './area.ts';
import { CASTS } from './casts.ts';
import { GENERAL } from './general.ts';
import { JSON_TEXTS } from './json.ts';
import { LISTS } from './lists.ts';
import { NUMBERS } from './numbers.ts';
import { TEXTS } from './texts.ts';
import { TIMES } from './times.ts';

export const AREAS: readonly Area[] = [NUMBERS, TIMES, GENERAL, TEXTS, JSON_TEXTS, LISTS, CASTS];
