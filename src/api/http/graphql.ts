import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  execute,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { createHandler } from 'graphql-http';
import { stringify } from 'lossless-json';
import type { Caller } from '../caller.ts';
import { type ApiContext, type ApiSession, type DataApi, tableState } from '../data-api.ts';
import { ApiError } from '../errors.ts';
import { answeredError } from '../graphql/errors.ts';
import { RULES } from '../graphql/fields-on-type.ts';
import { type Limits, limitsRule, MOST_CHARACTERS } from '../graphql/limits.ts';
import { missingInConditions } from '../graphql/missing-variables.ts';
import type { PersistedQueries } from './persisted.ts';

/** A request with this header gets no rows of a table that is late. */
export const HEALTH_HEADER = 'x-lake-require-health';
/** A request with this header is answered from an earlier publication that is kept. */
export const AS_OF_HEADER = 'x-lake-as-of';

const JSON_TYPE = 'application/json; charset=utf-8';
const GRAPHQL_TYPE = 'application/graphql-response+json';
const MOST_TOKENS = 20_000;
const MOST_BYTES = 2_000_000;

/**
 * Answers one request of GraphQL over HTTP, by its specification (https://graphql.github.io/graphql-over-http/draft/),
 * with the errors of Hasura.
 */
export async function answerGraphql(
  api: DataApi,
  persisted: PersistedQueries,
  request: Request,
  caller: Caller,
): Promise<Response> {
  try {
    return await answer(api, persisted, request, caller);
  } catch (error) {
    return refusal(error);
  }
}

/** A request that was refused before its operation was read. */
export function refusal(error: unknown): Response {
  const body = stringify({ errors: [answeredError(error as Error).toJSON()] });
  return new Response(body, { status: statusOf(error), headers: { 'content-type': JSON_TYPE } });
}

const UNKNOWN_CALLER: ReadonlySet<string> = new Set([
  'invalid-headers',
  'invalid-jwt',
  'jwt-invalid-claims',
  'jwt-missing-role-claims',
]);

/** What HTTP says of a request that was refused: GraphQL says the rest in the body. */
function statusOf(error: unknown): number {
  if (!(error instanceof ApiError)) return 200;
  if (UNKNOWN_CALLER.has(error.apiCode)) return 401;
  return error.apiCode === 'jwks-unavailable' ? 503 : 200;
}

async function answer(
  api: DataApi,
  persisted: PersistedQueries,
  request: Request,
  caller: Caller,
): Promise<Response> {
  const session = await api.session(caller, request.headers.get(AS_OF_HEADER) ?? undefined);
  const timeout = AbortSignal.timeout(api.limits.timeoutMs);
  const context = contextOf(session, request, timeout);
  const etag = request.method === 'GET' ? etagOf(session, request) : undefined;
  if (etag !== undefined && request.headers.get('if-none-match') === etag && persisted.isKnownAnswer(etag))
    return new Response(null, { status: 304, headers: { etag } });
  const said = (error: Error) => answeredError(timeout.aborted ? outOfTime(error) : error).toJSON();
  const handle = createHandler<Request>({
    // What is left to the library is HTTP: methods, types of bodies, parameters.
    onSubscribe: async ({ raw }, params) => {
      const type = contentTypeOf(raw.headers.get('accept'));
      const respond = (status: number, body: object, headers: Record<string, string> = {}) =>
        [
          stringify(body) ?? '',
          {
            status: status === 400 && type === JSON_TYPE ? 200 : status,
            statusText: STATUS_TEXTS[status] ?? '',
            headers: { 'content-type': type, ...headers },
          },
        ] as const;
      const operation = readOperation(session, params, api.limits);
      if (!('kind' in operation)) return respond(400, { errors: operation.map(said) });
      if (raw.method === 'GET' && operation.kind !== 'query')
        return respond(
          405,
          { errors: [said(new ApiError('bad-request', 'Only queries are asked by GET.'))] },
          { allow: 'POST' },
        );
      const missing = missingInConditions(operation.document, operation.node, params.variables);
      if (missing) return respond(400, { errors: [said(missing)] });
      const { data, errors } = await execute({
        schema: session.schema,
        document: operation.document,
        contextValue: context,
        variableValues: params.variables,
        operationName: params.operationName,
      });
      const isLive = [...context.tables].some((table) => table.startsWith('ops.'));
      const isTagged = etag !== undefined && !errors && !isLive;
      if (isTagged) persisted.rememberAnswer(etag);
      const body = {
        ...(errors ? { errors: errors.map(said) } : {}),
        ...(data === undefined ? {} : { data }),
        extensions: extensionsOf(session, context.tables),
      };
      return respond(data === undefined ? 400 : 200, body, isTagged ? { etag } : {});
    },
  });
  const text = request.method === 'POST' ? persisted.body(await readBody(request)) : null;
  const [body, init] = await handle({
    method: request.method,
    url: persisted.url(request.url),
    headers: request.headers,
    body: text,
    raw: request,
    context: undefined,
  });
  return new Response(body, init);
}

