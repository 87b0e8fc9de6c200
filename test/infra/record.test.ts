import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Deployed } from '../../lib/change/deployed.ts';
import { readRecord, recordFileOf, writeRecord } from '../../lib/change/record.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each(['', '{}', '[]', '{"formatVersion":99}', '<<<<<<< HEAD'])(
  'a record that cannot be read stays as it is, and the way out is one that works: %j',
  (text) => {
    const file = recordFileOf(folder);
    writeFileSync(file, text);
    expect(() => readRecord(file)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('does not say what is deployed'),
        hint: expect.stringContaining('Restore it from version control'),
      }),
    );
    expect(readFileSync(file, 'utf8')).toBe(text);
    // The command that the hint names afterwards finds no record, which is no mistake.
    rmSync(file);
    expect(readRecord(file)).toBeUndefined();
  },
);

it('a record is written beside the one before, which stays where that fails', () => {
  const file = recordFileOf(folder);
  writeFileSync(file, 'before');
  mkdirSync(`${file}.part`);
  expect(() => writeRecord(file, {} as Deployed)).toThrow();
  expect(readFileSync(file, 'utf8')).toBe('before');
});
