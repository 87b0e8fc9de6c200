import { callOf } from '../calls.ts';
import { type Ast, type AstObject, isObject, visit } from '../tree.ts';
import { tried } from '../tries.ts';
import type { Types } from '../types/infer.ts';
import type { Finding } from './finding.ts';

/** What the types of a node's parts show to be no SQL of Athena's, or to have other digits in another engine. */
export function findByTypes(object: AstObject, types: Types): Finding | undefined {
  const found = types.finding(object);
  if (found) return [found.what, found.portable, found.code];
  const [[kind, data] = ['', undefined], ...others] = Object.entries(object);
  if (others.length > 0 || !isObject(data)) return undefined;
  if (kind === 'cast' || kind === 'try_cast') return converted(data, types);
  const call = callOf(object);
  if (call?.name === 'nullif' && call.args.some(holdsTry)) return TRIED_IN_NULLIF;
  if (call?.name === 'try' && tried(call.args[0], types.of).unknown) return UNCAUGHT;
  return undefined;
}

const UNCAUGHT: Finding = [
  'try is known here around casts, calculations and comparisons, and this holds something else',
  'use TRY_CAST, nullif or CASE inside of it, and leave try out; element_at(a, n) for a[n]',
];
/** Trino 476 fails of itself there, with an internal error, at the first row for which the `try` is needed. */
const TRIED_IN_NULLIF: Finding = [
  'try is inside nullif, where Athena fails with an internal error',
  'use TRY_CAST, or CASE WHEN x = y THEN NULL ELSE x END',
];
function holdsTry(expression: Ast): boolean {
  let isHeld = false;
  visit(expression, (object) => {
    isHeld ||= callOf(object)?.name === 'try';
  });
  return isHeld;
}
const INTERVAL: Finding = [
  'an interval is written differently by every engine',
  "take its length as a number: to_milliseconds(i), date_diff('minute', from, to)",
];
const UNWRITABLE: { readonly [type: string]: Finding } = {
  'interval day to second': INTERVAL,
  'interval year to month': INTERVAL,
  double: [
    'a double is written differently by every engine',
    'round it and CAST it to a decimal or a bigint first',
  ],
  real: [
    'a real is written differently by every engine',
    'round it and CAST it to a decimal or a bigint first',
  ],
  timestamp: [
    'a timestamp is written differently by every engine',
    "write format_datetime(t, 'yyyy-MM-dd HH:mm:ss')",
  ],
};

function converted(data: AstObject, types: Types): Finding | undefined {
  const to = isObject(data.to) ? String(data.to.data_type) : '';
  const from = types.of(data.this);
  if (to !== 'var_char' || from === undefined) return undefined;
  return Object.hasOwn(UNWRITABLE, from) ? UNWRITABLE[from] : undefined;
}

const OTHER_TYPES = new Set(['char', 'json', 'float', 'custom']);

/** What a CAST names that is no type of the lake, or no type at all without more being said. */
export function findInCast(to: AstObject): Finding | undefined {
  const type = String(to.data_type);
  if (type === 'decimal' && typeof to.precision !== 'number') {
    return ['a decimal without its digits is another one in every engine', 'write them: decimal(10,2)'];
  }
  if (type === 'timestamp' && to.timezone === true) {
    return ['a time with a zone cannot be kept in a table', 'timestamps are UTC: CAST(x AS timestamp)'];
  }
  return OTHER_TYPES.has(type) && to.real_spelling !== true
    ? [
        `${type.replaceAll('_', '')} is no type of the lake`,
        'boolean, integer, bigint, real, double, decimal(p,s), varchar, varbinary, date, time and timestamp are',
      ]
    : undefined;
}
