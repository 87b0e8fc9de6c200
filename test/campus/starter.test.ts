import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_TREATMENTS } from '../../src/campus/campus-schema.ts';
import { loadCampus } from '../../src/campus/load.ts';
import { starterCampus } from '../../src/campus/starter.ts';

const STARTER = starterCampus({ name: 'Río "Grande" College', timeZone: 'America/Chicago' });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starter-'));
});
afterEach(() => rm(folder, { recursive: true }));

const load = async (text: string) => {
  await writeFile(join(folder, 'campus.yaml'), text);
  return (await loadCampus(folder)).campus;
};

it('the starter is a valid campus', async () => {
  const campus = await load(STARTER);
  expect(campus).toMatchObject({ name: 'Río "Grande" College', timeZone: 'America/Chicago' });
  expect(Object.keys(campus.sources)).toEqual(['canvas', 'sis']);
});

it('stays valid with every commented setting switched on', async () => {
  const on = STARTER.replace(/^( *)# ((?:[a-z]\w*:|- | {2}\w).*)$/gm, '$1$2');
  expect(on.match(/^\s*#/gm)!.length).toBeLessThan(STARTER.match(/^\s*#/gm)!.length - 15);
  const campus = await load(on);
  expect(campus.notify.map((n) => n.kind)).toEqual(['console', 'file', 'slack', 'email']);
  expect(campus.privacy.key).toEqual({ env: 'PRIVACY_KEY' });
});

it('says the defaults as they are', async () => {
  const bare = await load('name: x\ntimeZone: UTC\nsources: {}\n');
  const { name: _n, timeZone: _t, sources: _s, privacy, ...rest } = await load(STARTER);
  expect(bare).toMatchObject(rest);
  expect(DEFAULT_TREATMENTS).toMatchObject(privacy.defaults);
});
