import {
  GraphQLBoolean,
  GraphQLFloat,
  type GraphQLInputType,
  GraphQLInt,
  type GraphQLSchema,
  isInputObjectType,
  isListType,
  isNonNullType,
  typeFromAST,
} from 'graphql';
import { ApiError } from '../errors.ts';
import type { RestEndpoint } from './endpoint.ts';

/** What a variable of a saved query is called and takes. */
export interface Variable {
  readonly name: string;
  readonly type: GraphQLInputType;
  /** Whether the query is not answered without it. */
  readonly isNeeded: boolean;
}

/** The variables of a saved query that is valid in a schema. */
export const variablesOf = (schema: GraphQLSchema, { operation }: RestEndpoint): Variable[] =>
  (operation.variableDefinitions ?? []).map(({ variable, type: node, defaultValue }) => {
    const type = typeFromAST(schema, node as never) as GraphQLInputType;
    return { name: variable.name.value, type, isNeeded: isNonNullType(type) && defaultValue === undefined };
  });

/** Where a request may say variables. */
interface Given {
  /** Decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * The variables of one request, each from one place. One that the query does not have is refused: a condition that is
 * mistyped would else fall away unseen.
 * @throws ApiError bad-request
 */
export function readVariables(
  variables: readonly Variable[],
  { path, query, body }: Given,
): Record<string, unknown> {
  const refused = (what: string, name: string) => new ApiError('bad-request', what, `$.variables.${name}`);
  const asked = [...Object.keys(path), ...new Set(query.keys()), ...Object.keys(body)];
  const found: Record<string, unknown> = {};
  for (const name of asked) {
    const variable = variables.find((one) => one.name === name);
    if (!variable) throw refused('The saved query has no such variable.', name);
    if (Object.hasOwn(found, name)) throw refused('The variable is given in two places.', name);
    if (Object.hasOwn(body, name)) found[name] = body[name];
    else {
      const texts = Object.hasOwn(path, name) ? [path[name]!] : query.getAll(name);
      const value = typed(variable.type, texts);
      if (value === undefined) throw refused('The value is not one of the type of the variable.', name);
      found[name] = value;
    }
  }
  return found;
}

/** What texts of an address mean. Undefined: nothing of the type. GraphQL checks the rest. */
function typed(type: GraphQLInputType, texts: readonly string[]): unknown {
  if (isNonNullType(type)) return typed(type.ofType, texts);
  if (isListType(type)) {
    if (texts.length === 1 && texts[0]!.startsWith('[')) return jsonOf(texts[0]!);
    const values = texts.map((text) => typed(type.ofType, [text]));
    return values.includes(undefined) ? undefined : values;
  }
  const [text] = texts;
  if (text === undefined || texts.length > 1) return undefined;
  if (isInputObjectType(type)) return jsonOf(text);
  if (type === GraphQLInt) return /^-?\d{1,10}$/.test(text) ? Number(text) : undefined;
  if (type === GraphQLFloat) return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
  if (type === GraphQLBoolean) return text === 'true' ? true : text === 'false' ? false : undefined;
  return text;
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
