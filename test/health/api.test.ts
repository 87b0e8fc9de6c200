import { afterEach, beforeEach, expect, it } from 'vitest';
import { healthApi } from '../../src/app/health/api.ts';
import { openNights } from './night.ts';

const DOWN = {
  step: 'lms-plan',
  item: '',
  code: 'lms-unreachable',
  source: 'canvas',
  reach: 'source',
} as const;

let nights: Awaited<ReturnType<typeof openNights>>;
beforeEach(async () => {
  nights = await openNights();
});
afterEach(() => nights.close());

it('the data-health API answers by table, with incidents, and describes itself in OpenAPI 3.1', async () => {
  const app = healthApi(async () => nights.lake as never);
  await nights.run();
  const good = await app.request('/health');
  expect([good.status, good.headers.get('content-type')]).toEqual([200, 'application/health+json']);
  expect(await good.json()).toMatchObject({ status: 'pass', serviceId: 'campus-lake' });

  await nights.run({ failed: [DOWN], stale: ['canvas.users'] });
  const bad = await app.request('/health/canvas.users');
  expect(bad.status).toBe(503);
  expect(Object.keys(((await bad.json()) as { checks: object }).checks)).toEqual(['canvas.users:freshness']);
  expect((await app.request('/health/sis.students')).status).toBe(200);
  expect((await app.request('/health/sis.nothing')).status).toBe(404);
  const incidents = (await (await app.request('/incidents')).json()) as unknown[];
  expect(incidents).toMatchObject([{ cause: 'lms-unreachable', state: 'new' }]);

  const described = (await (await app.request('/openapi.json')).json()) as { openapi: string; paths: object };
  expect(described.openapi).toBe('3.1.0');
  expect(Object.keys(described.paths)).toEqual(['/health', '/health/{table}', '/incidents']);
});
