import type { Query } from './query.ts';

/** How the datapoints of a query become one value a step. */
export type Aggregate = 'sum' | 'count' | 'min' | 'max' | 'all';
export type UnaryOp = 'abs' | 'neg' | 'sqrt' | 'per-step' | 'clamp-min' | 'clamp-max';
export type BinaryOp =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'pow'
  | 'fadd'
  | 'fsub'
  | 'fmul'
  | 'fdiv'
  | 'gt'
  | 'ge'
  | 'lt'
  | 'le'
  | 'and'
  | 'or';
export type StatefulOp =
  | 'rolling-count'
  | 'rolling-min'
  | 'rolling-max'
  | 'rolling-mean'
  | 'rolling-sum'
  | 'delay'
  | 'derivative'
  | 'trend'
  | 'des';

/** What is read from the datapoints: one series, or with keys one for each of their combinations. */
export interface DataExpr {
  readonly kind: 'data';
  readonly aggregate: Aggregate;
  readonly query: Query;
  /** Tags by which it is grouped. Absent: not at all. */
  readonly keys?: readonly string[];
}

export interface AggregateExpr {
  readonly kind: 'aggregate';
  readonly op: Exclude<Aggregate, 'all'>;
  readonly of: Expr;
}

/** An expression that gives series: for each step some of them, each with its tags and a value. */
export type Expr =
  | DataExpr
  | { readonly kind: 'const'; readonly value: number }
  | { readonly kind: 'unary'; readonly op: UnaryOp; readonly of: Expr; readonly limit?: number }
  | { readonly kind: 'binary'; readonly op: BinaryOp; readonly a: Expr; readonly b: Expr }
  | AggregateExpr
  | { readonly kind: 'regroup'; readonly of: AggregateExpr; readonly keys: readonly string[] }
  | { readonly kind: 'as'; readonly of: Expr; readonly from: string; readonly to: string }
  | {
      readonly kind: 'stateful';
      readonly op: StatefulOp;
      readonly of: Expr;
      /** `rolling-mean`: points, least points; `des`: training, alpha, beta; `trend`: milliseconds; else points. */
      readonly args: readonly number[];
    }
  /** A word that stands for several others, such as `:avg`: evaluated as they are, shown as it was written. */
  | { readonly kind: 'rewrite'; readonly name: string; readonly shown: Expr | Query; readonly of: Expr };

/** An expression with the text by which its series are called. */
export interface StyledExpr {
  readonly kind: 'styled';
  readonly of: Expr;
  readonly legend: string;
}

export const isGrouped = (expr: Expr): boolean => grouping(expr).length > 0 || isKeyed(expr);

/** An expression by no keys at all (`(,),:by`) is grouped, too. */
function isKeyed(expr: Expr): boolean {
  switch (expr.kind) {
    case 'data':
      return expr.keys !== undefined;
    case 'regroup':
      return true;
    case 'unary':
    case 'as':
    case 'stateful':
    case 'rewrite':
      return isKeyed(expr.of);
    case 'binary':
      return isKeyed(expr.a) || isKeyed(expr.b);
    default:
      return false;
  }
}

/** The tags that tell the series of an expression apart, in the order in which they were written. */
export function grouping(expr: Expr): readonly string[] {
  switch (expr.kind) {
    case 'data':
      return expr.keys ?? [];
    case 'regroup':
      return expr.keys;
    case 'unary':
    case 'stateful':
    case 'rewrite':
      return grouping(expr.of);
    case 'as':
      return grouping(expr.of).map((key) => (key === expr.from ? expr.to : key));
    case 'binary':
      return keepsLeft(expr) ? grouping(expr.a) : grouping(expr.b);
    case 'const':
    case 'aggregate':
      return [];
  }
}

/** Whether the series of a binary expression are those of its left side: that side has all keys of the other. */
export function keepsLeft({ a, b }: { readonly a: Expr; readonly b: Expr }): boolean {
  const left = new Set(grouping(a));
  return grouping(b).every((key) => left.has(key));
}

/** The distinct data expressions of an expression, in the order in which they are written. */
export function dataExprs(expr: Expr): DataExpr[] {
  switch (expr.kind) {
    case 'data':
      return [expr];
    case 'const':
      return [];
    case 'binary':
      return [...dataExprs(expr.a), ...dataExprs(expr.b)];
    default:
      return dataExprs(expr.of);
  }
}

/** The expression with another in the place of each that `change` answers. */
export function rewrite(expr: Expr, change: (expr: Expr) => Expr | undefined): Expr {
  const changed = change(expr);
  if (changed !== undefined) return changed;
  switch (expr.kind) {
    case 'data':
    case 'const':
      return expr;
    case 'binary':
      return { ...expr, a: rewrite(expr.a, change), b: rewrite(expr.b, change) };
    case 'regroup':
      return { ...expr, of: rewrite(expr.of, change) as AggregateExpr };
    default:
      return { ...expr, of: rewrite(expr.of, change) };
  }
}
