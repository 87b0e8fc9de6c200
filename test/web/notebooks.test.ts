import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listIncidents } from '../../src/app/health/incidents.ts';
import { writeNotebookFile } from '../../src/app/notebooks/notebook-files.ts';
import { PAGE_POLICY, visibleNotebooks } from '../../src/app/notebooks/notebook-page.ts';
import { notebookHtml } from '../../src/notebooks/html.ts';
import { blankNotebook } from '../../src/notebooks/incident.ts';
import { openNights } from '../health/night.ts';
import { lakeOf } from '../lake-of.ts';
import { openWorkbench } from './workbench.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'notebooks-'));
  await writeNotebookFile(join(root, 'notebooks/q "1".ipynb'), blankNotebook('Why "so"?', 'p1'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

it('the policy of a page lets its own style in, and nothing else', () => {
  const html = notebookHtml(blankNotebook('t', 'p'), { title: 't', said: [] }, { code: true });
  const style = /<style>([\s\S]*)<\/style>/.exec(html)![1]!;
  expect(PAGE_POLICY).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  expect(PAGE_POLICY).not.toMatch(/unsafe|script|http/);
});

it('notebooks are listed for who has entered, and no other file is read by their address', async () => {
  const lake = lakeOf({ campus: { root } });
  const { ask, json } = await openWorkbench(async () => lake as never);
  expect((await json('/api/notebooks')).body).toEqual({
    notebooks: [{ file: 'q "1".ipynb', title: 'Why "so"?', publication: 'p1' }],
  });
  expect((await json('/api/notebooks?incident=other')).body.notebooks).toEqual([]);
  for (const file of ['..%2Fcampus.yaml', 'campus.yaml', '.q.ipynb', 'nothing.ipynb'])
    expect([file, (await ask(`/notebooks/${file}`)).status]).toEqual([file, 400]);
  for (const path of ['/api/notebooks', '/notebooks/q.ipynb'])
    expect((await ask(path, { headers: { cookie: '' } })).status).toBe(401);
  for (const path of ['/v1/sql', '/v1/render'])
    expect((await ask(path, { method: 'POST', body: {}, headers: { cookie: '' } })).status).toBe(401);
});

it('a file that is there is never replaced', async () => {
  const again = writeNotebookFile(join(root, 'notebooks/q "1".ipynb'), blankNotebook('Other', 'p2'));
  await expect(again).rejects.toThrow('is there already');
  expect(await visibleNotebooks(lakeOf({ campus: { root } }) as never)).toMatchObject([
    { title: 'Why "so"?' },
  ]);
});

it('a role sees a notebook that another has written by the title of its incident', async () => {
  const nights = await openNights();
  await nights.run({ stale: ['canvas.users'] });
  const [incident] = await listIncidents(nights.lake as never);
  const of = await mkdtemp(join(tmpdir(), 'notebooks-'));
  const notebook = blankNotebook('What Ana Diaz did', 'p1');
  const lake = { ...(notebook.metadata.lake as object), incident: incident!.id, role: 'steward' };
  await writeNotebookFile(join(of, 'notebooks/a.ipynb'), { ...notebook, metadata: { lake } });
  const as = (role: string) =>
    visibleNotebooks({
      ...nights.lake,
      campus: { ...(nights.lake as { campus: object }).campus, root: of },
      session: { principal: 'a', role, attributes: {}, purpose: 'p' },
      access: { version: '1', restrict: (_: object, _action: string, tables: object) => ({ tables }) },
    } as never);
  expect(await as('steward')).toMatchObject([{ title: 'What Ana Diaz did' }]);
  expect(await as('analyst')).toMatchObject([{ title: incident!.title, role: 'steward' }]);
  await nights.close();
  await rm(of, { recursive: true, force: true });
});
