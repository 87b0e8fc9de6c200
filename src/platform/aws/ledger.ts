import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Json } from '../../json.ts';
import {
  type AddedOpsTable,
  DETAIL_TABLES,
  type LedgerStore,
  type OpsRow,
  runStamp,
} from '../../ports/ledger.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import type { Clock } from '../../ports/platform.ts';
import { LongTexts } from './ledger/long-texts.ts';
import { OpsRows } from './ledger/ops-rows.ts';
import { RunLock } from './ledger/run-lock.ts';
import { StateItems } from './ledger/state-items.ts';
import type { LedgerTable } from './ledger/table.ts';

export interface DynamoLedgerOptions {
  readonly dynamo: DynamoDBDocumentClient;
  /** DynamoDB table with partition key `pk` and sort key `sk`, both text. */
  readonly table: string;
  /** Where values go that are too long for an item. */
  readonly objects: ObjectStore;
  readonly clock: Clock;
  /** The tables that features add. Default: none. */
  readonly added?: readonly AddedOpsTable[];
  /** How long the right to run outlives its holder's last sign of life, in ms. Default: 90,000. */
  readonly leaseMs?: number;
}

const DAY_MS = 86_400_000;

/** Rows that leave the table go to S3, as JSON Lines: `ledger/older/<table>/<first id of them>.jsonl`. */
const archive =
  (objects: Pick<ObjectStore, 'putText'>, table: string) =>
  async (rows: readonly OpsRow[]): Promise<void> => {
    const [first] = rows;
    if (!first) return;
    const name = first.id.replaceAll(/[^\w.-]/g, '_');
    await objects.putText(
      `ledger/older/${table}/${name}.jsonl`,
      rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    );
  };

/**
 * The ledger in one DynamoDB table: state records under `state`, ops rows under `ops#<table>` with their ids, the
 * right to run under `lock`. Every read is consistent. Values are kept as JSON text, so that nothing is rounded.
 */
export function openDynamoLedger(options: DynamoLedgerOptions): LedgerStore {
  const table: LedgerTable = { dynamo: options.dynamo, name: options.table };
  const texts = new LongTexts(options.objects);
  const state = new StateItems(table, texts, options.clock);
  const rows = new OpsRows(table, texts);
  const lock = new RunLock(table, options.clock, options.leaseMs);
  return {
    ...(options.added ? { added: options.added } : {}),
    read: <T extends Json>(key: string) => state.read<T>(key),
    list: <T extends Json>(prefix: string) => state.list<T>(prefix),
    damaged: (prefix) => state.damaged(prefix),
    write: (key, value, expected) => state.write(key, value, expected),
    delete: (key) => state.delete(key),
    append: (name, added) => rows.append(name, added),
    rows: (name, idPrefix) => rows.rows(name, idPrefix),
    async tidy({ forgetDetailBefore, now }) {
      if (forgetDetailBefore !== undefined)
        for (const name of DETAIL_TABLES) await rows.forgetBefore(name, runStamp(forgetDetailBefore));
      for (const { name, hotDays } of options.added ?? [])
        if (hotDays !== undefined && now !== undefined)
          await rows.forgetBefore(name, runStamp(now - hotDays * DAY_MS), archive(options.objects, name));
      return { damaged: 0 };
    },
    lock: (owner) => lock.take(owner),
  };
}
