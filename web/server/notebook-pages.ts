import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { notebookPage, PAGE_POLICY, visibleNotebooks } from '../../src/app/notebooks/notebook-page.ts';
import { notebooksSchema } from '../answers-notebooks.ts';
import { addJson } from './open-api.ts';
import type { LakeNowOpen } from './workbench-lake.ts';

/** Notebooks of incidents: which there are, and each as a page of its own, as the session sees the lake. */
export function addNotebookPages(app: OpenAPIHono, open: LakeNowOpen): void {
  addJson(app, {
    method: 'get',
    path: '/api/notebooks',
    summary: 'Notebooks beside campus.yaml, of one incident or all',
    query: z.object({ incident: z.string().min(1).max(300).optional() }),
    answer: notebooksSchema,
    handle: async ({ query }) => ({ notebooks: await visibleNotebooks(await open(), query) }),
  });
  app.get('/notebooks/:file', async (c) => {
    const html = await notebookPage(await open(), c.req.param('file'));
    c.header('Content-Security-Policy', PAGE_POLICY);
    c.header('Cache-Control', 'no-store');
    return c.html(html);
  });
}
