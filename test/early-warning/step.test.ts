import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeModel } from '../../src/early-warning/model-store.ts';
import { NEEDED } from '../../src/early-warning/scores.ts';
import { earlyWarning } from '../../src/early-warning/step.ts';
import { FEATURES, SCORES } from '../../src/early-warning/tables.ts';
import { listModelRecords, writeModelRecord } from '../../src/pipeline/model-record.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { Uses } from '../../src/ports/step.ts';
import { lakeOf } from '../lake-of.ts';
import { storedModel } from './stored-model.ts';

describe('The scores of an earlier run', () => {
  let root: string;
  let lake: Uses<
    'session' | 'signal' | 'report' | 'campus' | 'catalog' | 'clock' | 'ledger' | 'objects' | 'engine'
  >;
  let notes: string[];
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'early-warning-step-'));
    notes = [];
    lake = lakeOf({
      campus: { sources: { canvas: { kind: 'canvas' } } },
      // It was to be loaded, and never was.
      catalog: { datasets: [{ id: 'canvas.submissions', source: 'canvas', load: 'incremental' }] },
      platform: {
        clock: { now: () => Date.UTC(2026, 9, 2) },
        ledger: openLocalLedger(join(root, 'ledger')),
        objects: openLocalObjects(root),
        engine: {},
      },
      report: { note: (_about: string, text: string) => notes.push(text) },
    });
    for (const table of [FEATURES, SCORES]) await built(table, 'r1');
    for (const table of NEEDED) await built(table, 'r2');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const built = (table: string, run: string) =>
    writeModelRecord(lake.platform.ledger, {
      model: table.split('.')[1]!,
      run,
      version: { table, columns: [], rows: 1, storage: {} },
    });
  const own = async () =>
    (await listModelRecords(lake.platform.ledger)).filter(({ version }) =>
      [FEATURES, SCORES].includes(version.table),
    );
  const run = () => earlyWarning.run({ run: 'r2' }, lake);

  it('are forgotten once no model is in use, and nothing else is', async () => {
    expect(await run()).toEqual({ scored: 0 });

    expect(await own()).toEqual([]);
    expect(await listModelRecords(lake.platform.ledger)).toHaveLength(NEEDED.length);
  });

  it('stay as they were where something that they are made of is stale, and say why', async () => {
    await writeModel(lake.platform.objects, storedModel(4), { markdown: '', sagemaker: {} });

    expect(await run()).toEqual({ scored: 0 });

    const why = 'canvas.submissions has no good rows yet (it was never loaded)';
    expect((await own()).map(({ run: of, kept }) => [of, kept])).toEqual([
      ['r1', { run: 'r2', why }],
      ['r1', { run: 'r2', why }],
    ]);
    expect(notes).toEqual([`the scores keep their last version: ${why}`]);
  });
});
