import { createHash } from 'node:crypto';
import { suppressPending } from '../erasure/enforce.ts';
import { changeState, readState } from '../loads/dataset-state.ts';
import type { DataTime, DeliveredFaults, LoadColumn, LoadManifest } from '../loads/load.ts';
import { snapshotWanted } from '../loads/loading.ts';
import { type BaseSnapshot, type DatasetState, stagedLoadOf, stagedOf } from '../loads/state.ts';
import { digestOf } from '../loads/table-identity.ts';
import { narrowedTo, type StagedWork, staged as withStaged } from '../loads/table-state.ts';
import { StillRunningError } from '../ports/errors.ts';
import type { KeySum } from '../ports/key-sum.ts';
import type { WaitBudget } from '../ports/query-engine.ts';
import type { StageResult } from '../ports/staging.ts';
import type { NotYet, Step, Uses } from '../ports/step.ts';
import type { TableDefinition, TableVersion } from '../ports/tables.ts';
import { absentIn, definitionDigest, digestOfVersion } from './definition.ts';
import { allFaults, faultsOf, hasFaults } from './delivered-faults.ts';
import { keysAtSource } from './keys-at-source.ts';
import { changeRow, describeChange, undecidedChanges, unreported } from './schema-changes.ts';
import { stagedSpec } from './spec.ts';
import { NeedsSnapshotError, readManifest, type StagingWork, stagingWork } from './staging-work.ts';
import { forgetResumeToken, waitBudgetFor } from './wait-budget.ts';

type Needs = Uses<
  | 'campus'
  | 'catalog'
  | 'report'
  | 'signal'
  | 'clock'
  | 'objects'
  | 'ledger'
  | 'engine'
  | 'secrets'
  | 'eraser'
  | 'register'
>;

export type StageInput = { run: string; dataset: string };
export type StageOutput = {
  dataset: string;
  rows: number;
  upserted: number;
  deleted: number;
  /** How many changes of columns were reported. */
  schemaChanges: number;
};

/**
 * Takes the loads of a dataset that wait in the raw zone, oldest first, into its staged table: a snapshot replaces
 * it, increments are merged. Where the catalog makes another table of the dataset than before, the loads since the
 * last snapshot are all staged again, so that no row is left as it was; see `stagingWork`.
 *
 * The new version counts from one conditional write of the dataset's state; before it, nothing has changed, and doing
 * all of it again makes the same version. Where the target stages elsewhere and takes its time, the step answers "not
 * yet" and goes on when it is asked again.
 */
export const stage: Step<StageInput, StageOutput | NotYet, Needs> = {
  name: 'stage',
  async run({ run, dataset }, lake) {
    const { ledger } = lake.platform;
    const { state } = await readState(ledger, dataset);
    const done = {
      dataset,
      rows: stagedOf(state)?.version.rows ?? 0,
      upserted: 0,
      deleted: 0,
      schemaChanges: 0,
    };
    await suppressPending(lake, state);
    const work = await workOrSnapshot(lake, state);
    if (!work) return done;
    const budget = await waitBudgetFor(lake, { run, dataset });
    const staged = await stageLoads(lake, run, state, work, budget).catch(async (error: unknown) => {
      if (error instanceof StillRunningError) return error;
      if (budget) await forgetResumeToken(ledger, dataset);
      throw error;
    });
    if (staged instanceof StillRunningError) {
      return { done: false, retryAfterSeconds: staged.retryAfterSeconds };
    }
    const schemaChanged = await tellSchemaChanges(lake, run, dataset, work, staged);
    await changeState(ledger, dataset, (now) => afterStaging(now, work, staged));
    if (budget) await forgetResumeToken(ledger, dataset);
    return {
      ...done,
      rows: staged.version.rows,
      upserted: staged.upserted,
      deleted: staged.deleted,
      schemaChanges: schemaChanged,
    };
  },
};

/** What there is to stage; where only a snapshot helps, the next load will be one. */
async function workOrSnapshot(lake: Needs, state: DatasetState): Promise<StagingWork | undefined> {
  try {
    return await stagingWork(lake, state);
  } catch (error) {
    if (error instanceof NeedsSnapshotError) {
      await changeState(lake.platform.ledger, state.dataset, snapshotWanted);
    }
    throw error;
  }
}

interface Staged extends Omit<StagedWork, 'loads'> {
  readonly undecided: readonly LoadColumn[];
  /** Of the loads that waited. */
  readonly upserted: number;
  readonly deleted: number;
}

