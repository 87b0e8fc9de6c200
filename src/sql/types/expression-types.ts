import { callOf } from '../calls.ts';
import { type Ast, type AstObject, isObject, nameOf } from '../tree.ts';
import { typeOfArithmetic, typeOfCall } from './function-types.ts';
import { type Scope, scopeIn, typeOfColumn } from './scope.ts';
import {
  arrayOf,
  asDecimal,
  commonType,
  decimal,
  decimalOf,
  elementOf,
  isInterval,
  isTime,
  type SqlType,
  typeOfCast,
} from './sql-type.ts';

/** Types of expressions are found from the leaves up; queries inside of them are handed to `typeQuery`. */
export interface Typing {
  /** The type of an expression in a scope; it and those of all expressions inside are kept. */
  type(node: Ast | undefined, scope: Scope): SqlType | undefined;
}

type Rule = (data: AstObject, scope: Scope, typing: Typing) => SqlType | undefined;

const BOOLEAN = `and or not eq neq lt lte gt gte is_null in between like exists null_safe_eq null_safe_neq is_true
  is_false is_distinct_from any all`;

const RULES: { readonly [kind: string]: Rule } = {
  column: (data, scope) => typeOfColumn(data, scope),
  literal: (data) => typeOfLiteral(String(data.literal_type), String(data.value)),
  boolean: () => 'boolean',
  interval: (data) =>
    /year|month/i.test(JSON.stringify(data.unit ?? '')) ? 'interval year to month' : 'interval day to second',
  cast: (data, scope, typing) => inside(data, scope, typing, typeOfCast(data.to)),
  try_cast: (data, scope, typing) => inside(data, scope, typing, typeOfCast(data.to)),
  extract: (data, scope, typing) => inside(data, scope, typing, 'bigint'),
  trim: (data, scope, typing) => inside(data, scope, typing, 'varchar'),
  unicode_string: (data, scope, typing) => inside(data, scope, typing, 'varchar'),
  paren: (data, scope, typing) => typing.type(data.this, scope),
  alias: (data, scope, typing) => typing.type(data.this, scope),
  neg: (data, scope, typing) => typing.type(data.this, scope),
  within_group: (data, scope, typing) => {
    inside({ order_by: data.order_by ?? null }, scope, typing, undefined);
    return typing.type(data.this, scope);
  },
  window_function: (data, scope, typing) => {
    inside({ over: data.over ?? null }, scope, typing, undefined);
    return typing.type(data.this, scope);
  },
  subscript: (data, scope, typing) => {
    typing.type(data.index, scope);
    return elementOf(typing.type(data.this, scope));
  },
  concat: (data, scope, typing) =>
    typeOfCall('concat', [typing.type(data.left, scope), typing.type(data.right, scope)]),
  array_func: (data, scope, typing) => {
    const element = listOf(data.expressions).map((item) => typing.type(item, scope));
    const common = element.length === 0 ? 'unknown' : element.reduce(commonType);
    return common && arrayOf(common);
  },
  case: (data, scope, typing) => {
    typing.type(data.operand, scope);
    const results = listOf(data.whens).map((when) => {
      const [condition, result] = listOf(when);
      typing.type(condition, scope);
      return typing.type(result, scope);
    });
    if (data.else_) results.push(typing.type(data.else_, scope));
    return results.reduce(commonType);
  },
  ...Object.fromEntries(
    BOOLEAN.split(/\s+/).map((kind): [string, Rule] => [
      kind,
      (data, scope, typing) => inside(data, scope, typing, 'boolean'),
    ]),
  ),
  ...Object.fromEntries(
    (['add', 'sub', 'mul', 'div', 'mod'] as const).map((kind): [string, Rule] => [
      kind,
      (data, scope, typing) => {
        const [a, b] = [typing.type(data.left, scope), typing.type(data.right, scope)];
        if (kind === 'mul' || kind === 'div') {
          const interval = [a, b].find(isInterval);
          if (interval) return interval;
        }
        if (isInterval(a) || isInterval(b)) return isInterval(a) && b !== undefined ? b : a;
        if (kind === 'sub' && isTime(a) && isTime(b)) return 'interval day to second';
        const [left, right] = [asDecimal(a), asDecimal(b)];
        const among = (decimalOf(a) || decimalOf(b)) && left && right;
        return typeOfArithmetic(kind, a, b, among ? [left, right] : undefined);
      },
    ]),
  ),
};

/** Visits what is inside, for the types there, and gives the type that the kind has anyway. */
function inside(
  data: AstObject,
  scope: Scope,
  typing: Typing,
  type: SqlType | undefined,
): SqlType | undefined {
  for (const value of Object.values(data)) typing.type(value, scope);
  return type;
}

/** The type of an expression by its kind, then by the function that it calls. */
export function typeOfExpression(node: AstObject, scope: Scope, typing: Typing): SqlType | undefined {
  for (const [kind, data] of Object.entries(node)) {
    if (kind === 'null' && data === null) return 'unknown';
    const rule = Object.hasOwn(RULES, kind) ? RULES[kind] : undefined;
    if (rule && isObject(data)) return rule(data, scope, typing);
  }
  const call = callOf(node);
  if (!call) return inside(node, scope, typing, undefined);
  const { filter, order_by } = call.data;
  inside({ filter: filter ?? null, order_by: order_by ?? null }, scope, typing, undefined);
  return typeOfLambdaCall(call.name, call.args, scope, typing);
}

/** Parameters of lambdas get their types from the arguments before them. */
function typeOfLambdaCall(
  name: string,
  args: readonly Ast[],
  scope: Scope,
  typing: Typing,
): SqlType | undefined {
  const types: (SqlType | undefined)[] = [];
  for (const argument of args) {
    const lambda = isObject(argument) && isObject(argument.lambda) ? argument.lambda : undefined;
    if (!lambda) {
      types.push(typing.type(argument, scope));
      continue;
    }
    const given = name === 'reduce' ? [types[1], elementOf(types[0])] : types.map(elementOf);
    const names = listOf(lambda.parameters).map((parameter) => nameOf(parameter)?.toLowerCase() ?? '');
    const parameters = new Map(names.map((parameter, i) => [parameter, given[i]]));
    types.push(typing.type(lambda.body, { ...scopeIn(scope), parameters }));
  }
  if (name === 'transform' || name === 'zip_with') {
    const element = types.at(-1);
    return element && arrayOf(element);
  }
  return name === 'reduce' ? types.at(-1) : typeOfCall(name, types);
}

function typeOfLiteral(kind: string, value: string): SqlType | undefined {
  if (kind === 'string') return 'varchar';
  if (kind === 'hex_string') return 'varbinary';
  if (kind === 'timestamp')
    return /\d\d:\d\d\S*\s*[A-Za-z+-]/.test(value) ? 'timestamp with time zone' : 'timestamp';
  if (kind !== 'number') return kind;
  if (/e/i.test(value)) return 'double';
  if (value.includes('.')) {
    const [before = '', after = ''] = value.replace(/^0+/, '').split('.');
    return decimal(Math.max(1, before.length + after.length), after.length);
  }
  return BigInt(value) <= 2_147_483_647n ? 'integer' : 'bigint';
}

const listOf = (value: Ast | undefined): readonly Ast[] => (Array.isArray(value) ? value : []);
