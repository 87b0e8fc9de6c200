import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownIdentity } from '../../../src/platform/local/files/process-identity.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import { LedgerDamagedError } from '../../../src/ports/errors.ts';
import { ledgerStoreContract } from '../../contract/ledger-store.ts';
import { propertyRuns } from '../../property-runs.ts';

let directory: string;
const temporary = () => mkdtemp(path.join(os.tmpdir(), 'lake-ledger-'));

ledgerStoreContract({
  open: async () => {
    directory = await temporary();
    return openLocalLedger(directory);
  },
  again: async () => openLocalLedger(directory),
  close: () => rm(directory, { recursive: true, force: true }),
});

describe('a ledger on one machine', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporary();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('drops a torn last row, before and after the next append', async () => {
    const ledger = openLocalLedger(folder);
    await ledger.append('runs', [{ id: 'whole' }]);
    await appendFile(path.join(folder, 'ops/runs.jsonl'), '{"id":"torn","status":"succ');

    expect(await ledger.rows('runs')).toEqual([{ id: 'whole' }]);
    await ledger.append('runs', [{ id: 'next' }]);

    expect(await ledger.rows('runs')).toEqual([{ id: 'whole' }, { id: 'next' }]);
    expect(await readFile(path.join(folder, 'ops/runs.jsonl'), 'utf8')).not.toContain('torn');
  });

  it('mends a file that holds nothing but a torn row, however long', async () => {
    await mkdir(path.join(folder, 'ops'));
    await writeFile(path.join(folder, 'ops/runs.jsonl'), `{"id":"${'x'.repeat(200_000)}`);
    const ledger = openLocalLedger(folder);

    await ledger.append('runs', [{ id: 'first' }]);

    expect(await ledger.rows('runs')).toEqual([{ id: 'first' }]);
  });

  it.each([
    ['nonsense', 'nonsense'],
    ['zeros, as a failing disk leaves them', '\0'.repeat(4096)],
    ['a row without an id', '{"status":"succeeded"}'],
    ['half a row', '{"id":"x","status":"succ'],
  ])('passes over %s between its rows', async (_what, line) => {
    await mkdir(path.join(folder, 'ops'));
    await writeFile(path.join(folder, 'ops/runs.jsonl'), `{"id":"a"}\n${line}\n{"id":"b"}\n`);

    expect(await openLocalLedger(folder).rows('runs')).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  it('names the file of a record that was damaged from outside', async () => {
    const ledger = openLocalLedger(folder);
    await ledger.write('k', 1, undefined);
    const [file] = await readdir(path.join(folder, 'state'));
    await writeFile(path.join(folder, 'state', file!), '{"value"');

    await expect(ledger.read('k')).rejects.toThrow(LedgerDamagedError);
    await expect(ledger.read('k')).rejects.toThrow(file!);
  });

  it.each([
    ['of a process that is gone', { pid: 2 ** 22 + 1 }],
    ['of a process whose number another has by now', { started: 'long ago' }],
    ['from before the machine started', { boot: 'another' }],
  ])('takes over the right to run %s', async (_whose, difference) => {
    const holder = {
      ...ownIdentity(),
      nonce: 'n',
      owner: 'dead run',
      since: '2026-01-01T00:00:00Z',
      ...difference,
    };
    await writeFile(path.join(folder, 'run.lock'), JSON.stringify(holder));

    const attempts = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => openLocalLedger(folder).lock(`heir ${i}`)),
    );

    expect(attempts.filter((a) => a.status === 'fulfilled')).toHaveLength(1);
    expect((await readdir(folder)).filter((name) => name !== 'run.lock')).toEqual([]);
  });

  it('does not take over the right to run of another machine', async () => {
    const holder = {
      ...ownIdentity(),
      host: 'elsewhere',
      boot: 'x',
      nonce: 'n',
      owner: 'far run',
      since: 'then',
    };
    await writeFile(path.join(folder, 'run.lock'), JSON.stringify(holder));

    await expect(openLocalLedger(folder).lock('heir')).rejects.toThrow('far run');
  });

  it('shows after kill -9 every write that was acknowledged, and nothing half', async () => {
    for (let round = 0; round < propertyRuns(4); round++) {
      const acknowledged = await writeUntilKilled(folder, 40 + 70 * round);
      const ledger = openLocalLedger(folder);

      const rows = await ledger.rows('loads');
      const records = new Map((await ledger.list<{ n: number }>('k')).map((r) => [r.key, r.value]));

      const ids = new Set(rows.map((row) => row.id));
      expect(acknowledged.rows.filter((id) => !ids.has(id))).toEqual([]);
      for (const [key, n] of acknowledged.records) {
        expect(records.get(key)?.n).toBeGreaterThanOrEqual(n);
      }
      for (const value of records.values())
        expect(value).toEqual({ n: value.n, filler: 'x'.repeat(value.n % 977) });
      for (const row of rows) expect(Object.keys(row)).toEqual(['id', 'filler']);
    }
  }, 60_000);

  it('lets one of two processes win each version', async () => {
    const racers = await Promise.all([race(folder, 'a'), race(folder, 'b')]);

    const won = racers.flat();
    const versions = won.map((w) => w.version);
    expect(new Set(versions).size).toBe(versions.length);
    expect(won.length).toBeGreaterThan(20);
    const last = (await openLocalLedger(folder).read<string>('raced'))!;
    expect(last.version).toBe(Math.max(...versions));
    expect(won).toContainEqual({ by: last.value, version: last.version });
  }, 60_000);
});

const WRITER = path.join(import.meta.dirname, 'ledger-writer.ts');

function startWriter(...args: string[]) {
  return spawn(process.execPath, ['--import', 'tsx', WRITER, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Lets a process write as fast as it can, kills it after some time, and tells what it had been told is done. */
async function writeUntilKilled(folder: string, ms: number) {
  const child = startWriter('write', folder);
  const records = new Map<string, number>();
  const rows: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const [what, key, n] = line.split(' ');
    if (what === 'row') rows.push(key!);
    else records.set(key!, Number(n));
  });
  const closed = once(lines, 'close');
  await once(lines, 'line');
  await sleep(ms);
  child.kill('SIGKILL');
  await closed;
  expect(rows.length).toBeGreaterThan(0);
  return { records, rows };
}

async function race(folder: string, name: string): Promise<{ by: string; version: number }[]> {
  const child = startWriter('race', folder, name);
  const won: { by: string; version: number }[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const [by, version] = line.split(' ');
    won.push({ by: by!, version: Number(version) });
  }
  return won;
}
