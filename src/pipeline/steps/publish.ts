import { stat } from 'node:fs/promises';
import { listStates } from '../../loads/dataset-state.ts';
import { goodOf } from '../../loads/state.ts';
import { modelsFolder } from '../../models/build-model.ts';
import type { Step, Uses } from '../../ports/step.ts';
import type { TableVersion } from '../../ports/tables.ts';
import { isNarrowed } from '../../staging/definition.ts';
import { curatedTables } from '../curated-tables.ts';
import { keepUnknown, leaveOutBroken } from '../last-good.ts';
import { datasetsOf } from '../model-inputs.ts';
import { forgetModelRecord, listModelRecords, type ModelRecord } from '../model-record.ts';
import { publish, type TableFacts } from '../publication.ts';
import { showTables } from '../show-tables.ts';
import { datasetFacts, knownUpTo, modelFacts } from '../table-facts.ts';
import { withdrawNarrowed } from '../withdraw.ts';

type Needs = Uses<
  | 'campus'
  | 'catalog'
  | 'features'
  | 'report'
  | 'clock'
  | 'objects'
  | 'ledger'
  | 'engine'
  | 'secrets'
  | 'guard'
>;

/**
 * Shows people the newest good version of every dataset of the catalog and of every model of the folder, all at once.
 * What failed in this run keeps the version that it had; what is in the catalog or the folder no more is shown no more.
 */
export const publishStep: Step<{ run: string }, { publication: string; tables: number }, Needs> = {
  name: 'publish',
  async run({ run }, lake) {
    const { clock, ledger } = lake.platform;
    const known = await datasetsOf(lake, run);
    // The catalog may have been edited since the run began.
    await withdrawNarrowed(lake);
    const tables: Record<string, TableVersion> = {};
    const facts: Record<string, TableFacts> = {};
    for (const state of await listStates(ledger)) {
      const { dataset } = state;
      const version = goodOf(state)?.version;
      if (version && known.has(dataset) && !isNarrowed(state, version)) tables[dataset] = version;
    }
    // Of a dataset that was never loaded, too: that is why a model which reads it is old.
    for (const about of known.values()) {
      if (about.isStale || tables[about.dataset]) facts[about.dataset] = datasetFacts(about);
    }
    for (const record of await modelsThatAre(lake)) {
      tables[record.version.table] = record.version;
      facts[record.version.table] = modelFacts(record, known, run);
    }
    await keepUnknown(lake, tables, facts, new Set(known.keys()));
    await leaveOutBroken(lake, tables, facts);
    const at = new Date(clock.now()).toISOString();
    const fresh = Object.keys(tables).filter((table) => !facts[table]!.isStale);
    const asOf = knownUpTo(facts, fresh) ?? knownUpTo(facts, Object.keys(tables)) ?? at;
    await publish(lake.platform, { id: run, run, at, asOf, tables, facts });
    await showTables(lake, tables, facts);
    return { publication: run, tables: Object.keys(tables).length };
  },
};

/**
 * The records of models whose files are there, and those of features; the others are forgotten. Where the folder
 * itself is not there, that is more likely a mistake in campus.yaml than the wish to withdraw all models: they stay.
 */
async function modelsThatAre(lake: Needs): Promise<ModelRecord[]> {
  const { ledger } = lake.platform;
  const folder = modelsFolder(lake);
  if (!(await isFolder(folder))) {
    const records = await listModelRecords(ledger);
    if (records.length > 0)
      lake.report.note('models', `${folder} is not there: all models stay as they were`);
    return records;
  }
  const curated = await curatedTables(lake);
  const isThere = ({ version: { table } }: ModelRecord) => curated.has(table);
  const records = await listModelRecords(ledger);
  for (const record of records) if (!isThere(record)) await forgetModelRecord(ledger, record.model);
  return records.filter(isThere);
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
