import { execute, validate } from 'graphql';
import { stringify } from 'lossless-json';
import { ADMINISTRATOR } from '../../access/authorize.ts';
import type { Caller } from '../caller.ts';
import type { ApiSession, DataApi } from '../data-api.ts';
import { ApiError } from '../errors.ts';
import { answeredError } from '../graphql/errors.ts';
import { RULES } from '../graphql/fields-on-type.ts';
import { limitsRule } from '../graphql/limits.ts';
import { missingInConditions } from '../graphql/missing-variables.ts';
import { byWords, METHODS, matchOf, type RestEndpoint } from '../rest/endpoint.ts';
import { openApiOf } from '../rest/open-api.ts';
import { readVariables, variablesOf } from '../rest/variables.ts';
import { AS_OF_HEADER, contextOf, etagOf, extensionsOf, outOfTime, readBody } from './graphql.ts';
import type { PersistedQueries } from './persisted.ts';

/** Where saved queries are asked. */
export const REST_PATH = '/api/rest/';

const STATUS: { readonly [code: string]: number } = {
  'invalid-headers': 401,
  'invalid-jwt': 401,
  'jwt-invalid-claims': 401,
  'jwt-missing-role-claims': 401,
  'access-denied': 403,
  'permission-error': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'jwks-unavailable': 503,
  unhealthy: 503,
  timeout: 504,
  unexpected: 500,
};

/** What saved queries are answered with. */
export interface RestParts {
  readonly api: DataApi;
  readonly endpoints: readonly RestEndpoint[];
  /** The tags of answers. */
  readonly persisted: PersistedQueries;
}

/** Answers a saved query below `/api/rest/`, or their description for whoever asks at `openapi.json`. */
export async function answerRest(parts: RestParts, request: Request, caller: Caller): Promise<Response> {
  try {
    return await answer(parts, request, caller);
  } catch (error) {
    return restRefusal(error);
  }
}

/** An error as Hasura answers it at its REST endpoints. */
export function restRefusal(error: unknown): Response {
  const { message, extensions } = answeredError(error as Error);
  const code = String(extensions.code);
  return json(STATUS[code] ?? 400, { path: extensions.path, error: message, code });
}

const json = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  new Response(stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });

async function answer(
  { api, endpoints, persisted }: RestParts,
  request: Request,
  caller: Caller,
): Promise<Response> {
  const url = new URL(request.url);
  const session = await api.session(caller, request.headers.get(AS_OF_HEADER) ?? undefined);
  const reasons = (endpoint: RestEndpoint) =>
    validate(session.schema, endpoint.document, [...RULES, limitsRule(api.limits)], { maxErrors: 1 });
  const parts = decoded(url.pathname.slice(REST_PATH.length).split('/'));
  if (request.method === 'GET' && parts.join('/') === 'openapi.json')
    return json(
      200,
      openApiOf(
        session.schema,
        endpoints.filter((one) => reasons(one).length === 0),
        session.lake.campus.name,
      ),
    );
  // A query that asks for what the role does not see is no address of its own.
  const seen = endpoints
    .filter((one) => matchOf(one, parts) && (isWhole(session) || reasons(one).length === 0))
    .sort(byWords);
  const endpoint = seen.find(({ methods }) => methods.some((method) => method === request.method));
  if (!endpoint) {
    if (seen.length === 0) throw new ApiError('not-found', 'Endpoint not found');
    const allow = METHODS.filter((method) => seen.some(({ methods }) => methods.includes(method))).join(', ');
    return json(405, { path: '$', error: 'Method not allowed', code: 'method-not-allowed' }, { allow });
  }
  const [reason] = reasons(endpoint);
  if (reason) throw reason;
  const etag = request.method === 'GET' ? etagOf(session, request) : undefined;
  if (etag !== undefined && request.headers.get('if-none-match') === etag && persisted.isKnownAnswer(etag))
    return new Response(null, { status: 304, headers: { etag } });
  const variableValues = readVariables(variablesOf(session.schema, endpoint), {
    path: matchOf(endpoint, parts)!,
    query: url.searchParams,
    body: request.method === 'POST' ? await bodyOf(request) : {},
  });
  const missing = missingInConditions(endpoint.document, endpoint.operation, variableValues);
  if (missing) throw missing;
  const timeout = AbortSignal.timeout(api.limits.timeoutMs);
  const context = contextOf(session, request, timeout);
  const { data, errors } = await execute({
    schema: session.schema,
    document: endpoint.document,
    contextValue: context,
    variableValues,
  });
  if (errors?.[0]) throw timeout.aborted ? outOfTime(errors[0]) : errors[0];
  const isLive = [...context.tables].some((table) => table.startsWith('ops.'));
  const isTagged = etag !== undefined && !isLive;
  if (isTagged) persisted.rememberAnswer(etag);
  const extensions = extensionsOf(session, context.tables);
  return json(200, { ...data, extensions }, isTagged ? { etag } : {});
}

/** Nothing is hidden from the administrator, who is told what is wrong with a query. */
const isWhole = ({ lake }: ApiSession): boolean => lake.session.role === ADMINISTRATOR;

function decoded(parts: readonly string[]): string[] {
  try {
    return parts.map((part) => decodeURIComponent(part));
  } catch {
    throw new ApiError('bad-request', 'The address is not written as addresses are.');
  }
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  const text = await readBody(request);
  if (text.trim() === '') return {};
  const value: unknown = parsed(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new ApiError('bad-request', 'The body has to be an object of variables in JSON.');
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
