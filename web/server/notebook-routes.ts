import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { authenticate, hasSecret } from '../../src/api/auth/authenticate.ts';
import type { ApiLake } from '../../src/api/data-api.ts';
import { ApiError } from '../../src/api/errors.ts';
import {
  answerSchema,
  chartSchema,
  notebookAnswer,
  rendered,
} from '../../src/app/notebooks/notebook-answer.ts';
import { bundleSchema, notebookAnswerSchema } from '../answers-notebooks.ts';
import type { DataParts } from './data-routes.ts';
import { addJson } from './open-api.ts';

const MOST_BYTES = 2_000_000;
const MOST_CHARACTERS = 100_000;

const askedSchema = z.object({
  sql: z.string().max(MOST_CHARACTERS),
  asOf: z.string().max(100).nullish(),
  parameters: z
    .record(z.string().max(100), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .default({}),
});

/**
 * What the cells of a notebook ask: rows of a SELECT, and a table or a chart of rows. As GraphQL they are asked with the
 * token of the server or a signed one, or by the page itself, and answered as whoever asks.
 */
export function addNotebookRoutes(app: OpenAPIHono, { api, openAs, ...credentials }: DataParts): void {
  const callerOf = async ({ req }: Context) =>
    hasSecret(req.raw.headers) ? authenticate(req.raw.headers, credentials) : { variables: {} };
  const paths = ['/v1/sql', '/v1/render'];
  for (const path of paths) {
    app.use(path, bodyLimit({ maxSize: MOST_BYTES }));
    app.use(path, async (c, next) => {
      try {
        c.set('caller' as never, (await callerOf(c)) as never);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return c.json({ error: { code: error.apiCode, message: error.message } }, 401, {
          'WWW-Authenticate': 'Bearer realm="campus-lake"',
        });
      }
      await next();
      c.header('Cache-Control', 'no-store');
    });
  }
  addJson(app, {
    method: 'post',
    path: '/v1/sql',
    summary: "The rows of a SELECT in Athena's SQL, 1,000 at most, as whoever asks sees them",
    body: askedSchema,
    answer: notebookAnswerSchema,
    handle: async ({ body: { sql, asOf, parameters } }, c) => {
      const lake: ApiLake = await openAs(c.get('caller' as never));
      const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(api.limits.timeoutMs)]);
      return notebookAnswer(lake, { sql, parameters, ...(asOf ? { asOf } : {}) }, signal);
    },
  });
  addJson(app, {
    method: 'post',
    path: '/v1/render',
    summary: 'Rows as a table, or as a chart with its table: a bundle of media types for Jupyter',
    body: z.object({ answer: answerSchema, chart: chartSchema.optional() }),
    answer: bundleSchema,
    handle: async ({ body: { answer, chart } }) => rendered(answer, chart),
  });
}
