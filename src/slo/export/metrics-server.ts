import { Hono } from 'hono';
import type { Uses } from '../../ports/step.ts';
import { openObjectives } from '../open-objectives.ts';
import { standings } from '../standing.ts';
import { CONTENT_TYPE, exposition } from './exposition.ts';
import { samplesOf } from './metrics.ts';

/**
 * Answers `GET /metrics` for Prometheus, computed when it is asked, and nothing else. It is for this machine: a request by
 * another name, as a page gives that turns a name of its own to 127.0.0.1, is refused.
 */
export function metricsServer(
  lake: Uses<'campus' | 'catalog' | 'features' | 'clock' | 'ledger'>,
  port: number,
): Hono {
  const names = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  return new Hono().get('/metrics', async (c) => {
    if (!names.includes(c.req.header('host') ?? ''))
      return c.text('Metrics are answered on loopback only.', 421);
    const { ledger, clock } = lake.platform;
    const found = await standings(ledger, await openObjectives(lake), clock.now());
    return c.body(exposition(samplesOf(found)), 200, {
      'Content-Type': CONTENT_TYPE,
      'Cache-Control': 'no-store',
    });
  });
}
