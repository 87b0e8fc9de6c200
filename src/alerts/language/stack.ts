import type { Expr, StyledExpr } from './expr.ts';
import { isExpr } from './format.ts';
import { parseDouble, parseDuration, parseInteger } from './numbers.ts';
import type { Query } from './query.ts';
import { type Token, unescapeText } from './tokens.ts';

/** A list: words that are not run until `:call`, `:each` or `:map` runs them, or what `:list` has gathered. */
export interface List {
  readonly kind: 'list';
  readonly items: readonly Item[];
}

/** What the stack holds. */
export type Item = Token | List | Query | Expr | StyledExpr;

/** Readings of an item as what a word takes; undefined: it is none. */
export const asText = (item: Item): string | undefined => (item.kind === 'text' ? item.text : undefined);

export const asList = (item: Item): List | undefined => (item.kind === 'list' ? item : undefined);

export function asTexts(item: Item): string[] | undefined {
  if (item.kind !== 'list') return undefined;
  const texts = item.items.map((one) => (one.kind === 'text' ? unescapeText(one.text) : undefined));
  return texts.includes(undefined) ? undefined : (texts as string[]);
}

export function asInteger(item: Item): number | undefined {
  if (item.kind === 'text') return parseInteger(item.text);
  return item.kind === 'const' ? Math.trunc(item.value) : undefined;
}

export function asDouble(item: Item): number | undefined {
  if (item.kind === 'text') return parseDouble(item.text);
  return item.kind === 'const' ? item.value : undefined;
}

export const asDuration = (item: Item): number | undefined =>
  item.kind === 'text' ? parseDuration(item.text) : undefined;

const OTHERS = new Set(['text', 'list', 'styled']);

export const asQuery = (item: Item): Query | undefined =>
  OTHERS.has(item.kind) || isExpr(item) ? undefined : (item as Query);

/** A query is the sum of its datapoints, a number is itself at every step. */
export function asExpr(item: Item): Expr | undefined {
  if (isExpr(item)) return item;
  if (item.kind === 'text') {
    const value = parseDouble(item.text);
    return value === undefined ? undefined : { kind: 'const', value };
  }
  const query = asQuery(item);
  return query && { kind: 'data', aggregate: 'sum', query };
}

/** What a person would call it. */
export function nameOfKind(item: Item): string {
  if (item.kind === 'list') return 'a list';
  if (item.kind === 'text') return parseDouble(item.text) === undefined ? 'a text' : 'a number';
  return asQuery(item) ? 'a query' : 'an expression';
}
