import { changeState, readState } from '../loads/dataset-state.ts';
import type { KeySum } from '../loads/key-sum.ts';
import type { DatasetState, DataTime, DeliveredFaults, LoadManifest, PendingLoad } from '../loads/load.ts';
import { StillRunningError } from '../platform/errors.ts';
import type { Patience } from '../platform/ports/query-engine.ts';
import type { StageResult } from '../platform/ports/staging.ts';
import type { TableVersion } from '../platform/ports/tables.ts';
import type { Lake, NotYet, Step } from '../step.ts';
import { allFaults, faultsOf, hasFaults } from './delivered-faults.ts';
import { StagingError } from './errors.ts';
import { keysAtSource } from './keys-at-source.ts';
import { forgetMark, patienceFor } from './patience.ts';
import { changeRow, describeChange, schemaChanges, untold } from './schema-changes.ts';
import { type StagingPlan, stagedSpec } from './spec.ts';

export type StageInput = { run: string; dataset: string };
export type StageOutput = {
  dataset: string;
  rows: number;
  upserted: number;
  deleted: number;
  /** How many changes of columns were told. */
  schemaChanges: number;
};

/**
 * Takes the loads of a dataset that wait in the raw zone, oldest first, into its staged table: a snapshot replaces
 * it, increments are merged. The new version counts from one conditional write of the dataset's state; before it,
 * nothing has changed, and doing all of it again makes the same version. Where the home stages elsewhere and takes
 * its time, the step answers "not yet" and goes on when it is asked again.
 */
export const stage: Step<StageInput, StageOutput | NotYet> = {
  name: 'stage',
  async run({ run, dataset }, lake) {
    const { ledger } = lake.platform;
    const { state } = await readState(ledger, dataset);
    const done = { dataset, rows: state.staged?.rows ?? 0, upserted: 0, deleted: 0, schemaChanges: 0 };
    if (state.pending.length === 0) return done;
    const patience = await patienceFor(lake, { run, dataset });
    const staged = await stageLoads(lake, state, patience).catch(async (error: unknown) => {
      if (error instanceof StillRunningError) return error;
      if (patience) await forgetMark(ledger, dataset);
      throw error;
    });
    if (staged instanceof StillRunningError) {
      return { done: false, retryAfterSeconds: staged.retryAfterSeconds };
    }
    const schemaChanged = await tellSchemaChanges(lake, run, state, staged);
    const loads = new Set(state.pending.map((pending) => pending.load));
    await changeState(
      ledger,
      dataset,
      ({ rowsAtSource: _rows, keysAtSource: _keys, deliveredFaults: _faults, ...now }) => ({
        ...now,
        staged: staged.version,
        stagedLoad: state.pending.at(-1)!.load,
        stagedTime: staged.time,
        ...(staged.rowsAtSource === undefined ? {} : { rowsAtSource: staged.rowsAtSource }),
        ...(staged.keysAtSource === undefined ? {} : { keysAtSource: staged.keysAtSource }),
        ...(hasFaults(staged.faults) ? { deliveredFaults: staged.faults } : {}),
        pending: now.pending.filter((pending) => !loads.has(pending.load)),
      }),
    );
    if (patience) await forgetMark(ledger, dataset);
    return {
      ...done,
      rows: staged.version.rows,
      upserted: staged.upserted,
      deleted: staged.deleted,
      schemaChanges: schemaChanged,
    };
  },
};

interface Staged {
  readonly version: TableVersion;
  readonly plan: StagingPlan;
  readonly time: DataTime;
  readonly rowsAtSource?: number;
  readonly keysAtSource?: KeySum;
  readonly faults: DeliveredFaults;
  readonly upserted: number;
  readonly deleted: number;
}

async function stageLoads(lake: Lake, state: DatasetState, patience: Patience | undefined): Promise<Staged> {
  const { engine, objects } = lake.platform;
  const dataset = lake.catalog.get(state.dataset);
  let version = state.staged;
  let plan: StagingPlan | undefined;
  let time: DataTime | undefined;
  let rowsAtSource: number | undefined;
  let keys: KeySum | undefined;
  const faults: DeliveredFaults[] = [];
  let upserted = 0;
  let deleted = 0;
  for (const pending of state.pending) {
    lake.signal.throwIfAborted();
    const manifest = await readManifest(lake, state.dataset, pending);
    plan = stagedSpec(dataset, lake.campus, manifest);
    time = { asOf: manifest.watermark, loadedAt: manifest.startedAt };
    const files = manifest.files.map((file) => objects.uri(file.key));
    let result: StageResult;
    if (pending.kind === 'snapshot') {
      result = await engine.replace(plan.spec, files, pending.load, patience);
    } else {
      if (!version) throw missingSnapshot(state.dataset, pending);
      result = await engine.merge(version, plan.spec, files, pending.load, patience);
    }
    version = result.version;
    faults.push(faultsOf(plan.spec, manifest, result));
    rowsAtSource = pending.kind === 'snapshot' ? manifest.rows : undefined;
    keys = await keysAtSource(engine, plan.spec, manifest, files, result, patience);
    upserted += result.upserted;
    deleted += result.deleted;
    lake.report.progress(state.dataset, { rows: version.rows });
  }
  return {
    version: version!,
    plan: plan!,
    time: time!,
    rowsAtSource,
    keysAtSource: keys,
    faults: allFaults(faults),
    upserted,
    deleted,
  };
}

async function tellSchemaChanges(
  lake: Lake,
  run: string,
  state: DatasetState,
  { version, plan }: Staged,
): Promise<number> {
  const { clock, ledger } = lake.platform;
  const found = schemaChanges(state.staged?.columns, version.columns, plan);
  if (found.length === 0) return 0;
  const fresh = untold(state.dataset, found, await ledger.rows('schema_changes'));
  const at = new Date(clock.now()).toISOString();
  await ledger.append(
    'schema_changes',
    fresh.map((change) => changeRow(run, state.dataset, change, at)),
  );
  for (const change of fresh) lake.report.note(state.dataset, describeChange(change));
  return fresh.length;
}

async function readManifest(lake: Lake, dataset: string, pending: PendingLoad): Promise<LoadManifest> {
  const text = await lake.platform.objects.getText(pending.manifest);
  if (text === undefined) {
    throw new StagingError(
      `The manifest of load ${pending.load} of ${dataset} is not at ${pending.manifest}.`,
      {
        about: dataset,
        hint: 'the raw zone lost files: load a snapshot of the dataset',
      },
    );
  }
  return JSON.parse(text) as LoadManifest;
}

function missingSnapshot(dataset: string, pending: PendingLoad): StagingError {
  return new StagingError(
    `Load ${pending.load} of ${dataset} holds only changes, and there is no staged table to merge them into.`,
    { about: dataset, hint: 'load a snapshot of the dataset' },
  );
}
