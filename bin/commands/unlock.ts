import { type Command, Option } from 'commander';
import { InputError } from '../../src/errors.ts';
import { lakeFolders } from '../../src/platform/local/folders.ts';
import {
  type LedgerLock,
  listLocks,
  removeLockDrafts,
  removeLocks,
} from '../../src/platform/local/ledger-locks.ts';
import { loadCampus } from '../load-campus.ts';
import {
  addCommonOptions,
  type CommonFlags,
  EXIT,
  printJson,
  runCommand,
  type TargetFlags,
} from './common.ts';

interface UnlockFlags extends CommonFlags, TargetFlags {
  readonly force?: boolean;
}

export function defineUnlock(command: Command): void {
  addCommonOptions(command)
    .addOption(
      new Option('--target <target>')
        .choices(['local', 'aws'])
        .default('local')
        .env('LAKE_TARGET')
        .hideHelp(),
    )
    .option('--force', 'free locks of a live process as well; stop that process first')
    .addHelpText(
      'after',
      `
A process that works on the lake holds locks, and shows signs of life while it does. Locks of processes that are
gone are freed by the next command by itself. What is left for this command: locks of another machine or container
that gave no sign of life for five minutes, as after a container was killed or a backup was restored elsewhere.

Exit code: 0 nothing is held any more, 1 a live process still holds a lock, 2 input to correct.

Examples:
  $ lake unlock
  $ lake unlock --json`,
    )
    .action((flags: UnlockFlags) => runCommand(() => unlock(flags), flags));
}

async function unlock(flags: UnlockFlags): Promise<number> {
  if (flags.target === 'aws') {
    throw new InputError('On AWS there is nothing to unlock: the right to run is a lease.', {
      hint: 'a holder that is gone loses it after 90 seconds by itself',
    });
  }
  const { ledger } = lakeFolders((await loadCampus(flags.campus)).campus);
  const found = await listLocks(ledger);
  const kept = found.filter(({ holder }) => holder?.state === 'alive' && !flags.force);
  const freed = found.filter((lock) => !kept.includes(lock));
  await removeLocks(ledger, freed);
  await removeLockDrafts(ledger);
  if (flags.json) printJson({ freed, held: kept });
  else process.stdout.write(`${inWords(freed, kept)}\n`);
  return kept.length > 0 ? EXIT.failed : EXIT.done;
}

function inWords(freed: readonly LedgerLock[], kept: readonly LedgerLock[]): string {
  const lines = [
    ...freed.map((lock) => `freed: ${describeLock(lock)}`),
    ...kept.map((lock) => `held: ${describeLock(lock)}`),
  ];
  if (kept.length > 0) {
    lines.push(
      'That process is alive: wait until it has ended, or stop it. --force frees its locks all the same.',
    );
  }
  return lines.length > 0 ? lines.join('\n') : 'No lock is held.';
}

function describeLock({ name, holder }: LedgerLock): string {
  if (!holder) return `${name}, of a process that is gone`;
  const { pid, host, since, lastSign } = holder;
  return `${name}, of process ${pid} on ${host} since ${since}, last heard from at ${lastSign}`;
}
