import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { driftPoll, driftStart } from '../../src/drift/steps.ts';
import { openLocalDrift } from '../../src/platform/local/drift.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import { student } from './student.ts';

let folder: string;
let lake: Parameters<typeof driftPoll.run>[1];
let notes: string[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'drift-'));
  notes = [];
  const objects = await openLocalObjects(folder);
  lake = {
    catalog: { of: () => [student] },
    platform: {
      clock: { now: () => Date.parse('2026-02-03T08:00:00Z') },
      objects,
      ledger: await openLocalLedger(path.join(folder, 'ledger')),
      drift: openLocalDrift(objects),
    },
    report: { note: (about: string, text: string) => notes.push(`${about}: ${text}`) },
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A file as the replicator leaves it, with one row. */
async function load(run: string, table: string, columns: ColumnSource[]): Promise<void> {
  const bytes = Buffer.from(parquetWriteBuffer({ columnData: columns }));
  await lake.platform.objects.put(`raw/sis/${run}/REG/${table}/LOAD00000001.parquet`, Readable.from([bytes]));
  await lake.platform.objects.putText(`raw/sis/${run}/REG/${table}/_manifest.json`, '{}');
}
const ID: ColumnSource = { name: 'ID', data: [1n], type: 'INT64' };
const NAME: ColumnSource = { name: 'NAME', data: ['x'], type: 'STRING' };

async function night(run: string) {
  const input = { run, source: 'sis' };
  await driftStart.run(input, lake);
  return driftPoll.run(input, lake);
}
const rows = async () =>
  (await lake.platform.ledger.rows('schema_changes')).map(
    ({ run, dataset, column_name, change, old_type, new_type }) =>
      [run, dataset, column_name, change, old_type, new_type].join(' '),
  );

describe('The survey of raw files', () => {
  it('looks at nothing while the look is held, and at all of it afterwards', async () => {
    await load('r1', 'STUDENT', [ID, NAME]);
    const open = lake;
    const asked: object[] = [];
    const held = async (work: object) => {
      asked.push(work);
      return { because: 'a budget is spent', hint: '' };
    };
    lake = { ...open, held };
    expect(await driftStart.run({ run: 'r1', source: 'sis' }, lake)).toEqual({ begun: false });
    expect(await night('r1')).toEqual({ done: true, tables: 0, reported: 0 });
    expect(asked).toContainEqual({ work: 'drift', about: ['sis'], run: 'r1' });
    lake = open;
    expect(await night('r1')).toEqual({ done: true, tables: 1, reported: 0 });
  });

  it('tells what came since the last one, once, in the ledger and in words', async () => {
    await load('r1', 'STUDENT', [ID, NAME]);
    expect(await night('r1')).toEqual({ done: true, tables: 1, reported: 0 });

    await load('r2', 'STUDENT', [{ ...ID, data: ['1'], type: 'STRING' }, NAME]);
    await load('r2', 'PAYROLL', [ID, { name: 'SALARY', data: [1.5], type: 'DOUBLE' }]);
    expect(await night('r2')).toEqual({ done: true, tables: 2, reported: 2 });
    await load('r3', 'PAYROLL', [ID]);
    expect(await night('r3')).toEqual({ done: true, tables: 1, reported: 0 });

    expect(await rows()).toEqual(['r2 sis.REG.PAYROLL  unlisted  ', 'r2 sis.student id retyped INT64 UTF8']);
    expect(notes).toEqual([
      expect.stringContaining('sis.REG.PAYROLL: this table lies in the raw zone'),
      'sis.student: id is now UTF8, was INT64',
    ]);
  });

  it('says the same when it is repeated, and when it was killed before its end', async () => {
    await load('r1', 'STUDENT', [ID, NAME]);
    await night('r1');
    await load('r2', 'STUDENT', [ID]);
    const { objects } = lake.platform;
    const killed = { ...objects, putText: () => Promise.reject(new Error('killed')) };
    const dying = { ...lake, platform: { ...lake.platform, objects: killed } };
    await expect(driftPoll.run({ run: 'r2', source: 'sis' }, dying)).rejects.toThrow('killed');

    await night('r2');
    await night('r2');

    expect(await rows()).toEqual(['r2 sis.student full_name vanished UTF8 ']);
  });
});
