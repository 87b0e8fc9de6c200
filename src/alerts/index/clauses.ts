import { formatQuery } from '../language/format.ts';
import { fits, type KeyQuery, type Query } from '../language/query.ts';

/** What one clause asks of one key. */
export type Condition =
  /** Exactly this value. */
  | { readonly equals: string }
  /** Everything that `fits` says, by the value or by there being none. */
  | {
      readonly id: string;
      /** Whether a datapoint without the key fulfils it. */
      readonly mayMiss: boolean;
      /** A text with which every value begins that fulfils it. */
      readonly prefix: string;
      fits(value: string): boolean;
    };

/** Conditions that all have to hold, one a key, the key `name` first and the others in order. */
export type Clause = readonly (readonly [key: string, condition: Condition])[];

/** A query with more clauses is not taken apart: each of them would be looked up. */
const MOST_CLAUSES = 256;
/** Lists of `:in` of at most so many values are as many clauses. */
const SHORT_LIST = 16;

type Literal = { readonly query: KeyQuery; readonly negated: boolean };

/** The query in disjunctive normal form; undefined where it has too many clauses. */
export function clausesOf(query: Query): Clause[] | undefined {
  const all = disjuncts(query, false);
  return all?.flatMap((literals) => {
    const clause = clauseOf(literals);
    return clause ? [clause] : [];
  });
}

function disjuncts(query: Query, negated: boolean): Literal[][] | undefined {
  switch (query.kind) {
    case 'true':
    case 'false':
      return (query.kind === 'true') !== negated ? [[]] : [];
    case 'not':
      return disjuncts(query.query, !negated);
    case 'and':
    case 'or': {
      const a = disjuncts(query.a, negated);
      const b = disjuncts(query.b, negated);
      if (!a || !b) return undefined;
      const isAnd = (query.kind === 'and') !== negated;
      if ((isAnd ? a.length * b.length : a.length + b.length) > MOST_CLAUSES) return undefined;
      return isAnd ? a.flatMap((some) => b.map((others) => [...some, ...others])) : [...a, ...b];
    }
    case 'in': {
      if (negated || query.values.length > SHORT_LIST) return [[{ query, negated }]];
      return [...new Set(query.values)].map((value) => [
        { query: { kind: 'eq', key: query.key, value }, negated: false },
      ]);
    }
    default:
      return [[{ query, negated }]];
  }
}

/** One condition a key; undefined where two of them contradict each other. */
function clauseOf(literals: readonly Literal[]): Clause | undefined {
  const byKey = new Map<string, Literal[]>();
  for (const literal of literals) {
    const { key } = literal.query;
    byKey.set(key, [...(byKey.get(key) ?? []), literal]);
  }
  const clause: [string, Condition][] = [];
  for (const [key, own] of byKey) {
    const condition = conditionOf(own);
    if (!condition) return undefined;
    clause.push([key, condition]);
  }
  return clause.sort(([a], [b]) => (a === b ? 0 : a === 'name' ? -1 : b === 'name' ? 1 : a < b ? -1 : 1));
}

function conditionOf(literals: readonly Literal[]): Condition | undefined {
  const holds = (value: string) => literals.every(({ query, negated }) => fits(query, value) !== negated);
  const equal = literals.find(({ query, negated }) => query.kind === 'eq' && !negated);
  if (equal?.query.kind === 'eq') return holds(equal.query.value) ? { equals: equal.query.value } : undefined;
  const mayMiss = literals.every(({ negated }) => negated);
  const ids = literals.map(({ query, negated }) => `${formatQuery(query)}${negated ? ',:not' : ''}`);
  const prefixes = literals.map(({ query, negated }) => (negated ? '' : prefixOf(query)));
  return {
    id: [...new Set(ids)].sort().join(' '),
    mayMiss,
    prefix: prefixes.reduce((longest, one) => (one.length > longest.length ? one : longest), ''),
    fits: holds,
  };
}

function prefixOf(query: KeyQuery): string {
  if (query.kind === 'starts') return query.value;
  if (query.kind !== 're' || query.value.includes('|')) return '';
  const literal = /^[\w \-/@]*/.exec(query.value)![0];
  // What a quantifier follows need not be there.
  return /^[*?{]/.test(query.value.slice(literal.length)) ? literal.slice(0, -1) : literal;
}
