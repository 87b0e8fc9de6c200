import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../../json.ts';
import { RunLockedError } from '../../ports/errors.ts';
import {
  type AddedOpsTable,
  DETAIL_TABLES,
  FOLLOWING,
  type LedgerStore,
  type OpsRow,
  type OpsTable,
  runStamp,
  type TidyOptions,
} from '../../ports/ledger.ts';
import { ofOpsTable, opsColumns } from '../ops-columns.ts';
import { makeFolder } from './files/durable.ts';
import { type HeldLock, holderWords, tryLock } from './files/file-lock.ts';
import { localHealth, wordedLedger } from './ledger-health.ts';
import { RowFile, type SealingOptions } from './ledger-rows.ts';
import { StateRecords } from './ledger-state.ts';

export interface LedgerOptions extends SealingOptions {
  /** The tables that features add. Default: none. */
  readonly added?: readonly AddedOpsTable[];
}

/** The ledger in a folder: `state/` one file a record, `ops/` one file a table, `run.lock`. */
export function openLocalLedger(directory: string, { added, ...options }: LedgerOptions = {}): LedgerStore {
  const folder = path.resolve(directory);
  const state = new StateRecords(folder);
  const files = new Map(
    [...opsColumns(added)].map(([table, columns]) => [
      table,
      new RowFile(folder, { table, columns }, options),
    ]),
  );
  return wordedLedger({
    ...(added ? { added } : {}),
    read: <T extends Json>(key: string) => state.read<T>(key),
    list: <T extends Json>(prefix: string) => state.list<T>(prefix),
    damaged: (prefix) => state.damaged(prefix),
    write: (key, value, expected) => state.write(key, value, expected),
    delete: (key) => state.delete(key),
    append: async (table: OpsTable, rows: readonly OpsRow[]) => ofOpsTable(files, table).append(rows),
    rows: async (table: OpsTable, idPrefix?: string) => ofOpsTable(files, table).rows(idPrefix),
    sealed: async (table) => ofOpsTable(files, table).sealed(),
    async tidy({ run, forgetDetailBefore, now }: TidyOptions) {
      let damaged = 0;
      for (const [table, file] of files) {
        const days = added?.find(({ name }) => name === table)?.hotDays;
        const ages = {
          forget: DETAIL_TABLES.includes(table) ? stampOf(forgetDetailBefore) : undefined,
          cool: days === undefined || now === undefined ? undefined : runStamp(now - days * DAY_MS),
        };
        damaged += (await file.tidy(run, ages)).damaged;
      }
      return { damaged };
    },
    lock: (owner) => lockRun(folder, owner),
    health: localHealth(folder),
  });
}

const DAY_MS = 86_400_000;

const stampOf = (at: number | undefined) => (at === undefined ? undefined : runStamp(at));

/** A round that copies tables again takes as long as a run. */
const ROUND_WAIT_MS = 30 * 60_000;
const LOOK_AGAIN_MS = 100;

const isRound = ({ owner, state }: HeldLock): boolean => owner === FOLLOWING && state === 'alive';

async function lockRun(folder: string, owner: string): Promise<{ release(): Promise<void> }> {
  await makeFolder(folder);
  const file = path.join(folder, 'run.lock');
  const deadline = Date.now() + ROUND_WAIT_MS;
  let attempt = await tryLock(file, owner);
  while (!attempt.taken && isRound(attempt.holder) && owner !== FOLLOWING && Date.now() < deadline) {
    await sleep(LOOK_AGAIN_MS);
    attempt = await tryLock(file, owner);
  }
  if (attempt.taken) return attempt;
  const { holder } = attempt;
  const { who, hint } = holderWords(holder);
  throw new RunLockedError(`${holder.owner} is under way (${who}).`, { hint });
}
