import type { LedgerStore, TableVersion } from '../platform/ports.ts';

/** The newest good version of a model and the run that built it. */
export type ModelRecord = { readonly model: string; readonly run: string; readonly version: TableVersion };

const PREFIX = 'model/';

export async function listModelRecords(ledger: LedgerStore): Promise<ModelRecord[]> {
  return (await ledger.list<ModelRecord>(PREFIX)).map((record) => record.value);
}

export async function writeModelRecord(ledger: LedgerStore, record: ModelRecord): Promise<void> {
  const before = await ledger.read<ModelRecord>(PREFIX + record.model);
  await ledger.write<ModelRecord>(PREFIX + record.model, record, before?.version);
}
