import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLook, writeLook } from '../../src/drift/look-document.ts';
import { listBrought } from '../../src/early-warning/brought/store.ts';
import { readDecisions } from '../../src/early-warning/holds.ts';
import { readModel } from '../../src/early-warning/model-store.ts';
import type { Json } from '../../src/json.ts';
import { readChanges } from '../../src/platform/aws/dms/changes-record.ts';
import { readRecord } from '../../src/platform/aws/dms/load-record.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import { TaskStates } from '../../src/platform/local/replication/task-state.ts';
import { DamagedRecordError } from '../../src/ports/errors.ts';
import type { ObjectStore } from '../../src/ports/objects.ts';
import type { JsonObject } from '../../src/state/document.ts';
import { NewerFormatError } from '../../src/state/errors.ts';
import { decodeRecord, encodeRecord } from '../../src/state/records.ts';
import { storedModel } from '../early-warning/stored-model.ts';

const RECORDS: [string, JsonObject, string][] = [
  ['staging/canvas.users', { run: 'r1', mark: 'a1b2' }, 'mark'],
  ['model-making/students', { run: 'r1', ticket: { job: 7 } }, 'run'],
  ['followed/sis', { source: 'sis', asOf: 'x', at: 'x', left: ['sis.a'] }, 'left'],
  ['withdrawn/tables', { tables: ['canvas.users'] }, 'tables'],
  ['access/mode', { mode: 'lake-formation', at: 7, changed: 3 }, 'mode'],
  ['lake-formation/canvas.users', { made: 7, classes: { id: 'quasi' } }, 'classes'],
];

describe.each(RECORDS)('The record %s', (key, value, field) => {
  it('is read as older versions wrote it, and written with its format', () => {
    expect(decodeRecord(key, value, 'f')).toEqual(value);
    expect(encodeRecord(key, value)).toEqual({ formatVersion: 1, ...value });
  });

  it('of a newer format, or damaged, is refused', () => {
    expect(() => decodeRecord(key, { formatVersion: 2, ...value }, 'f')).toThrow(NewerFormatError);
    expect(() => decodeRecord(key, { ...value, [field]: 7 as Json }, 'f')).toThrow(DamagedRecordError);
  });
});

const BROUGHT = {
  ...{ name: 'bru', licence: 'MIT', contact: 'c', source: 's', intendedUse: 'i', trainedOn: 't' },
  ...{ format: 'JSON', sha256: 'd', broughtAt: '2026-01-01T00:00:00Z', weeks: [] },
};
const MODEL = {
  ...{ version: 2, id: 'm', trainedAt: 'x', campus: 'c', terms: [], measures: ['other'], expires: 'x' },
  ...{ evaluation: { term: '', weeks: [] }, weeks: [] },
};
const DOCUMENTS: [string, (objects: ObjectStore) => Promise<unknown>, object][] = [
  [
    'replication/sis/r1.json',
    (objects) => readRecord(objects, 'sis/r1'),
    { request: { source: 'sis', load: 'r1', prefix: 'p' }, tasks: [], tested: [] },
  ],
  [
    'replication/sis-changes.json',
    (objects) => readChanges(objects, 'sis'),
    { source: 'sis', generation: 'g', begunAt: 'x', folder: 'f', tasks: [], numbered: 0, tested: [] },
  ],
  [
    'tasks/sis%2Fr1.json',
    (objects) => new TaskStates(objects.uri('tasks')).read('sis/r1'),
    {
      ...{ status: 'done', snapshotAt: 'x', warnings: [], tables: [{ schema: 's', table: 't', rows: 1 }] },
      request: { source: 'sis', load: 'r1', prefix: 'p' },
    },
  ],
  ['early-warning/brought/bru.json', async (objects) => (await listBrought(objects))[0], BROUGHT],
  [
    'early-warning/holds.json',
    async (objects) => ({ decisions: await readDecisions(objects) }),
    { decisions: [{ course: 'A', decision: 'hold', because: 'b', at: 'x' }] },
  ],
];

describe('A document', () => {
  let folder: string;
  let objects: ObjectStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lake-documents-'));
    objects = openLocalObjects(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const store = (key: string, value: unknown) => objects.putText(key, JSON.stringify(value));

  it.each(DOCUMENTS)(
    '%s is read as older versions wrote it, and refused of a newer one or damaged',
    async (key, read, value) => {
      await store(key, value);
      expect(await read(objects)).toEqual(value);
      await store(key, { formatVersion: 2, ...value });
      await expect(read(objects)).rejects.toThrow(NewerFormatError);
      await store(key, { formatVersion: 1 });
      await expect(read(objects)).rejects.toThrow(/is damaged/);
    },
  );

  it('with the last survey of raw files was once the tables alone', async () => {
    const tables = { 'registrar.terms': { id: 'bigint' } };
    await store('drift/sis.json', tables);
    expect(await readLook(objects, 'sis')).toEqual(tables);

    await writeLook(objects, 'sis', tables);
    expect(JSON.parse((await objects.getText('drift/sis.json'))!)).toEqual({ formatVersion: 2, tables });
    expect(await readLook(objects, 'sis')).toEqual(tables);
    await store('drift/sis.json', { formatVersion: 3, tables });
    await expect(readLook(objects, 'sis')).rejects.toThrow(NewerFormatError);
    await store('drift/sis.json', { 'registrar.terms': 7 });
    await expect(readLook(objects, 'sis')).rejects.toThrow(/is damaged: tables/);
  });

  it('that `lake repair` does not look at says what helps when it is damaged', async () => {
    for (const [key, read] of DOCUMENTS) {
      await store(key, { formatVersion: 1 });
      await expect(read(objects)).rejects.toMatchObject({
        hint: expect.stringMatching(/outside\. Delete it[^`]*(`lake (?!repair)[^`]*`)?\.$/),
      });
    }
  });

  it('with decisions about courses was once a list', async () => {
    const decision = { course: 'A', decision: 'score', because: 'b', at: 'x' };
    await store('early-warning/holds.json', [decision]);
    expect(await readDecisions(objects)).toEqual([decision]);
  });

  it('with an early-warning model is refused of a newer format; damaged or of another version, training is the way', async () => {
    await store('early-warning/model.json', { formatVersion: 3, ...MODEL });
    await expect(readModel(objects)).rejects.toThrow(NewerFormatError);
    for (const model of [MODEL, { version: 1 }, { ...MODEL, weeks: 7 }]) {
      await store('early-warning/model.json', model);
      await expect(readModel(objects)).rejects.toMatchObject({
        hint: expect.stringContaining('lake early-warning train'),
      });
    }
  });

  it('with an early-warning model once had another name for how it was evaluated', async () => {
    const { evaluation, ...model } = storedModel(4);
    await store('early-warning/model.json', { ...model, judged: evaluation });

    expect(await readModel(objects)).toEqual(storedModel(4));
  });
});
