import type { OpenAPIHono } from '@hono/zod-openapi';
import { healthApi } from '../../src/app/health/api.ts';
import { hasSecret, isTokenOf } from './data-routes.ts';
import { answerError } from './failures.ts';
import type { LakeNowOpen } from './workbench-lake.ts';

const PATHS = ['/v1/health', '/v1/health/*', '/v1/incidents', '/v1/openapi.json'] as const;

/**
 * The data-health API for programs, with the session of whoever started the server.
 * @param token what a program has to know. Default: only a browser that has entered is answered
 */
export function addHealthRoutes(app: OpenAPIHono, open: LakeNowOpen, token?: string): void {
  for (const path of PATHS)
    app.use(path, async (c, next) => {
      // Who comes with a secret has not been looked at by the guard.
      if (hasSecret(c.req.raw.headers) && (token === undefined || !isTokenOf(c.req.raw.headers, token)))
        return c.json({ title: 'The token is not the one of this server.', status: 401 }, 401, {
          'Content-Type': 'application/problem+json',
          'WWW-Authenticate': 'Bearer realm="campus-lake"',
        });
      await next();
      c.header('Cache-Control', 'no-store');
    });
  app.route('/v1', healthApi(open).onError(answerError));
}
