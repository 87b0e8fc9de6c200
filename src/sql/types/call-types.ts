import { type Call, callOf } from '../calls.ts';
import { type Argument, isLambda } from '../signatures/bind.ts';
import { typeOfDecimals } from '../signatures/decimals.ts';
import { type Resolution, resolve } from '../signatures/resolve.ts';
import { isTrinoFunction, type Signature, signaturesOf } from '../signatures/signature.ts';
import { type Ast, type AstObject, isObject, nameOf } from '../tree.ts';
import { commonOf, mustBeTrue, rowFrom } from './agreement.ts';
import { isOrderable } from './coercion.ts';
import { whyNotCompared } from './operator-types.ts';
import { type Scope, scopeIn } from './scope.ts';
import { elementOf, fieldsOf, type SqlType, typeOfCast } from './sql-type.ts';
import type { Typing } from './typing.ts';

type Form = (call: Call, node: AstObject, scope: Scope, typing: Typing) => SqlType | undefined;

/** What looks like a function and has rules of its own. */
const FORMS: { readonly [name: string]: Form } = {
  coalesce: (call, node, scope, typing) =>
    common(call.args, node, scope, typing, 'the arguments of coalesce'),
  if: ({ args }, node, scope, typing) => {
    const [condition, ...results] = args;
    if (isObject(condition))
      mustBeTrue(condition, typing.type(condition, scope), 'the condition of IF', typing);
    return common(results, node, scope, typing, 'the results of IF');
  },
  nullif: ({ args }, node, scope, typing) => {
    const [first, second] = args.map((argument) => typing.type(argument, scope));
    const why = whyNotCompared(first, second, false);
    if (why) typing.refuse(node, why);
    return first;
  },
  try: ({ args }, _node, scope, typing) => typing.type(args[0], scope),
  typeof: ({ args }, _node, scope, typing) => {
    typing.type(args[0], scope);
    return 'varchar';
  },
  row: ({ args }, _node, scope, typing) => rowFrom(args, scope, typing),
  format: ({ args }, _node, scope, typing) => {
    for (const argument of args) typing.type(argument, scope);
    return 'varchar';
  },
  json_value: queriedJson,
  json_query: queriedJson,
  json_exists: (call, node, scope, typing) => {
    queriedJson(call, node, scope, typing);
    return 'boolean';
  },
  codepoint: ({ args }, node, scope, typing) => {
    const type = typing.type(args[0], scope);
    if (args.length === 1 && (type === undefined || type === 'unknown' || isOneSign(args[0])))
      return 'integer';
    typing.refuse(node, {
      what: `codepoint takes a varchar(1), and this is ${type}`,
      portable: 'CAST the text to varchar(1)',
      code: 'sql-types',
    });
    return undefined;
  },
  grouping: ({ args }, _node, scope, typing) => {
    for (const argument of args) typing.type(argument, scope);
    return args.length < 32 ? 'integer' : 'bigint';
  },
};

/** Whether a text is known to be of one character: lengths of texts count here alone. */
function isOneSign(node: Ast | undefined): boolean {
  if (!isObject(node)) return false;
  if (isObject(node.literal)) return [...String(node.literal.value)].length === 1;
  const cast = [node.cast, node.try_cast].find(isObject);
  if (cast) return isObject(cast.to) && cast.to.length === 1;
  return callOf(node)?.name === 'chr';
}

function common(args: readonly Ast[], node: AstObject, scope: Scope, typing: Typing, what: string) {
  const types = args.map((argument) => typing.type(argument, scope));
  return commonOf(types, node, typing, what);
}

/** Names that say the same in Trino as another. */
const LIKE_ANOTHER: { readonly [name: string]: string } = {
  ceiling: 'ceil',
  pow: 'power',
  substring: 'substr',
};

/** The type of `a || b`, which is a call of concat. */
export function typeOfJoined(
  node: AstObject,
  data: AstObject,
  scope: Scope,
  typing: Typing,
): SqlType | undefined {
  const args = [data.left, data.right].filter((side) => side !== undefined);
  return typeOfCallNode(node, { name: 'concat', args, data: {} }, scope, typing);
}

/** The type of a function's call, by the signatures that Trino has of it. */
export function typeOfCallNode(
  node: AstObject,
  call: Call,
  scope: Scope,
  typing: Typing,
): SqlType | undefined {
  const { filter, order_by } = call.data;
  if (isObject(filter)) mustBeTrue(filter, typing.type(filter, scope), 'the condition of FILTER', typing);
  for (const item of Array.isArray(order_by) ? order_by : [])
    typing.type(isObject(item) ? item.this : undefined, scope);
  const form = Object.hasOwn(FORMS, call.name) ? FORMS[call.name] : undefined;
  if (form) return form(call, node, scope, typing);
  const types = call.args.map((argument) => argumentOf(argument, scope, typing));
  const name = LIKE_ANOTHER[call.name] ?? call.name;
  if (!isTrinoFunction(name)) return undefined;
  const resolution = resolve(name, types);
  if (resolution.found !== 'one') {
    typing.refuse(node, misfit(name, types, resolution));
    return undefined;
  }
  const bound = resolution.bound;
  if (bound && bound.result === undefined) return typeOfDecimals(name, bound.parameters);
  const ordered = bound && inOrder(name, bound.parameters);
  if (ordered !== undefined && !isOrderable(ordered)) {
    typing.refuse(node, {
      what: `values of ${ordered} have no order, and ${name} wants one`,
      portable: 'take a part of them that has one',
      code: 'sql-types',
    });
  }
  return resolution.type;
}

