import type { Remark } from '../ports/remark.ts';
import { placeOfCall } from './admission/shape.ts';
import { callOf } from './calls.ts';
import type { ParsedStatement } from './parse.ts';
import { visit } from './tree.ts';

/**
 * How far Athena's answer may be from the exact one. Source: the manual of Trino on approximate functions
 * (https://trino.io/docs/current/functions/aggregate.html), and its T-digest for percentiles.
 */
const APPROXIMATE: { readonly [name: string]: string } = {
  approx_distinct: 'usually within 2.3 % of it',
  approx_most_frequent:
    'which may count and choose differently where there are more values than its capacity',
  approx_percentile: 'of a place close to it in the order of the values',
};

/** What the reader of a statement's answer from this machine should know, in the order of the text, each function once. */
export function remarksOn({ ast, text }: Pick<ParsedStatement, 'ast' | 'text'>): readonly Remark[] {
  const found = new Map<string, Remark>();
  visit(ast, (object) => {
    const name = callOf(object)?.name ?? '';
    if (found.has(name) || !Object.hasOwn(APPROXIMATE, name)) return;
    found.set(name, {
      code: 'approximate',
      text: `${name} is computed exactly on this machine; Athena gives an approximate value, ${APPROXIMATE[name]}.`,
      ...placeOfCall(text, name),
    });
  });
  return [...found.values()];
}
