import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InputError } from '../src/errors.ts';
import { readRunRecord } from '../src/pipeline/run-record.ts';
import type { Uses } from '../src/ports/step.ts';

const LAKE = fileURLToPath(new URL('lake.mjs', import.meta.url));

/** So long is looked whether it has begun. */
const BEGINS_MS = 30_000;
const LOOK_MS = 200;

/**
 * Begins runs, each in a process of its own, which goes on when this one ends.
 * @param campus as given to the command line
 */
export function runStarter(campus: string, { platform: { ledger } }: Uses<'ledger'>): () => Promise<void> {
  let under: ChildProcess | undefined;
  return async () => {
    if (under?.exitCode === null && under.signalCode === null) throw underWay();
    // Fails here, naming the process that holds the lock; the lock of one that has died is taken over.
    await (await ledger.lock('The workbench')).release();
    const before = await readRunRecord(ledger);
    const child = spawn(process.execPath, [LAKE, 'run', '--campus', campus, '--json'], {
      stdio: 'ignore',
      detached: true,
    });
    under = child;
    child.unref();
    let failed = false;
    child.once('error', () => {
      failed = true;
    });
    const until = performance.now() + BEGINS_MS;
    while (performance.now() < until) {
      await new Promise((done) => setTimeout(done, LOOK_MS));
      if ((await readRunRecord(ledger))?.version !== before?.version) return;
      if (failed || child.exitCode !== null || child.signalCode !== null)
        throw new InputError('The run did not begin.', { hint: '`lake run` in a terminal says why' });
    }
  };
}

const underWay = () =>
  new InputError('A run that was begun here is under way.', { hint: 'the view Runs shows how far it is' });
