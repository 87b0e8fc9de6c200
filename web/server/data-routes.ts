import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type Caller, callerOfHeaders } from '../../src/api/caller.ts';
import type { DataApi } from '../../src/api/data-api.ts';
import { ApiError } from '../../src/api/errors.ts';
import { answerGraphql, refusal } from '../../src/api/http/graphql.ts';
import { PersistedQueries } from '../../src/api/http/persisted.ts';

/** Where programs ask. They come with a secret in a header, which no page of another site can send unasked. */
export const isDataPath = (path: string): boolean => path.startsWith('/v1/') || path.startsWith('/api/rest');

/** The headers in which a program may give the token of the server. */
export const hasSecret = (headers: Headers): boolean =>
  headers.has('authorization') || headers.has('x-hasura-admin-secret');

/** The data API, and what it is asked with. */
export interface DataParts {
  readonly api: DataApi;
  /** What a program on this machine has to know. */
  readonly token: string;
}

/** 256 random bits. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** The data API for programs, and for the workbench's own page. */
export function addDataRoutes(app: OpenAPIHono, { api, token }: DataParts): void {
  const persisted = new PersistedQueries();
  const callerOf = (c: Context): Caller => {
    const { headers } = c.req.raw;
    // The page has been let in by the guard, and is not believed about who it is.
    if (!hasSecret(headers)) return { variables: {} };
    if (!isTokenOf(headers, token))
      throw new ApiError('invalid-headers', 'The token is not the one of this server.');
    return callerOfHeaders(headers);
  };
  app.on(['GET', 'POST'], '/v1/graphql', async (c) => {
    c.header('Cache-Control', 'private, no-cache');
    try {
      return await answerGraphql(api, persisted, c.req.raw, callerOf(c));
    } catch (error) {
      return refusal(error);
    }
  });
}

/** Whether the secret of a request is the token of the server. */
export function isTokenOf(headers: Headers, token: string): boolean {
  const given =
    headers.get('x-hasura-admin-secret') ?? /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  return given !== undefined && isSame(given, token);
}

const isSame = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};
