import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../src/json.ts';
import { listStates, readState } from '../../src/loads/dataset-state.ts';
import { newState } from '../../src/loads/state.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { DamagedRecordError } from '../../src/ports/errors.ts';
import { NewerFormatError } from '../../src/state/errors.ts';

const KEY = 'dataset/canvas.users';
const EMPTY = newState('canvas.users') as unknown as Json;

describe('A ledger', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lake-state-'));
    await ledger().write(KEY, EMPTY, undefined);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const ledger = () => openLocalLedger(folder);
  const file = () => join(folder, 'state', `${encodeURIComponent(KEY)}.json`);
  const store = (value: object) => writeFile(file(), JSON.stringify({ value, version: 7 }));

  it('keeps records with their format, and gives them without', async () => {
    expect(JSON.parse(await readFile(file(), 'utf8')).value.formatVersion).toBe(2);
    expect((await readState(ledger(), 'canvas.users')).state).toEqual(EMPTY);
  });

  it('refuses a record of a newer format wherever it is read, and does not write over it', async () => {
    await store({ formatVersion: 3, dataset: 'canvas.users', waiting: [] });
    const before = await readFile(file(), 'utf8');

    await expect(readState(ledger(), 'canvas.users')).rejects.toThrow(NewerFormatError);
    await expect(listStates(ledger())).rejects.toThrow(NewerFormatError);
    await expect(ledger().damaged('')).rejects.toThrow(NewerFormatError);
    const write = ledger().write(KEY, EMPTY, 7);
    await expect(write).rejects.toThrow(NewerFormatError);
    expect(await readFile(file(), 'utf8')).toBe(before);
  });

  it('takes a record that is not as its format says for a damaged one, and says which field it is', async () => {
    await store({ dataset: 'canvas.users', pending: [{ load: 'a', kind: 'whole', manifest: 'm' }] });

    const error = await readState(ledger(), 'canvas.users').catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(DamagedRecordError);
    expect(String(error)).toContain('pending[0].kind: it is not one of the values that it may have');
    expect(await ledger().damaged('')).toEqual([KEY]);
    expect(await listStates(ledger())).toEqual([]);
  });
});
