import { randomBytes } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { authenticate, type Credentials, hasSecret } from '../../src/api/auth/authenticate.ts';
import type { Caller } from '../../src/api/caller.ts';
import type { DataApi, OpenAs } from '../../src/api/data-api.ts';
import { answerGraphql, refusal } from '../../src/api/http/graphql.ts';
import { PersistedQueries } from '../../src/api/http/persisted.ts';
import { answerRest, REST_PATH, restRefusal } from '../../src/api/http/rest.ts';
import type { RestEndpoint } from '../../src/api/rest/endpoint.ts';

/** Where programs ask. They come with a secret in a header, which no page of another site can send unasked. */
export const isDataPath = (path: string): boolean => path.startsWith('/v1/') || path.startsWith(REST_PATH);

/** The data API, and what it is asked with. */
export interface DataParts extends Credentials {
  readonly api: DataApi;
  /** How the lake is opened for whoever asks. */
  readonly openAs: OpenAs;
  /** Saved queries with addresses of their own. */
  readonly endpoints: readonly RestEndpoint[];
}

/** 256 random bits. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** The data API for programs, and for the workbench's own page. */
export function addDataRoutes(
  app: OpenAPIHono,
  { api, endpoints, ...credentials }: Omit<DataParts, 'openAs'>,
): void {
  const persisted = new PersistedQueries();
  // The page has been let in by the guard, and is not believed about who it is.
  const callerOf = async ({ headers }: Request): Promise<Caller> =>
    hasSecret(headers) ? authenticate(headers, credentials) : { variables: {} };
  app.on(['GET', 'POST'], '/v1/graphql', async (c) => {
    c.header('Cache-Control', 'private, no-cache');
    try {
      return await answerGraphql(api, persisted, c.req.raw, await callerOf(c.req.raw));
    } catch (error) {
      return refusal(error);
    }
  });
  app.all(`${REST_PATH}*`, async (c) => {
    c.header('Cache-Control', 'private, no-cache');
    try {
      return await answerRest({ api, endpoints, persisted }, c.req.raw, await callerOf(c.req.raw));
    } catch (error) {
      return restRefusal(error);
    }
  });
}
