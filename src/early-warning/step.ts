import { failureOf } from '../failure.ts';
import { stagedTables } from '../models/build-model.ts';
import { datasetsOf, inputsOf, whyKept } from '../pipeline/model-inputs.ts';
import {
  forgetModelRecord,
  listModelRecords,
  type ModelRecord,
  recordsOfRun,
  wordsOf,
  writeModelRecord,
} from '../pipeline/model-record.ts';
import type { FeatureLake } from '../ports/feature.ts';
import type { Step } from '../ports/step.ts';
import type { TableSet, TableVersion } from '../ports/tables.ts';
import { otherTables } from '../quality/check-sql.ts';
import { runChecks } from '../quality/run-checks.ts';
import { checksOfModel } from '../quality/table-check.ts';
import { columnsRead } from '../sql/columns-read.ts';
import { readsColumnsOf, readsOf } from '../staging/definition.ts';
import { keepLiveScores } from './live/round.ts';
import { LIVE_SCORES } from './live/tables.ts';
import { readModel, type StoredModel } from './model-store.ts';
import { isOwnTable, ownModels } from './own-models.ts';
import { monitoredModels, monitorModels } from './registry/monitor.ts';
import { type BuiltTable, NEEDED, READS, scoreRunningTerms } from './scores.ts';
import { FEATURES } from './tables.ts';

const TERMS = 'sis.registrar_terms';

/**
 * Scores the students of running terms by the model that `lake early-warning train` has put to use. Where there is
 * none, nothing is done, and tables of one that was withdrawn are no longer published.
 * The scores name people: where something that they are made of is older than promised, they keep their last version.
 * @throws CheckFailedError where features or scores break a check of severity `fail`: both keep their last version
 */
export const earlyWarning: Step<{ run: string }, { scored: number }, FeatureLake> = {
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
    const ofRun = recordsOfRun(records, run);
    for (const { version } of ofRun) built[version.table] = version;
    const missing = NEEDED.filter((table) => !Object.hasOwn(built, table));
    if (missing.length > 0) {
      lake.report.note('early-warning', `nobody is scored again: ${missing.join(', ')} could not be built`);
      return { scored: 0 };
    }
    const inputs = inputsOf([...READS, ...NEEDED], await datasetsOf(lake, run), ofRun, run);
    const why = whyKept(inputs, records.some(isOurs));
    if (why !== undefined) {
      for (const record of records.filter(isOurs))
        await writeModelRecord(ledger, { ...record, kept: { run, why } });
      lake.report.note('early-warning', `the scores keep their last version: ${why}`);
      return { scored: 0 };
    }
    const at = new Date(clock.now()).toISOString();
    const now = inputs.asOf ?? at;
    const reads = { ...(await stagedTables(lake, READS)), ...built };
    const tables = await scoreRunningTerms(lake, { model, reads, asOf: now, run });
    await check(lake, run, tables, built, records);
    const made = await madeOf(lake, reads);
    for (const { version, header } of tables) {
      const known = { asOf: now, builtAt: at, sources: inputs.sources, header: wordsOf(header) };
      await writeModelRecord(ledger, {
        model: nameOf(version),
        run,
        version: { ...version, ...made },
        ...known,
      });
    }
    const features = tables[0]!.version;
    try {
      const models = await monitoredModels(lake, model);
      await monitorModels(lake, { models, features, reads, asOf: now, run });
    } catch (error) {
      // Measuring costs itself only: the scores are made and checked.
      lake.signal.throwIfAborted();
      lake.report.note('early-warning', `the models could not be measured: ${failureOf(error).message}`);
    }
    await liveScoresAnew(lake, model, run, records);
    return { scored: tables.at(-1)!.version.rows };
  },
};

/** Where scores are kept live between the nights: those of all students again, over what the night has loaded. */
async function liveScoresAnew(
  lake: FeatureLake,
  model: StoredModel,
  run: string,
  records: readonly ModelRecord[],
): Promise<void> {
  if (!records.some(({ version }) => version.table === LIVE_SCORES)) return;
  try {
    await keepLiveScores(lake, model, { version: run, isWhole: true });
  } catch (error) {
    lake.signal.throwIfAborted();
    lake.report.note('early-warning', `the live scores keep their last version: ${failureOf(error).message}`);
  }
}

/** What features and scores are made of: what the SQL of the features reads, and the terms by which weeks are counted. */
async function madeOf(
  lake: FeatureLake,
  reads: TableSet,
): Promise<Required<Pick<TableVersion, 'reads' | 'readsColumns'>>> {
  const { statement } = (await ownModels(lake)).get(FEATURES)!;
  const columns = new Map([...columnsRead(statement), [TERMS, 'all'] as const]);
  const sources = Object.values(reads).filter(({ table }) => columns.has(table));
  return { reads: readsOf(sources), readsColumns: readsColumnsOf(sources, columns) };
}

/** Checks all before anybody sees one: scores over features that are wrong would be wrong too. */
async function check(
  lake: FeatureLake,
  run: string,
  tables: readonly BuiltTable[],
  built: TableSet,
  records: readonly ModelRecord[],
): Promise<void> {
  const own = Object.fromEntries(tables.map(({ version }) => [version.table, version]));
  for (const { version, header } of tables) {
    const checks = checksOfModel(
      header,
      version.columns.map(({ name }) => name),
    );
    const others = { ...(await stagedTables(lake, otherTables(checks))), ...built, ...own };
    const before = records.find((record) => record.model === nameOf(version));
    await runChecks(lake, { run, version, checks, others, rowsBefore: before?.version.rows });
  }
}

const nameOf = ({ table }: TableVersion): string => table.slice(table.indexOf('.') + 1);

const isOurs = ({ version }: ModelRecord): boolean => isOwnTable(version.table);
