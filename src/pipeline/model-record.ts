import type { Json } from '../json.ts';
import type { Counted } from '../loads/load.ts';
import type { Header } from '../models/header.ts';
import type { LedgerStore } from '../ports/ledger.ts';
import type { TableVersion } from '../ports/tables.ts';
import type { ModelWords } from './publication.ts';
import { readIntact } from './read-intact.ts';

/** The newest good version of a model and the run that built it. */
export type ModelRecord = {
  readonly model: string;
  readonly run: string;
  readonly version: TableVersion;
  /** Its `ops.run.as_of`: how far all that it reads was known, ISO 8601 UTC. Absent in older records. */
  readonly asOf?: string;
  /** ISO 8601 UTC, by the lake's clock. */
  readonly builtAt?: string;
  /** The datasets that it reads, through other models too. Absent in older records. */
  readonly sources?: readonly string[];
  /** What its header said of it. Absent in older records. */
  readonly header?: ModelWords;
  /** The newest run that left it as it was because its data were stale, and which data. */
  readonly kept?: { readonly run: string; readonly why: string };
  /** A digest of all that its rows depend on; see `makingOf`. Absent: nobody can tell. */
  readonly made?: string;
  /** What was counted in it for its checks. */
  readonly counted?: Counted;
};

const PREFIX = 'model/';

export async function listModelRecords(ledger: LedgerStore): Promise<ModelRecord[]> {
  return (await ledger.list<Json>(PREFIX)).map((record) => record.value as unknown as ModelRecord);
}

export async function writeModelRecord(ledger: LedgerStore, record: ModelRecord): Promise<void> {
  const before = await readIntact<Json>(ledger, PREFIX + record.model);
  await ledger.write<Json>(PREFIX + record.model, record as unknown as Json, before?.version);
}

/** A model that is no more: publications to come are without its table. */
export async function forgetModelRecord(ledger: LedgerStore, model: string): Promise<void> {
  await ledger.delete(PREFIX + model);
}

/** Those that a run has built or kept on purpose: other models of that run may read them. */
export function recordsOfRun(records: readonly ModelRecord[], run: string): ModelRecord[] {
  return records.filter((record) => record.run === run || record.kept?.run === run);
}

/** What a header tells people. */
export function wordsOf({ description, grain, owner, disclosure, columns }: Header): ModelWords {
  return {
    ...(description === undefined ? {} : { description }),
    ...(grain === undefined ? {} : { grain }),
    ...(owner === undefined ? {} : { owner }),
    ...(disclosure === undefined ? {} : { disclosure }),
    columns: columns.map(({ name, privacy, description: said }) => ({ name, privacy, description: said })),
  };
}
