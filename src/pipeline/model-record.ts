import type { Json } from '../json.ts';
import type { LedgerStore } from '../platform/ports/ledger.ts';
import type { TableVersion } from '../platform/ports/tables.ts';

/** The newest good version of a model and the run that built it. */
export type ModelRecord = { readonly model: string; readonly run: string; readonly version: TableVersion };

const PREFIX = 'model/';

export async function listModelRecords(ledger: LedgerStore): Promise<ModelRecord[]> {
  return (await ledger.list<Json>(PREFIX)).map((record) => record.value as unknown as ModelRecord);
}

export async function writeModelRecord(ledger: LedgerStore, record: ModelRecord): Promise<void> {
  const before = await ledger.read<Json>(PREFIX + record.model);
  await ledger.write<Json>(PREFIX + record.model, record as unknown as Json, before?.version);
}

/** A model that is no more: publications to come are without its table. */
export async function forgetModelRecord(ledger: LedgerStore, model: string): Promise<void> {
  await ledger.delete(PREFIX + model);
}
