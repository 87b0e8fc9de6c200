/** Tags of a datapoint or of a series. A map: a tag may be called `constructor`. */
export type Tags = ReadonlyMap<string, string>;

/** Which datapoints an expression reads. */
export type Query =
  | { readonly kind: 'true' }
  | { readonly kind: 'false' }
  | { readonly kind: 'has'; readonly key: string }
  | { readonly kind: CompareKind; readonly key: string; readonly value: string }
  | { readonly kind: PatternKind; readonly key: string; readonly value: string; readonly pattern: RegExp }
  | { readonly kind: 'in'; readonly key: string; readonly values: readonly string[] }
  | { readonly kind: 'and' | 'or'; readonly a: Query; readonly b: Query }
  | { readonly kind: 'not'; readonly query: Query };

export type CompareKind = 'eq' | 'lt' | 'le' | 'gt' | 'ge' | 'contains' | 'starts' | 'ends';
export type PatternKind = 're' | 'reic';

/** A query about one key. */
export type KeyQuery = Extract<Query, { key: string }>;

export const TRUE: Query = { kind: 'true' };
export const FALSE: Query = { kind: 'false' };

/** Whether a value of the key fulfils the query. */
export function fits(query: KeyQuery, value: string): boolean {
  switch (query.kind) {
    case 'has':
      return true;
    case 'eq':
      return value === query.value;
    case 'lt':
      return value < query.value;
    case 'le':
      return value <= query.value;
    case 'gt':
      return value > query.value;
    case 'ge':
      return value >= query.value;
    case 'contains':
      return value.includes(query.value);
    case 'starts':
      return value.startsWith(query.value);
    case 'ends':
      return value.endsWith(query.value);
    case 're':
    case 'reic':
      return query.pattern.test(value);
    case 'in':
      return query.values.includes(value);
  }
}

/** Whether tags fulfil a query. A key that is missing fulfils nothing but the negation of a query about it. */
export function matches(query: Query, tags: Tags): boolean {
  switch (query.kind) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'and':
      return matches(query.a, tags) && matches(query.b, tags);
    case 'or':
      return matches(query.a, tags) || matches(query.b, tags);
    case 'not':
      return !matches(query.query, tags);
    default: {
      const value = tags.get(query.key);
      return value !== undefined && fits(query, value);
    }
  }
}

export function and(a: Query, b: Query): Query {
  if (a.kind === 'true' || b.kind === 'false') return b;
  if (b.kind === 'true' || a.kind === 'false') return a;
  return { kind: 'and', a, b };
}

export function or(a: Query, b: Query): Query {
  if (a.kind === 'false' || b.kind === 'true') return b;
  if (b.kind === 'false' || a.kind === 'true') return a;
  return { kind: 'or', a, b };
}

export function not(query: Query): Query {
  if (query.kind === 'true') return FALSE;
  if (query.kind === 'false') return TRUE;
  return { kind: 'not', query };
}

/** Tags that every datapoint of the query has: of its `eq` that are joined by `and`. */
export function exactTags(query: Query, into = new Map<string, string>()): Map<string, string> {
  if (query.kind === 'and') exactTags(query.b, exactTags(query.a, into));
  else if (query.kind === 'eq') into.set(query.key, query.value);
  return into;
}

/** Every key that the query looks at. */
export function keysOf(query: Query): ReadonlySet<string> {
  if (query.kind === 'and' || query.kind === 'or') return new Set([...keysOf(query.a), ...keysOf(query.b)]);
  if (query.kind === 'not') return keysOf(query.query);
  return new Set('key' in query ? [query.key] : []);
}
