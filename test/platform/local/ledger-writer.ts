import { writeSync } from 'node:fs';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import { LedgerConflictError } from '../../../src/ports/errors.ts';

/** Writes to a ledger and says at once on standard output what was acknowledged. */
const [task, folder, name] = process.argv.slice(2) as ['write' | 'race', string, string];
const ledger = openLocalLedger(folder);
const say = (line: string) => writeSync(1, `${line}\n`);

async function keepWritingRecord(key: string): Promise<never> {
  for (;;) {
    const before = await ledger.read<{ n: number }>(key);
    const n = (before?.value.n ?? 0) + 1;
    await ledger.write(key, { n, filler: 'x'.repeat(n % 977) }, before?.version);
    say(`record ${key} ${n}`);
  }
}

async function keepAppending(series: string): Promise<never> {
  for (let n = 0; ; n++) {
    const id = `${process.pid}-${series}-${n}`;
    await ledger.append('loads', [{ id, filler: 'y'.repeat((n * 37) % 5_000) }]);
    say(`row ${id}`);
  }
}

/** Wins versions of one record against another process until a hundred have been written. */
async function race(): Promise<void> {
  for (let i = 0; ; i++) {
    const before = await ledger.read<string>('raced');
    const mark = `${name}${i}`;
    try {
      const version = await ledger.write('raced', mark, before?.version);
      say(`${mark} ${version}`);
      const first = (await ledger.read<number>('first'))?.value;
      if (first === undefined) await ledger.write('first', version, undefined).catch(() => undefined);
      else if (version - first >= 100) return;
    } catch (error) {
      if (!(error instanceof LedgerConflictError)) throw error;
      const first = (await ledger.read<number>('first'))?.value;
      if (first !== undefined && (before?.version ?? first) - first >= 100) return;
    }
  }
}

if (task === 'race') await race();
else
  await Promise.all([...['k1', 'k2', 'k3'].map(keepWritingRecord), keepAppending('a'), keepAppending('b')]);
