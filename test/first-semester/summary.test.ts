import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { summaryOf } from '../../src/first-semester/summary.ts';
import { writeModelRecord } from '../../src/pipeline/model-record.ts';
import { publish } from '../../src/pipeline/publication.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { Platform } from '../../src/ports/platform.ts';

const AT = '2026-11-22T02:15:00.000Z';
let folder: string;
let platform: Pick<Platform, 'ledger' | 'objects'>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'first-semester-'));
  platform = { ledger: openLocalLedger(join(folder, 'ledger')), objects: openLocalObjects(folder) };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const built = (run: string, rows: number, asOf = AT) =>
  writeModelRecord(platform.ledger, {
    model: 'first_semester_attention',
    run,
    asOf,
    version: { table: 'campus.first_semester_attention', columns: [], rows, storage: {} },
  });
const published = (run: string) =>
  publish(platform, { id: run, run, at: AT, asOf: AT, tables: {}, facts: {} });
const summary = (run: string) => summaryOf({ platform: platform as Platform }, run);

it('says how many students the list of this run holds', async () => {
  await built('r', 31);
  await published('r');
  expect(await summary('r')).toEqual({
    headline: '31 students may need attention',
    lines: ['31 first-semester students may need attention.'],
  });
});

it('says how far the list is known where the other tables know more', async () => {
  await built('r', 1, '2026-11-20T02:15:00.000Z');
  await published('r');
  expect((await summary('r'))?.lines).toEqual([
    '1 first-semester student may need attention, as of 2026-11-20 02:15 UTC.',
  ]);
});

it('says nothing of a list that this run has not built', async () => {
  expect(await summary('r')).toBeUndefined();
  await built('earlier', 31);
  expect(await summary('r')).toBeUndefined();
});
