import { expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import type { WorkbenchLake } from '../../web/server/workbench-lake.ts';
import { openWorkbench } from './workbench.ts';

async function served(role: string, startRun: () => Promise<void>) {
  const lake = { session: { principal: 'ada', role, attributes: {}, purpose: 'test' } };
  return openWorkbench(async () => lake as unknown as WorkbenchLake, undefined, {
    deeds: { startRun, campusFile: 'campus.yaml' },
  });
}

it('begins a run for the administrator, once it is confirmed', async () => {
  let begun = 0;
  const { json, ask, close } = await served('administrator', async () => {
    begun += 1;
  });
  const start = (body: unknown) => json('/api/runs/start', { method: 'POST', body });
  expect(await start({})).toMatchObject({ status: 200, body: { begun: false } });
  expect(begun).toBe(0);
  expect(await start({ confirm: true })).toMatchObject({ status: 200, body: { begun: true } });
  expect(begun).toBe(1);
  const foreign = { method: 'POST', headers: { origin: 'http://evil.example' }, body: { confirm: true } };
  expect((await ask('/api/runs/start', foreign)).status).toBe(403);
  expect(begun).toBe(1);
  await close();
});

it('begins none for a role, and shows it no change of campus.yaml', async () => {
  const { json, close } = await served('registrar', async () => expect.unreachable());
  const refused = {
    status: 400,
    body: { error: { message: expect.stringContaining('Only the administrator') } },
  };
  expect(await json('/api/runs/start', { method: 'POST', body: { confirm: true } })).toMatchObject(refused);
  expect(await json('/api/recommendations')).toMatchObject(refused);
  const accept = { method: 'POST', body: { seen: 'x' } };
  expect(await json('/api/recommendations/accept?id=1', accept)).toMatchObject(refused);
  await close();
});

it('says why none begins', async () => {
  const { json, close } = await served('administrator', async () => {
    throw new InputError('A run is under way.');
  });
  expect(await json('/api/runs/start', { method: 'POST', body: { confirm: true } })).toMatchObject({
    status: 400,
    body: { error: { message: 'A run is under way.' } },
  });
  await close();
});

it('begins none where the entrance gives no way to', async () => {
  const lake = { session: { principal: 'ada', role: 'administrator', attributes: {}, purpose: 'test' } };
  const { json, close } = await openWorkbench(async () => lake as unknown as WorkbenchLake);
  expect((await json('/api/runs/start', { method: 'POST', body: { confirm: true } })).status).toBe(400);
  await close();
});
