import type { OpenAPIHono } from '@hono/zod-openapi';
import { Hono } from 'hono';
import { authenticate, type Credentials, hasSecret } from '../../src/api/auth/authenticate.ts';
import type { OpenAs } from '../../src/api/data-api.ts';
import { ApiError } from '../../src/api/errors.ts';
import { healthApi } from '../../src/app/health/api.ts';
import { answerError } from './failures.ts';
import type { LakeNowOpen } from './workbench-lake.ts';

const PATHS = ['/v1/health', '/v1/health/*', '/v1/incidents', '/v1/openapi.json'] as const;

/** As whom programs are answered. */
export interface HealthCallers extends Credentials {
  readonly openAs: OpenAs;
}

/**
 * The data-health API for programs. A request that says as whom it asks, by a signed token or by the role beside the token
 * of the server, is answered as that caller; others have the session of whoever started the server.
 * @param callers Default: only a browser that has entered is answered
 */
export function addHealthRoutes(app: OpenAPIHono, open: LakeNowOpen, callers?: HealthCallers): void {
  for (const path of PATHS)
    app.use(path, async (c, next) => {
      const { headers } = c.req.raw;
      // Who comes with a secret has not been looked at by the guard.
      if (!hasSecret(headers)) {
        await next();
        c.header('Cache-Control', 'no-store');
        return;
      }
      try {
        if (!callers) throw new ApiError('invalid-headers', 'The token is not the one of this server.');
        const caller = await authenticate(headers, callers);
        if (caller.role === undefined) await next();
        else {
          const asCaller = healthApi(() => callers.openAs(caller)).onError(answerError);
          c.res = await new Hono().route('/v1', asCaller).fetch(c.req.raw);
        }
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return c.json({ title: error.message, status: 401 }, 401, {
          'Content-Type': 'application/problem+json',
          'WWW-Authenticate': 'Bearer realm="campus-lake"',
        });
      }
      c.header('Cache-Control', 'no-store');
    });
  app.route('/v1', healthApi(open).onError(answerError));
}
