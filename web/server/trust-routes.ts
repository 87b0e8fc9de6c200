import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { acknowledge, act, incidentDetails, listIncidents, resolve } from '../../src/app/health/incidents.ts';
import { jobCosts, jobTrend, listJobs } from '../../src/app/jobs/jobs.ts';
import { budgetHistory } from '../../src/app/slo/budget-history.ts';
import { serviceLevels } from '../../src/app/slo/service-levels.ts';
import {
  actedSchema,
  actionSchema,
  doneSchema,
  incidentDetailsSchema,
  incidentsSchema,
  jobSchema,
  jobsSchema,
  levelSchema,
  levelsSchema,
  resolvingSchema,
} from '../answers-trust.ts';
import { addJson } from './open-api.ts';
import type { LakeNowOpen } from './workbench-lake.ts';

/** Whether the lake can be trusted: incidents and what is done about them, service levels, jobs. */
export function addTrustRoutes(app: OpenAPIHono, open: LakeNowOpen): void {
  addIncidents(app, open);
  addJson(app, {
    method: 'get',
    path: '/api/levels',
    summary: 'How every service level stands, the worst first',
    answer: levelsSchema,
    handle: async () => ({ levels: await serviceLevels(await open()) }),
  });
  addJson(app, {
    method: 'get',
    path: '/api/levels/:name',
    summary: 'The budget of one service level over time, and what would page',
    answer: levelSchema,
    handle: async ({ path }) => budgetHistory(await open(), path.name!),
  });
  addJson(app, {
    method: 'get',
    path: '/api/jobs',
    summary: 'How every job has gone in the last 30 days, and what it has cost',
    answer: jobsSchema,
    handle: async () => {
      const lake = await open();
      const [{ since, jobs }, { dollars, dollarsPerMonth, byDay }] = await Promise.all([
        listJobs(lake),
        jobCosts(lake),
      ]);
      return { since, jobs, dollars, dollarsPerMonth, byDay };
    },
  });
  addJson(app, {
    method: 'get',
    path: '/api/job',
    summary: 'One job, run by run',
    query: z.object({ name: z.string().min(1).max(300) }),
    answer: jobSchema,
    handle: async ({ query }) => jobTrend(await open(), query.name),
  });
}

function addIncidents(app: OpenAPIHono, open: LakeNowOpen): void {
  const id = z.object({ id: z.string().min(1).max(300) });
  addJson(app, {
    method: 'get',
    path: '/api/incidents',
    summary: 'Incidents, the newest first',
    query: z.object({ all: z.enum(['yes', 'no']).default('no') }),
    answer: incidentsSchema,
    handle: async ({ query }) => ({
      incidents: await listIncidents(await open(), { all: query.all === 'yes' }),
    }),
  });
  addJson(app, {
    method: 'get',
    path: '/api/incident',
    summary: 'One incident: evidence, reasoning, alternatives, and what each repair would do now',
    query: id,
    answer: incidentDetailsSchema,
    handle: async ({ query }) => incidentDetails(await open(), query.id),
  });
  addJson(app, {
    method: 'post',
    path: '/api/incident/act',
    summary: 'Say what a repair would do, or do it',
    query: id,
    body: actionSchema,
    answer: actedSchema,
    handle: async ({ query, body }) => act(await open(), query.id, body),
  });
  addJson(app, {
    method: 'post',
    path: '/api/incident/acknowledge',
    summary: 'Say that somebody looks after it',
    query: id,
    answer: doneSchema,
    handle: async ({ query }) => acknowledge(await open(), query.id),
  });
  addJson(app, {
    method: 'post',
    path: '/api/incident/resolve',
    summary: 'Say that it is over, and how',
    query: id,
    body: resolvingSchema,
    answer: doneSchema,
    handle: async ({ query, body }) => resolve(await open(), query.id, body.how),
  });
}
