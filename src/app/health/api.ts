import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { HEALTH_TYPE, healthDocument } from './health-document.ts';
import { type IncidentsLake, listIncidents } from './incidents.ts';
import { type HealthLake, lakeHealth } from './table-health.ts';

/** What the routes need of a lake; whose session it is decides what they show. */
export type HealthApiLake = HealthLake & IncidentsLake;

const status = z.enum(['pass', 'warn', 'fail']);
const instant = z.iso.datetime().openapi({ example: '2026-11-30T02:41:00.000Z' });

const tableSchema = z
  .object({
    kind: z.enum(['dataset', 'model']),
    status: z.enum(['healthy', 'degraded', 'stale', 'missing', 'off']),
    reason: z.string().optional(),
    since: instant.optional(),
    asOf: instant.optional(),
    lastGoodAt: instant.optional(),
    nextExpected: instant.optional(),
    owner: z.string().optional(),
    incident: z.string().optional(),
    rows: z.number().int().optional(),
  })
  .openapi('TableHealth');

const checkSchema = z
  .object({
    componentId: z.string().openapi({ example: 'campus.students' }),
    componentType: z.literal('datastore'),
    status,
    observedValue: z.number().optional().openapi({ description: 'Hours since what people see was known' }),
    observedUnit: z.literal('h').optional(),
    time: instant,
    output: z.string().optional(),
    health: tableSchema,
  })
  .openapi('HealthCheck');

const healthSchema = z
  .object({
    status,
    version: z.literal('1'),
    releaseId: z.string().optional(),
    serviceId: z.literal('campus-lake'),
    description: z.string(),
    notes: z.array(z.string()),
    checks: z.record(z.string(), z.array(checkSchema)),
  })
  .openapi('Health');

const incidentSchema = z
  .object({
    id: z.string(),
    cause: z.string().openapi({ example: 'lms-unreachable' }),
    title: z.string(),
    state: z.enum(['new', 'acknowledged', 'reopened', 'resolved']),
    severity: z.enum(['warning', 'error']),
    confidence: z.number().min(0).max(1),
    alternatives: z.array(z.object({ cause: z.string(), confidence: z.number() })),
    openedAt: instant,
    lastSeenAt: instant,
    assignee: z.string(),
    tables: z.array(z.string()),
    affected: z.array(z.string()),
    why: z.string(),
    manualSteps: z.string(),
  })
  .openapi('Incident');

const problemSchema = z.object({ title: z.string(), status: z.number().int() }).openapi('Problem');

const health = createRoute({
  method: 'get',
  path: '/health',
  summary: 'Whether the tables of the lake are as new as promised',
  responses: {
    200: {
      description: 'They are, or something needs a look',
      content: { [HEALTH_TYPE]: { schema: healthSchema } },
    },
    503: { description: 'A table is stale or missing', content: { [HEALTH_TYPE]: { schema: healthSchema } } },
  },
});

const tableHealth = createRoute({
  method: 'get',
  path: '/health/{table}',
  summary: 'Whether one table is as new as promised',
  request: { params: z.object({ table: z.string().openapi({ example: 'campus.students' }) }) },
  responses: {
    200: {
      description: 'It is, or something needs a look',
      content: { [HEALTH_TYPE]: { schema: healthSchema } },
    },
    404: {
      description: 'There is no such table',
      content: { 'application/problem+json': { schema: problemSchema } },
    },
    503: { description: 'It is stale or missing', content: { [HEALTH_TYPE]: { schema: healthSchema } } },
  },
});

const incidents = createRoute({
  method: 'get',
  path: '/incidents',
  summary: 'What is wrong, why, whose it is',
  request: {
    query: z.object({
      all: z.enum(['true', 'false']).optional().openapi({ description: 'Resolved ones too' }),
    }),
  },
  responses: {
    200: {
      description: 'The incidents, the newest first',
      content: { 'application/json': { schema: z.array(incidentSchema) } },
    },
  },
});

/**
 * The data-health API, to be mounted by a server: `/health`, `/health/{table}`, `/incidents`, and its own description
 * in OpenAPI 3.1 at `/openapi.json`.
 * @param open the lake for one request, with the session of whoever asks
 *
 * @example
 * ```ts
 * import { type HealthApiLake, healthApi } from './api.ts';
 *
 * const answers = async (lake: HealthApiLake): Promise<boolean> =>
 *   (await healthApi(async () => lake).request('/health')).status === 200;
 * ```
 */
export function healthApi(open: () => Promise<HealthApiLake>): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(health, async (c) => {
    const found = healthSchema.parse(healthDocument(await lakeHealth(await open())));
    return c.json(found, found.status === 'fail' ? 503 : 200, { 'Content-Type': HEALTH_TYPE });
  });
  app.openapi(tableHealth, async (c) => {
    const { table } = c.req.valid('param');
    const lake = await lakeHealth(await open(), [table]);
    if (lake.tables.length === 0)
      return c.json({ title: `There is no table "${table}".`, status: 404 }, 404, {
        'Content-Type': 'application/problem+json',
      });
    const found = healthSchema.parse(healthDocument(lake));
    return c.json(found, found.status === 'fail' ? 503 : 200, { 'Content-Type': HEALTH_TYPE });
  });
  app.openapi(incidents, async (c) => {
    const found = await listIncidents(await open(), { all: c.req.valid('query').all === 'true' });
    return c.json(z.array(incidentSchema).parse(found), 200);
  });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    // Where this document is.
    servers: [{ url: '.' }],
    info: {
      title: 'Data health of a campus-lake',
      version: '1',
      description: 'Status, reason, since when, as of when, owner of each table; open incidents with causes.',
    },
  });
  return app;
}
