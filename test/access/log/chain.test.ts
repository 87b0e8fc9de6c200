import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendChained, chainedRows, verifyChain } from '../../../src/access/log/chain.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import type { LedgerStore } from '../../../src/ports/ledger.ts';

let folder: string;
let ledger: LedgerStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chain-'));
  ledger = openLocalLedger(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const entry = (n: number) => ({
  at: new Date(1_780_000_000_000 + n).toISOString(),
  principal: `p${n}`,
  rows: n,
  reason: null,
});
const append = async (count: number, to = ledger) => {
  for (let n = 1; n <= count; n++) await appendChained(to, 'access', entry(n));
};
const faults = async (kept?: { seq: number; hash: string }) =>
  (await verifyChain(ledger, 'access', kept)).faults;

/** Changes the lines of the file in which the rows are. */
async function tamper(change: (lines: string[]) => string[]): Promise<void> {
  const ops = join(folder, 'ops');
  const [name] = (await readdir(ops)).filter((file) => file.startsWith('access') && file.endsWith('.jsonl'));
  const file = join(ops, name!);
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  await writeFile(
    file,
    change(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

describe('A chain of rows', () => {
  it('holds every row once, in order, whoever else appends at the same time', async () => {
    const others = [openLocalLedger(folder), openLocalLedger(folder), openLocalLedger(folder)];
    await Promise.all(others.map((other) => append(8, other)));

    const rows = await chainedRows(ledger, 'access');
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    expect(await faults()).toEqual([]);
  });

  it('loses no row where a process is killed between the record of its end and the table', async () => {
    await append(2);
    const cut = { ...ledger, append: () => Promise.reject(new Error('killed')) } as LedgerStore;
    await expect(appendChained(cut, 'access', entry(3))).rejects.toThrow('killed');

    expect(await ledger.rows('access')).toHaveLength(2);
    expect((await chainedRows(ledger, 'access')).map(({ principal }) => principal)).toEqual([
      'p1',
      'p2',
      'p3',
    ]);
    expect(await faults()).toEqual([]);
    await appendChained(ledger, 'access', entry(4));
    expect(await ledger.rows('access')).toHaveLength(4);
    expect(await faults()).toEqual([]);
  });

  it('is the same after its rows have been moved to Parquet', async () => {
    const sealing = openLocalLedger(folder, { sealBytes: 0 });
    await append(5, sealing);
    await sealing.tidy({ run: 'x', forgetDetailBefore: Date.now() + 1e12 });
    await append(2, sealing);
    expect((await chainedRows(sealing, 'access')).map(({ seq }) => Number(seq))).toEqual([
      1, 2, 3, 4, 5, 6, 7,
    ]);
    expect((await verifyChain(sealing, 'access')).faults).toEqual([]);
  });

  it('is empty and without a fault before the first row', async () => {
    expect(await verifyChain(ledger, 'access')).toEqual({
      rows: 0,
      checkpoint: `0:${'0'.repeat(64)}`,
      faults: [],
    });
  });
});

describe('A change from outside is seen', () => {
  beforeEach(() => append(4));

  it.each<[string, (lines: string[]) => string[], string[]]>([
    ['a field', (lines) => lines.map((line) => line.replace('"p2"', '"q2"')), ['row 2 was changed']],
    [
      'a field that was empty',
      (lines) => lines.map((line, i) => (i === 2 ? line.replace('"reason":null', '"reason":"x"') : line)),
      ['row 3 was changed'],
    ],
    ['a row taken out', (lines) => lines.toSpliced(1, 1), ['rows 2 to 2 are missing']],
    ['the last rows cut off', (lines) => lines.slice(0, 1), ['rows 2 to 3 are missing']],
  ])('%s', async (_, change, expected) => {
    await tamper(change);
    expect(await faults()).toEqual(expected);
  });

  it('a row made fit for its place', async () => {
    const rows = await ledger.rows('access');
    await tamper((lines) => [
      ...lines.slice(0, 3),
      JSON.stringify({ ...rows[3], principal: 'x', hash: 'f'.repeat(64) }),
    ]);
    expect(await faults()).toEqual(['row 4 was changed', 'row 4 is not the one with which the chain ends']);
  });

  it('a chain written again from the start, or cut off with its end, by a checkpoint that was kept elsewhere', async () => {
    const { checkpoint } = await verifyChain(ledger, 'access');
    const kept = { seq: 4, hash: checkpoint.split(':')[1]! };
    expect(await faults(kept)).toEqual([]);
    await rm(folder, { recursive: true });
    ledger = openLocalLedger(folder);
    await append(3);
    expect(await faults()).toEqual([]);
    expect(await faults(kept)).toEqual(['rows 4 to 4 of the checkpoint are missing']);
    await appendChained(ledger, 'access', entry(9));
    expect(await faults(kept)).toEqual(['row 4 is not the one of the checkpoint']);
  });
});
