import { CONTENT_TYPE, exposition } from '../../slo/export/exposition.ts';
import { samplesOf } from '../../slo/export/metrics.ts';
import { standings } from '../../slo/standing.ts';
import type { ServiceLevelsLake } from './service-levels.ts';
import { visibleObjectives } from './visible-objectives.ts';

/** The service levels as Prometheus reads them: those of which the session may know. */
export async function metricsText(lake: ServiceLevelsLake): Promise<string> {
  const { ledger, clock } = lake.platform;
  return exposition(samplesOf(await standings(ledger, await visibleObjectives(lake), clock.now())));
}

/**
 * Answers `GET /metrics`. A server of Hono mounts it: `app.get('/metrics', answerMetrics(open))`.
 * @param open the lake for one request, with the session of whoever asks
 */
export const answerMetrics = (open: () => Promise<ServiceLevelsLake>) => async (): Promise<Response> =>
  new Response(await metricsText(await open()), {
    headers: { 'Content-Type': CONTENT_TYPE, 'Cache-Control': 'no-store' },
  });
