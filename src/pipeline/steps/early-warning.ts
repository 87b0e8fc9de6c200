import { readModel } from '../../early-warning/model-store.ts';
import { FEATURES, SCORES } from '../../early-warning/own-models.ts';
import { READS, scoreRunningTerms } from '../../early-warning/scores.ts';
import { asOf } from '../../loads/as-of.ts';
import { stagedTables } from '../../models/build-model.ts';
import type { TableVersion } from '../../platform/ports.ts';
import type { Step } from '../../step.ts';
import { forgetModelRecord, listModelRecords, type ModelRecord, writeModelRecord } from '../model-record.ts';

/** What the features are made of; scores of today over models of yesterday would be neither. */
const NEEDED = ['campus.canvas_people', 'campus.courses', 'campus.enrolments', 'campus.students'];

/**
 * Scores the students of running terms by the model that `lake early-warning train` has put to use. Where there is
 * none, nothing is done, and tables of one that was withdrawn are no longer published.
 */
export const earlyWarning: Step<{ run: string }, { scored: number }> = {
  name: 'early-warning',
  async run({ run }, lake) {
    const { clock, ledger, objects } = lake.platform;
    const model = await readModel(objects);
    const records = await listModelRecords(ledger);
    if (!model) {
      for (const { model: name } of records.filter(isOurs)) await forgetModelRecord(ledger, name);
      return { scored: 0 };
    }
    const built: Record<string, TableVersion> = {};
    for (const record of records) if (record.run === run) built[record.version.table] = record.version;
    const missing = NEEDED.filter((table) => !Object.hasOwn(built, table));
    if (missing.length > 0) {
      lake.report.note('early-warning', `nobody is scored anew: ${missing.join(', ')} could not be built`);
      return { scored: 0 };
    }
    const now = (await asOf(ledger, lake.campus)) ?? new Date(clock.now()).toISOString();
    const reads = { ...(await stagedTables(lake, READS)), ...built };
    const versions = await scoreRunningTerms(lake, { model, reads, asOf: now, run });
    for (const version of versions) {
      await writeModelRecord(ledger, { model: version.table.split('.')[1]!, run, version });
    }
    return { scored: versions.at(-1)!.rows };
  },
};

const isOurs = ({ version }: ModelRecord): boolean => [FEATURES, SCORES].includes(version.table);
