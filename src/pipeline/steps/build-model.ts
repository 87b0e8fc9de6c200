import { isLiveLoad } from '../../loads/live-load.ts';
import { findModel, stagedTables } from '../../models/build-model.ts';
import { ModelBuildError } from '../../models/errors.ts';
import type { Model } from '../../models/model.ts';
import type { NotYet, Step, Uses } from '../../ports/step.ts';
import type { TableSet } from '../../ports/tables.ts';
import { otherTables } from '../../quality/check-sql.ts';
import { runChecks } from '../../quality/run-checks.ts';
import { checksOfModel } from '../../quality/table-check.ts';
import { columnsRead } from '../../sql/columns-read.ts';
import { readsColumnsOf, readsOf } from '../../staging/definition.ts';
import { makingOf, versionAsMade } from '../making.ts';
import { continueBuild } from '../model-build.ts';
import { datasetsOf, inputsOf, whyKept } from '../model-inputs.ts';
import {
  listModelRecords,
  type ModelRecord,
  recordsOfRun,
  wordsOf,
  writeModelRecord,
} from '../model-record.ts';
import { releaseModel } from '../release-model.ts';

type Needs = Uses<
  'campus' | 'catalog' | 'session' | 'features' | 'report' | 'signal' | 'clock' | 'ledger' | 'engine'
>;

/** The table that a run has built, by its model; `kept` where it is still that of an earlier run. */
type Built = { model: string; rows: number; kept: boolean };

/**
 * Builds one model over what this run has staged and built, as of the oldest of it, and checks it. Where a dataset
 * that it reads is stale and its header does not say `stale: build`, it keeps its last version. Models of this run
 * only: where one fails, those that need it keep their last version too. What would be made from the same as its last
 * version is that version (`makingOf`).
 */
export const buildModelStep: Step<{ run: string; model: string }, Built | NotYet, Needs> = {
  name: 'build-model',
  async run({ run, model: name }, lake) {
    const { clock, ledger } = lake.platform;
    const model = await findModel(lake, name);
    const records = await listModelRecords(ledger);
    const before = records.find((record) => record.model === name);
    // Between two runs, a model that is not built then is read as it was built last.
    const isLive = isLiveLoad(run);
    const ofRun = isLive ? records : recordsOfRun(records, run);
    const reads = model.statement.tables.map((table) => table.name);
    const inputs = inputsOf(reads, await datasetsOf(lake, run), ofRun, run);
    // What is refreshed between runs may read tables that only runs load: they are a night older, as is known.
    const late = isLive ? [] : inputs.late;
    const why = model.stale === 'keep' ? whyKept({ ...inputs, late }, before !== undefined) : undefined;
    if (why !== undefined) return keep(lake, run, { model, before, why });
    // Two releases of one day would differ by few people, whom whoever has both could tell.
    if (model.disclosure && before && isOfDay(before, clock.now()))
      return keep(lake, run, { model, before, why: 'it is released once a day' });

    const built: TableSet = Object.fromEntries(ofRun.map(({ version }) => [version.table, version]));
    const tables = { ...(await stagedTables(lake, reads)), ...built };
    const made = makingOf(lake, { run, model, reads: tables, asOf: inputs.asOf });
    const same = await versionAsMade(lake, made, before);
    const building = same
      ? { version: same }
      : await continueBuild(lake, { run, model, built, asOf: inputs.asOf });
    if ('retryAfterSeconds' in building) return notYet(building.retryAfterSeconds);
    const released = same ?? (await releaseModel(lake, model, building.version, run));
    const read = Object.values(tables).filter(({ table }) => reads.includes(table));
    const version = {
      ...released,
      reads: readsOf(read),
      readsColumns: readsColumnsOf(read, columnsRead(model.statement)),
    };
    const columns = version.columns.map((column) => column.name);
    const checks = checksOfModel(model, columns);
    const others = { ...(await stagedTables(lake, otherTables(checks))), ...built };
    const { counted } = await runChecks(lake, {
      run,
      version,
      checks,
      others,
      rowsBefore: before?.version.rows,
      counted: before?.counted,
      ...(inputs.asOf === undefined ? {} : { asOf: inputs.asOf }),
    });
    await writeModelRecord(ledger, {
      model: name,
      run,
      version,
      ...(inputs.asOf === undefined ? {} : { asOf: inputs.asOf }),
      builtAt: new Date(clock.now()).toISOString(),
      sources: inputs.sources,
      header: wordsOf(model),
      counted,
      ...(made === undefined ? {} : { made }),
    });
    return { model: name, rows: version.rows, kept: false };
  },
};

/** @throws ModelBuildError where there is no version to keep */
async function keep(
  lake: Needs,
  run: string,
  { model, before, why }: { model: Model; before: ModelRecord | undefined; why: string },
): Promise<Built> {
  if (!before) {
    throw new ModelBuildError(`${model.file} cannot be built yet: ${why}.`, {
      about: model.name,
      hint: 'load that dataset; a model that may be built all the same says `-- stale: build` in its header',
    });
  }
  // Built by this run already, and stale only since: a step that is repeated changes nothing.
  if (before.run !== run) await writeModelRecord(lake.platform.ledger, { ...before, kept: { run, why } });
  return { model: model.name, rows: before.version.rows, kept: true };
}

/** Released by another run of the same day, UTC. */
const isOfDay = ({ header, builtAt }: ModelRecord, now: number): boolean =>
  header?.disclosure !== undefined && builtAt?.slice(0, 10) === new Date(now).toISOString().slice(0, 10);

const notYet = (retryAfterSeconds: number): NotYet => ({ done: false, retryAfterSeconds });
