import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadCampus } from '../../../src/campus/load.ts';
import { LiveState } from '../../../src/live-events/live-state.ts';
import { showLive } from '../../../src/live-events/resident.ts';
import { settleLiveEvents } from '../../../src/live-events/step.ts';
import { LIVE_TABLES } from '../../../src/live-events/tables.ts';
import { listModelRecords, writeModelRecord } from '../../../src/pipeline/model-record.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import type { FeatureLake } from '../../../src/ports/feature.ts';
import type { TableBuilder } from '../../../src/ports/query-engine.ts';
import { lakeOf } from '../../lake-of.ts';
import { openTestLake, type TestLake } from '../../platform/local/duckdb/lake-folder.ts';

let test: TestLake;
let lake: FeatureLake;
let failing: string | undefined;
beforeAll(async () => {
  test = await openTestLake();
  const { campus, catalog } = await loadCampus('campus.yaml');
  const engine: Pick<TableBuilder, 'create' | 'literalTable'> = {
    literalTable: (...given) => test.engine.literalTable(...given),
    create: async (name, ...rest) => {
      if (name === failing) throw new Error('the disk is full');
      return test.engine.create(name, ...rest);
    },
  };
  lake = lakeOf({
    campus,
    catalog,
    platform: {
      clock: { now: () => Date.parse('2026-10-05T12:00:00Z') },
      ledger: openLocalLedger(join(test.root, 'ledger')),
      engine,
    },
  }) as unknown as FeatureLake;
});
afterAll(() => test?.close());

const NAMES = LIVE_TABLES.map(({ name }) => name);

it('tables after one that could not be made are made in the next round', async () => {
  const state = new LiveState('canvas');
  failing = NAMES[2];
  await expect(showLive(lake, [state], 'L1')).rejects.toThrow('the disk is full');
  failing = undefined;
  expect(await showLive(lake, [state], 'L2')).toEqual(NAMES.slice(2));
  expect(await showLive(lake, [state], 'L3')).toEqual([]);
});

it('where live events are no longer received, nothing of them is shown', async () => {
  const { ledger } = lake.platform;
  const [version] = (await listModelRecords(ledger)).map((record) => record.version);
  await writeModelRecord(ledger, {
    model: 'lists',
    run: 'r',
    version: { ...version!, table: 'campus.lists' },
  });
  expect(await listModelRecords(ledger)).toHaveLength(NAMES.length + 1);
  await settleLiveEvents.run({ run: 'r' }, lake);
  expect((await listModelRecords(ledger)).map(({ model }) => model)).toEqual(['lists']);
});