/** A body is read to its end only where it says that it is of a sensible size. */
export async function readBody(request: Request): Promise<string> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  const text = announced > MOST_BYTES ? '' : await request.text();
  if (announced <= MOST_BYTES && text.length <= MOST_BYTES) return text;
  throw new ApiError('limit-exceeded', `A request has at most ${MOST_BYTES} bytes.`);
}

const STATUS_TEXTS: { readonly [status: number]: string } = {
  200: 'OK',
  400: 'Bad Request',
  405: 'Method Not Allowed',
};

interface Operation {
  readonly document: DocumentNode;
  readonly node: OperationDefinitionNode;
  readonly kind: string;
}

/** The operation that is asked for; or what is wrong with it. */
function readOperation(
  { schema }: ApiSession,
  { query, operationName }: { readonly query: string; readonly operationName?: string | null },
  limits: Limits,
): Operation | readonly Error[] {
  if (query.length > MOST_CHARACTERS)
    return [new ApiError('limit-exceeded', `A request has at most ${MOST_CHARACTERS} characters.`)];
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: MOST_TOKENS });
  } catch (error) {
    return [error as Error];
  }
  const errors = validate(schema, document, [...RULES, limitsRule(limits)], { maxErrors: 20 });
  if (errors.length > 0) return errors;
  const operation = getOperationAST(document, operationName);
  return operation
    ? { document, node: operation, kind: operation.operation }
    : [ApiError.invalid('The request does not say which of its operations is meant, or has none.')];
}

/** The first of the two types that a client takes; one that says nothing gets the older. */
function contentTypeOf(accept: string | null): string {
  const first = (accept ?? '')
    .split(',')
    .map((one) => one.split(';')[0]!.trim().toLowerCase())
    .find((one) => one === GRAPHQL_TYPE || one === 'application/json' || one === '*/*');
  return first === GRAPHQL_TYPE ? `${GRAPHQL_TYPE}; charset=utf-8` : JSON_TYPE;
}

/** What one request reads, and within which time. */
export const contextOf = (
  session: ApiSession,
  request: Request,
  timeout: AbortSignal,
): ApiContext & { readonly session: ApiSession } => ({
  session,
  signal: AbortSignal.any([request.signal, timeout]),
  onlyHealthy: request.headers.get(HEALTH_HEADER) === 'ok',
  tables: new Set(),
});

/** What the answer was made of, so that a reader can tell how current it is. */
export function extensionsOf(session: ApiSession, tables: ReadonlySet<string>) {
  const states = [...tables]
    .sort()
    .map((table) => [session.model.get(table)?.name ?? table, tableState(session, table)]);
  return { publication: session.publication.id, tables: Object.fromEntries(states) };
}

/** What is said of a request whose time is over. */
export const outOfTime = (error: Error): Error => {
  const cause = (error as { originalError?: unknown }).originalError ?? error;
  return cause instanceof ApiError ? error : new ApiError('timeout', 'The request took too long.');
};

/** One publication, one policy, one caller and one question have one answer. */
export function etagOf(session: ApiSession, request: Request): string {
  const { pathname, search } = new URL(request.url);
  const hash = createHash('sha256')
    .update(JSON.stringify([session.identity, pathname, search, request.headers.get(HEALTH_HEADER)]))
    .digest('hex');
  return `"${hash.slice(0, 32)}"`;
}
