import { CASTS } from './casts.ts';
import { DECIMALS } from './decimals.ts';
import type { Idioms } from './idiom.ts';
import { NUMBERS } from './numbers.ts';
import { AGGREGATES, JOINS, SETS, WINDOWS } from './queries.ts';
import { ARRAYS, JSONS, TEXTS } from './texts.ts';
import { TIME_PATTERNS, TIMES, ZONES } from './times.ts';

const TOPICS: { readonly [topic: string]: Idioms } = {
  numbers: NUMBERS,
  decimals: DECIMALS,
  casts: CASTS,
  times: TIMES,
  zones: ZONES,
  'time patterns': TIME_PATTERNS,
  texts: TEXTS,
  json: JSONS,
  arrays: ARRAYS,
  joins: JOINS,
  aggregates: AGGREGATES,
  windows: WINDOWS,
  sets: SETS,
};

/** Every idiom by topic and name. */
export const IDIOMS: Idioms = Object.fromEntries(
  Object.entries(TOPICS).flatMap(([topic, idioms]) =>
    Object.entries(idioms).map(([name, sql]) => [`${topic}: ${name}`, sql]),
  ),
);
