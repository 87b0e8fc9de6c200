import { stagedTables } from '../../models/build-model.ts';
import type { TableVersion } from '../../platform/ports/tables.ts';
import { otherTables } from '../../quality/check-sql.ts';
import { runChecks } from '../../quality/run-checks.ts';
import { checksOfModel } from '../../quality/table-check.ts';
import type { NotYet, Step } from '../../step.ts';
import { goOnBuilding } from '../model-making.ts';
import { listModelRecords, writeModelRecord } from '../model-record.ts';

/** The table that a run has built, by its model. */
type Built = { model: string; rows: number };

/**
 * Builds one model over what this run has staged and built, and checks it. Models of this run only: a model never
 * mixes today's tables with yesterday's, so where one fails, those that need it keep their last version too.
 */
export const buildModelStep: Step<{ run: string; model: string }, Built | NotYet> = {
  name: 'build-model',
  async run({ run, model }, lake) {
    const { ledger } = lake.platform;
    const built: Record<string, TableVersion> = {};
    const records = await listModelRecords(ledger);
    const before = records.find((record) => record.model === model);
    for (const record of records) {
      if (record.run === run) built[record.version.table] = record.version;
    }
    const building = await goOnBuilding(lake, { run, model, built });
    if ('retryAfterSeconds' in building) return notYet(building.retryAfterSeconds);
    const { version, model: described } = building;
    const columns = version.columns.map((column) => column.name);
    const checks = checksOfModel(described, columns);
    const others = { ...(await stagedTables(lake, otherTables(checks))), ...built };
    await runChecks(lake, { run, version, checks, others, rowsBefore: before?.version.rows });
    await writeModelRecord(ledger, { model, run, version });
    return { model, rows: version.rows };
  },
};

const notYet = (retryAfterSeconds: number): NotYet => ({ done: false, retryAfterSeconds });
