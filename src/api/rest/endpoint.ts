import {
  type DocumentNode,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
} from 'graphql';
import { InputError } from '../../errors.ts';
import { MOST_CHARACTERS } from '../graphql/limits.ts';

/** How an address is asked. Nothing is changed by either. */
export const METHODS = ['GET', 'POST'] as const;
export type Method = (typeof METHODS)[number];

/** A saved query with an address of its own below `/api/rest/`. */
export interface RestEndpoint {
  readonly name: string;
  /** The parts of its address; one that begins with `:` is a variable. */
  readonly url: readonly string[];
  readonly methods: readonly Method[];
  readonly description?: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** An endpoint as a file says it. */
interface Said {
  readonly name: string;
  readonly url: string;
  readonly methods: readonly string[];
  readonly description?: string;
  readonly query: string;
  /** The file, as messages name it. */
  readonly about: string;
}

const PART = /^:?[A-Za-z0-9_.~-]+$/;
/** Addresses of the server itself. */
const TAKEN = new Set(['openapi.json']);

/** @throws InputError naming the file and what is wrong */
export function toEndpoint({ name, url, methods, description, query, about }: Said): RestEndpoint {
  const wrong = (what: string): InputError => new InputError(`${about}: ${what}.`, { about });
  const parts = url.replace(/^\//, '').split('/');
  if (!parts.every((part) => PART.test(part)) || TAKEN.has(parts.join('/')))
    throw wrong(`"${url}" is no address of a saved query, such as programs/:program/students`);
  if (query.length > MOST_CHARACTERS) throw wrong(`it has more than ${MOST_CHARACTERS} characters`);
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: 20_000 });
  } catch (error) {
    const at = (error as { locations?: { line: number; column: number }[] }).locations?.[0];
    throw wrong(`it is no GraphQL${at ? ` at line ${at.line}, column ${at.column}` : ''}`);
  }
  const operation = getOperationAST(document);
  if (operation?.operation !== OperationTypeNode.QUERY)
    throw wrong('it has to hold one query, and no other operation');
  for (const { variable } of operation.variableDefinitions ?? [])
    if (variable.name.value.startsWith('__')) throw wrong('a variable begins with __');
  const given = parts.filter((part) => part.startsWith(':')).map((part) => part.slice(1));
  const known = (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
  for (const one of given)
    if (!known.includes(one)) throw wrong(`its address names "${one}", which is no variable of the query`);
  if (new Set(given).size < given.length) throw wrong('its address names a variable twice');
  const isOwnName = (key: string) => key === 'extensions';
  for (const field of operation.selectionSet.selections)
    if (field.kind === Kind.FIELD && isOwnName(field.alias?.value ?? field.name.value))
      throw wrong('the answer has a field "extensions" of its own');
  const taken = METHODS.filter((method) => methods.includes(method));
  if (taken.length === 0) throw wrong('its methods are GET, POST or both');
  return { name, url: parts, methods: taken, ...(description ? { description } : {}), document, operation };
}

/** The variables that the parts of an address give, where they fit. */
export function matchOf({ url }: RestEndpoint, parts: readonly string[]): Record<string, string> | undefined {
  if (parts.length !== url.length) return undefined;
  const found: Record<string, string> = {};
  for (const [i, part] of url.entries()) {
    if (part.startsWith(':')) found[part.slice(1)] = parts[i]!;
    else if (part !== parts[i]) return undefined;
  }
  return found;
}

/** Of two that fit, the one that says more: `programs/all` before `programs/:program`. */
export const byWords = (a: RestEndpoint, b: RestEndpoint): number => {
  for (const [i, part] of a.url.entries()) {
    const [left, right] = [part.startsWith(':'), b.url[i]?.startsWith(':') ?? false];
    if (left !== right) return left ? 1 : -1;
  }
  return 0;
};

/** @throws InputError where two have one address */
export function together(endpoints: readonly RestEndpoint[]): RestEndpoint[] {
  const taken = new Map<string, string>();
  for (const { name, url, methods } of endpoints)
    for (const method of methods) {
      const key = `${method} ${url.map((part) => (part.startsWith(':') ? ':' : part)).join('/')}`;
      const other = taken.get(key);
      if (other !== undefined)
        throw new InputError(
          `The saved queries ${other} and ${name} have the same address: ${method} ${url.join('/')}.`,
        );
      taken.set(key, name);
    }
  return [...endpoints];
}
