import type { DataExpr, Expr, StyledExpr } from './expr.ts';
import { javaDouble } from './numbers.ts';
import type { Query } from './query.ts';

/** The text that gives a query or an expression again when it is read. Equal texts are equal expressions. */
export function formatProgram(item: Query | Expr | StyledExpr): string {
  if (item.kind === 'styled') return `${formatProgram(item.of)},${escapeText(item.legend)},:legend`;
  return isExpr(item) ? formatExpr(item) : formatQuery(item);
}

const EXPR_KINDS = new Set([
  'data',
  'const',
  'unary',
  'binary',
  'aggregate',
  'regroup',
  'as',
  'stateful',
  'rewrite',
]);

export const isExpr = (item: { readonly kind: string }): item is Expr => EXPR_KINDS.has(item.kind);

export function formatQuery(query: Query): string {
  switch (query.kind) {
    case 'true':
    case 'false':
      return `:${query.kind}`;
    case 'has':
      return `${escapeText(query.key)},:has`;
    case 'in':
      return `${escapeText(query.key)},${formatList(query.values)},:in`;
    case 'and':
    case 'or':
      return `${formatQuery(query.a)},${formatQuery(query.b)},:${query.kind}`;
    case 'not':
      return `${formatQuery(query.query)},:not`;
    default:
      return `${escapeText(query.key)},${escapeText(query.value)},:${query.kind}`;
  }
}

/** The text of a data expression: what it is known by among subscriptions. */
export function formatData({ query, aggregate, keys }: DataExpr): string {
  const ungrouped = `${formatQuery(query)},:${aggregate}`;
  return keys === undefined ? ungrouped : `${ungrouped},${formatList(keys)},:by`;
}

function formatExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'data':
      return formatData(expr);
    case 'const':
      return `${javaDouble(expr.value)},:const`;
    case 'unary':
      return `${formatExpr(expr.of)}${expr.limit === undefined ? '' : `,${javaDouble(expr.limit)}`},:${expr.op}`;
    case 'binary':
      return `${formatExpr(expr.a)},${formatExpr(expr.b)},:${expr.op}`;
    case 'aggregate':
      return `${formatExpr(expr.of)},:${expr.op}`;
    case 'regroup':
      return `${formatExpr(expr.of)},${formatList(expr.keys)},:by`;
    case 'as':
      return `${formatExpr(expr.of)},${escapeText(expr.from)},${escapeText(expr.to)},:as`;
    case 'stateful':
      return [formatExpr(expr.of), ...argsOf(expr.op, expr.args), `:${expr.op}`].join(',');
    case 'rewrite':
      // Shown as what it stands for: read again, it is the same.
      return formatExpr(expr.of);
  }
}

function argsOf(op: string, args: readonly number[]): string[] {
  if (op === 'trend') return [`PT${args[0]! / 1000}S`];
  return args.map((arg) => (Number.isInteger(arg) ? String(arg) : javaDouble(arg)));
}

const formatList = (values: readonly string[]): string =>
  `(,${values.map((value) => `${escapeText(value)},`).join('')})`;

/** A text as a literal of the language: commas, colons and blanks at its ends are written as `\uXXXX`. */
export function escapeText(text: string): string {
  if (text === '(' || text === ')') return code(text);
  return text
    .replace(/[,:\\]|[^\S ]|^ +| +$/g, (found) => [...found].map(code).join(''))
    .replaceAll('/*', `${code('/')}*`);
}

const code = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
