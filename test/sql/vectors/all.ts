import { ADMISSION } from './admission.ts';
import { AGGREGATES } from './aggregates.ts';
import { APPROXIMATE } from './approximate.ts';
import { BINARY } from './binary.ts';
import { CASTS } from './casts.ts';
import { FOUND } from './found.ts';
import { GENERAL } from './general.ts';
import { JSON_TEXTS } from './json.ts';
import { JSON_VALUES } from './json-values.ts';
import { LISTS } from './lists.ts';
import { MAPS } from './maps.ts';
import { NARROW } from './narrow.ts';
import { NUMBERS } from './numbers.ts';
import { ORDERS } from './orders.ts';
import { REGEXP } from './regexp.ts';
import { SCOPING } from './scoping.ts';
import { TEXTS } from './texts.ts';
import { TIMES } from './times.ts';
import { TYPING } from './typing.ts';
import type { Vectors } from './vectors.ts';
import { ZONED_TIMES } from './zoned.ts';

/** All vectors by area; the answers of an area lie in `recorded/<area>.jsonl`. */
export const VECTORS: { readonly [area: string]: Vectors } = {
  admission: ADMISSION,
  aggregates: AGGREGATES,
  approximate: APPROXIMATE,
  binary: BINARY,
  casts: CASTS,
  found: FOUND,
  general: GENERAL,
  json: JSON_TEXTS,
  'json-values': JSON_VALUES,
  lists: LISTS,
  maps: MAPS,
  narrow: NARROW,
  numbers: NUMBERS,
  orders: ORDERS,
  regexp: REGEXP,
  scoping: SCOPING,
  texts: TEXTS,
  times: TIMES,
  typing: TYPING,
  zoned: ZONED_TIMES,
};
