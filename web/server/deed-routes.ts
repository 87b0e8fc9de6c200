import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { mustAdminister } from '../../src/app/administered.ts';
import { acceptRecommendation, proposedChanges } from '../../src/app/jobs/jobs.ts';
import { InputError } from '../../src/errors.ts';
import {
  acceptedSchema,
  acceptingSchema,
  beginningSchema,
  begunSchema,
  changesSchema,
} from '../answers-deeds.ts';
import { addJson } from './open-api.ts';
import type { LakeNowOpen } from './workbench-lake.ts';

/** What the page can set going beyond what a repair does; given by the entrance. */
export interface Deeds {
  /** Begins a run in a process of its own. @throws InputError where one is under way, or it does not begin */
  readonly startRun: () => Promise<void>;
  /** campus.yaml, to which accepted recommendations are written. */
  readonly campusFile: string;
}

/** Starts of runs, and accepted recommendations: the administrator's alone, each confirmed. */
export function addDeedRoutes(app: OpenAPIHono, open: LakeNowOpen, deeds: Deeds | undefined): void {
  const asAdministrator = async () => {
    const lake = await open();
    mustAdminister(lake, 'starts runs and changes settings');
    if (!deeds) throw new InputError('No run is started from this server.');
    return { lake, ...deeds };
  };
  addJson(app, {
    method: 'post',
    path: '/api/runs/start',
    summary: 'Begin a run; with confirm: false nothing is done',
    body: beginningSchema,
    answer: begunSchema,
    handle: async ({ body }) => {
      const { startRun } = await asAdministrator();
      if (body.confirm) await startRun();
      return { begun: body.confirm };
    },
  });
  addJson(app, {
    method: 'get',
    path: '/api/recommendations',
    summary: 'What would make the work cheaper, and what each would change in campus.yaml',
    answer: changesSchema,
    handle: async () => {
      const { lake, campusFile } = await asAdministrator();
      const { seen, changes } = await proposedChanges(lake, campusFile);
      return {
        seen,
        changes: changes.map(({ id, job, finding, advice, saving, backTest, diff }) => ({
          id,
          job,
          finding,
          advice,
          saving: { unit: saving.unit, amount: saving.amount },
          held: backTest.held,
          laterRuns: backTest.laterRuns,
          ...(diff ? { diff: [...diff] } : {}),
        })),
      };
    },
  });
  addJson(app, {
    method: 'post',
    path: '/api/recommendations/accept',
    summary: 'Change campus.yaml as a recommendation says; refused where the file is another than was shown',
    query: z.object({ id: z.string().min(1).max(100) }),
    body: acceptingSchema,
    answer: acceptedSchema,
    handle: async ({ query, body }) => {
      const { lake, campusFile } = await asAdministrator();
      const { patch } = await acceptRecommendation(lake, query.id, campusFile, body.seen);
      return { setting: patch!.setting, before: String(patch!.before), after: String(patch!.after) };
    },
  });
}
