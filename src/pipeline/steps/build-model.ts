import { buildModel } from '../../models/build-model.ts';
import type { TableVersion } from '../../platform/ports.ts';
import type { Step } from '../../step.ts';
import { listModelRecords, writeModelRecord } from '../model-record.ts';

/**
 * Builds one model over what this run has staged and built. Models of this run only: a model never mixes today's
 * tables with yesterday's, so where one fails, those that need it keep their last version too.
 */
export const buildModelStep: Step<{ run: string; model: string }, { model: string; rows: number }> = {
  name: 'build-model',
  async run({ run, model }, lake) {
    const { ledger } = lake.platform;
    const built: Record<string, TableVersion> = {};
    for (const record of await listModelRecords(ledger)) {
      if (record.run === run) built[record.version.table] = record.version;
    }
    const version = await buildModel(lake, { run, model, built });
    await writeModelRecord(ledger, { model, run, version });
    return { model, rows: version.rows };
  },
};
