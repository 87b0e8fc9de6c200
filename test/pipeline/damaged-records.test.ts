import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Json } from '../../src/json.ts';
import { listStates, readState } from '../../src/loads/dataset-state.ts';
import { newState } from '../../src/loads/state.ts';
import { listModelRecords, writeModelRecord } from '../../src/pipeline/model-record.ts';
import { currentPublicationId, publish } from '../../src/pipeline/publication.ts';
import { beginRun } from '../../src/pipeline/run-life.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import { DamagedRecordError } from '../../src/ports/errors.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lake-damaged-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const ledger = () => openLocalLedger(join(folder, 'ledger'));

async function spoil(key: string, text = ''): Promise<void> {
  const state = join(folder, 'ledger/state');
  const names = await readdir(state);
  expect(names).toContain(`${encodeURIComponent(key)}.json`);
  await writeFile(join(state, `${encodeURIComponent(key)}.json`), text);
}

it.each(['', '\0'.repeat(300), '{"value"', 'null', '{}'])(
  'a damaged record (%j) is its dataset’s trouble, and no other’s',
  async (text) => {
    for (const dataset of ['canvas.users', 'canvas.courses', 'canvas.terms']) {
      await ledger().write(`dataset/${dataset}`, newState(dataset) as unknown as Json, undefined);
    }
    await spoil('dataset/canvas.courses', text);

    expect((await listStates(ledger())).map(({ dataset }) => dataset)).toEqual([
      'canvas.terms',
      'canvas.users',
    ]);
    expect(await ledger().damaged('')).toEqual(['dataset/canvas.courses']);
    const error = await readState(ledger(), 'canvas.courses').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DamagedRecordError);
    expect(error).toMatchObject({ about: 'canvas.courses', hint: expect.stringContaining('lake repair') });
  },
);

it('a damaged record of the run begins a new run', async () => {
  const parts = {
    clock: { now: () => Date.UTC(2026, 10, 1), sleep: async () => undefined },
    ledger: ledger(),
  };
  const first = await beginRun(parts, { fresh: false });
  await spoil('run/current');

  const next = await beginRun(parts, { fresh: false });

  expect(next.run).not.toBe(first.run);
  expect(next.attempt).toBe(1);
  expect(await ledger().damaged('')).toEqual([]);
});

it('a damaged pointer is replaced by the next publication, and queries under way keep theirs', async () => {
  const stores = { ledger: ledger(), objects: openLocalObjects(folder) };
  const publication = (id: string) => ({ id, run: id, at: id, asOf: id, tables: {}, facts: {} });
  for (const id of ['a', 'b', 'c']) await publish(stores, publication(id));
  await spoil('publication/current');
  await expect(currentPublicationId(ledger())).rejects.toThrow(DamagedRecordError);

  await publish(stores, publication('d'));

  expect(await currentPublicationId(ledger())).toBe('d');
  expect((await ledger().read('publication/current'))?.value).toMatchObject({ kept: ['b', 'c', 'd'] });
});

it('a damaged record of a model is replaced when the model is built', async () => {
  const version = { table: 'campus.students', columns: [], rows: 1, storage: {} };
  const record = { model: 'students', run: 'r', version };
  await writeModelRecord(ledger(), record);
  await spoil('model/students');
  expect(await listModelRecords(ledger())).toEqual([]);

  await writeModelRecord(ledger(), record);

  expect(await listModelRecords(ledger())).toEqual([record]);
});