async function stageLoads(
  lake: Needs,
  run: string,
  state: DatasetState,
  { loads, definition, onto, reshapes, rekeyed }: StagingWork,
  budget: WaitBudget | undefined,
): Promise<Staged> {
  const { engine, objects } = lake.platform;
  const dataset = lake.catalog.get(state.dataset);
  const gone = absentIn(definition);
  const waiting = new Set(state.pending.map(({ load }) => load));
  const columns = definition.columns.map(({ name, type }) => ({ name, type }));
  let version = reshapes
    ? await engine.withColumns(onto!, columns, rebuiltId(stagedLoadOf(state)!, run), budget, rekeyed)
    : onto;
  let undecided: readonly LoadColumn[] = [];
  let time: DataTime | undefined;
  let base: BaseSnapshot | undefined;
  let rowsAtSource: number | undefined;
  let keys: KeySum | undefined;
  const faults: DeliveredFaults[] = [];
  let upserted = 0;
  let deleted = 0;
  for (const load of loads) {
    lake.signal.throwIfAborted();
    const manifest = await readManifest(lake, state.dataset, load);
    const plan = stagedSpec(dataset, lake.campus, manifest, gone);
    time = { asOf: manifest.knownUpTo ?? manifest.watermark, loadedAt: manifest.startedAt };
    if (load.kind === 'snapshot') base = { load: load.load, watermark: manifest.watermark };
    const files = manifest.files.filter(({ empty }) => !empty).map((file) => objects.uri(file.key));
    const versionId = onto || waiting.has(load.load) ? load.load : rebuiltId(load.load, run);
    const result: StageResult =
      version && load.kind === 'increment'
        ? await engine.merge(version, plan.spec, files, versionId, budget)
        : await engine.replace(plan.spec, files, versionId, budget);
    version =
      load.kind === 'snapshot'
        ? withContent(result.version, definition, manifest, engine.capabilities.edition)
        : result.version;
    faults.push(faultsOf(plan.spec, manifest, result));
    undecided = plan.undecided;
    rowsAtSource = load.kind === 'snapshot' ? manifest.rows : undefined;
    keys = await keysAtSource(engine, plan.spec, manifest, files, result, budget);
    if (waiting.has(load.load)) {
      upserted += result.upserted;
      deleted += result.deleted;
    }
    lake.report.progress(state.dataset, { rows: version.rows });
  }
  const deliveredFaults = allFaults(faults);
  return {
    version: { ...version!, definition },
    undecided,
    ...(time ? { time } : {}),
    ...(base ? { base } : {}),
    ...(rowsAtSource === undefined ? {} : { rowsAtSource }),
    ...(keys === undefined ? {} : { keysAtSource: keys }),
    ...(hasFaults(deliveredFaults) ? { deliveredFaults } : {}),
    upserted,
    deleted,
  };
}

/** The version, saying what it was made from: the bytes of the files of one load, by this edition of the engine. */
function withContent(
  version: TableVersion,
  definition: TableDefinition,
  { layout, format, files }: LoadManifest,
  edition: string | undefined,
): TableVersion {
  const sums = files.map(({ sha256 }) => sha256);
  if (edition === undefined || sums.includes(undefined)) return version;
  return { ...version, content: digestOf(edition, definitionDigest(definition), layout, format, ...sums) };
}

/** A load that is staged a second time must not write over what publications still name. */
const rebuiltId = (load: string, run: string): string =>
  `${load}-${createHash('sha256').update(run).digest('hex').slice(0, 8)}`;

/** The state once the work is done: definitions that showed too much are remembered, until they are staged again. */
function afterStaging(
  now: DatasetState,
  { loads, changes }: StagingWork,
  { undecided: _u, upserted: _n, deleted: _d, ...made }: Staged,
): DatasetState {
  const old = stagedOf(now)?.version;
  const shownTooMuch = old && changes.some(({ narrows }) => narrows) ? digestOfVersion(old) : undefined;
  const known = now.narrowed ?? [];
  const isNew = shownTooMuch !== undefined && !known.some(({ digest }) => digest === shownTooMuch);
  const narrowed = [...known, ...(isNew ? [{ digest: shownTooMuch }] : [])];
  const shown = digestOfVersion(made.version);
  return narrowedTo(
    withStaged(now, { ...made, loads }),
    narrowed.filter(({ digest }) => digest !== shown),
  );
}

async function tellSchemaChanges(
  lake: Needs,
  run: string,
  dataset: string,
  { changes }: StagingWork,
  { undecided }: Staged,
): Promise<number> {
  const { clock, ledger } = lake.platform;
  // That an older lake staged it is a reason to stage it again, and nothing that happened to its columns.
  const found = [...changes.filter(({ change }) => change !== 'undefined'), ...undecidedChanges(undecided)];
  if (found.length === 0) return 0;
  const fresh = unreported(dataset, found, await ledger.rows('schema_changes'));
  const at = new Date(clock.now()).toISOString();
  await ledger.append(
    'schema_changes',
    fresh.map((change) => changeRow(run, dataset, change, at)),
  );
  for (const change of fresh) lake.report.note(dataset, describeChange(change));
  return fresh.length;
}