/** The argument of a function that must have an order: the list of signatures does not say it. */
function inOrder(name: string, types: readonly (SqlType | undefined)[]): SqlType | undefined {
  if (/^(min|max|greatest|least)$/.test(name)) return types[0];
  if (/^(min|max)_by$/.test(name)) return types[1];
  return /^array_(sort|max|min)$/.test(name) && types.length === 1 ? elementOf(types[0]) : undefined;
}

function argumentOf(argument: Ast, scope: Scope, typing: Typing): Argument {
  const lambda = isObject(argument) && isObject(argument.lambda) ? argument.lambda : undefined;
  if (!lambda) return typing.type(argument, scope);
  const names = (Array.isArray(lambda.parameters) ? lambda.parameters : []).map(
    (parameter) => nameOf(parameter)?.toLowerCase() ?? '',
  );
  return {
    parameters: names.length,
    typeWith: (types) => {
      const parameters = new Map(names.map((name, i) => [name, types[i]]));
      return typing.type(lambda.body, { ...scopeIn(scope), parameters });
    },
  };
}

/** JSON of the standard: what it gives is said by RETURNING, or a text. */
function queriedJson({ args, data }: Call, node: AstObject, scope: Scope, typing: Typing): SqlType {
  const type = typing.type(args[0] ?? data.this, scope);
  if (type !== undefined && !/^(varchar|varbinary|unknown)$/.test(type))
    typing.refuse(node, {
      what: `JSON is read from a text, and this is ${type}`,
      portable: 'CAST it to varchar, or json_format(x)',
      code: 'sql-types',
    });
  return typeOfCast(data.returning) ?? 'varchar';
}

const MOST_SHOWN = 6;
const OF_NO_USE = /hyperloglog|digest|geometry|geography|color|char\b(?!.*varchar)|ipaddress|tile/;

function misfit(name: string, args: readonly Argument[], resolution: Resolution) {
  const given = args.map((argument) => (isLambda(argument) ? 'lambda' : (argument ?? '?'))).join(', ');
  const signatures = resolution.found === 'one' ? [] : resolution.signatures;
  if (resolution.found === 'several') {
    return {
      what: `${name}(${given}) fits several forms of ${name}`,
      portable: 'give the NULL a type: CAST(NULL AS varchar)',
      code: 'sql-types',
    };
  }
  return {
    what: `there is no ${name}(${given}) in Athena: ${takes(name, signatures)}`,
    portable: wayToCall(args, signatures),
    code: 'sql-types',
  };
}

function takes(name: string, signatures: readonly Signature[]): string {
  const shown = [
    ...new Set(
      signatures
        .filter(({ parameters }) => !OF_NO_USE.test(parameters.join(',')))
        .map(
          ({ parameters, isVariadic }) =>
            `${name}(${parameters.map(plain).join(', ')}${isVariadic ? ', …' : ''})`,
        ),
    ),
  ];
  const listed = shown.slice(0, MOST_SHOWN).join(', ');
  return listed === ''
    ? 'it takes other types'
    : `it has ${listed}${shown.length > MOST_SHOWN ? ' and others' : ''}`;
}

/** Types of parameters as people write them. */
const plain = (type: string): string =>
  type.replaceAll(/\b(joniregexp|jsonpath|codepoints)\b/g, 'varchar').replaceAll(',', ', ');

function wayToCall(args: readonly Argument[], signatures: readonly Signature[]): string {
  const sameCount = signatures.filter(
    ({ parameters, isVariadic }) => isVariadic || parameters.length === args.length,
  );
  if (sameCount.length === 0) return 'give it as many arguments as it takes';
  if (args.some((argument) => !isLambda(argument) && fieldsOf(argument))) return 'take a field of the row';
  const wanted = [
    ...new Set(
      sameCount.map(({ parameters }) =>
        plain(parameters[Math.min(parameters.length, args.length) - 1] ?? ''),
      ),
    ),
  ];
  const one = wanted.length === 1 && !/^[A-Za-z]\d?$|\(/.test(wanted[0]!) ? wanted[0] : undefined;
  return `CAST an argument to the type that it takes${one === undefined ? '' : `: CAST(x AS ${one})`}`;
}

/** Whether a function makes one value of a group's rows. */
export const isAggregate = (name: string): boolean =>
  signaturesOf(name).some(({ kind }) => kind === 'aggregate');

/** Whether a function is one over a window, and nothing else. */
export const isWindowOnly = (name: string): boolean => {
  const signatures = signaturesOf(name);
  return signatures.length > 0 && signatures.every(({ kind }) => kind === 'window');
};
