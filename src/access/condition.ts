/** A value that a condition compares a column with. */
export type Operand =
  | { readonly kind: 'text'; readonly value: string }
  /** As it is written, so that no digit is lost. */
  | { readonly kind: 'number'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'attribute'; readonly name: string };

export type Literal = Exclude<Operand, { kind: 'attribute' }>;

export const COMPARISONS = ['=', '<>', '<=', '>=', '<', '>'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/**
 * What must be true of a row for a role to see it. Closed: there is no way to write SQL in it. As in SQL, a comparison
 * with an empty value is neither true nor false, and such a row is not seen, under `not` either.
 */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly column: string; readonly by: Comparison; readonly to: Operand }
  | {
      readonly kind: 'in';
      readonly column: string;
      readonly values: readonly Operand[];
      readonly not: boolean;
    }
  | { readonly kind: 'lookup'; readonly column: string; readonly lookup: string; readonly not: boolean }
  | { readonly kind: 'null'; readonly column: string; readonly not: boolean };

/** The conditions without others inside. */
export function leavesOf(condition: Condition): Exclude<Condition, { kind: 'and' | 'or' | 'not' }>[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of.flatMap(leavesOf);
    case 'not':
      return leavesOf(condition.of);
    default:
      return [condition];
  }
}

/** The values that a leaf compares its column with. */
export const operandsOf = (leaf: ReturnType<typeof leavesOf>[number]): readonly Operand[] =>
  leaf.kind === 'compare' ? [leaf.to] : leaf.kind === 'in' ? leaf.values : [];

/** The session's attributes that a condition asks for, not through lookups. */
export const attributesOf = (condition: Condition): string[] =>
  leavesOf(condition)
    .flatMap(operandsOf)
    .flatMap((operand) => (operand.kind === 'attribute' ? [operand.name] : []));

/** The lookups that a condition asks. */
export const lookupsOf = (condition: Condition): string[] =>
  leavesOf(condition).flatMap((leaf) => (leaf.kind === 'lookup' ? [leaf.lookup] : []));

const OPPOSITE: { readonly [by in Comparison]: Comparison } = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

/**
 * The same condition with `not` only in its leaves. There an empty value makes a leaf untrue whether it is negated or
 * not, so no negation around it can make its row seen.
 */
export function withoutNot(condition: Condition, negated = false): Exclude<Condition, { kind: 'not' }> {
  switch (condition.kind) {
    case 'not':
      return withoutNot(condition.of, !negated);
    case 'and':
    case 'or': {
      const kind = negated ? (condition.kind === 'and' ? 'or' : 'and') : condition.kind;
      return { kind, of: condition.of.map((part) => withoutNot(part, negated)) };
    }
    case 'compare':
      return negated ? { ...condition, by: OPPOSITE[condition.by] } : condition;
    default:
      return negated ? { ...condition, not: !condition.not } : condition;
  }
}
