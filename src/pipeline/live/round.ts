import PQueue from 'p-queue';
import { failureOf } from '../../failure.ts';
import type { Json } from '../../json.ts';
import { keepFollowed } from '../../loads/followed.ts';
import type { Resident } from '../../ports/feature.ts';
import type { Lake, NotYet, Uses } from '../../ports/step.ts';
import { checkRounds } from '../../quality/check-rounds.ts';
import { checkDataset } from '../../quality/steps.ts';
import { type TakenChanges, type TakenTable, takeChanges } from '../../sis/take-changes.ts';
import { stage } from '../../staging/stage.ts';
import { listModelRecords, type ModelRecord } from '../model-record.ts';
import type { FeatureRounds } from './feature-rounds.ts';
import type { LiveModels } from './live-models.ts';
import { publishLive } from './publish-live.ts';
import type { RoundFailure } from './round-builds.ts';

/** What one round of following has done. */
export interface LiveRound {
  /** The name of its load, and of its publication. */
  readonly load: string;
  /** What was taken, staged and passed its checks. */
  readonly tables: readonly TakenTable[];
  /** Tables of models that were built. */
  readonly models: readonly string[];
  readonly failed: readonly RoundFailure[];
  readonly remarks: readonly string[];
  /** How far each source has been read, ISO 8601 UTC. */
  readonly asOf: Readonly<Record<string, string>>;
  /** When readers saw it, ISO 8601 UTC. Absent: nothing was published. */
  readonly publishedAt?: string;
}

/** Work of a feature, by the feature's name. */
export interface NamedResident {
  readonly name: string;
  readonly resident: Resident;
}

const TABLES_AT_ONCE = 4;

/**
 * Takes what has changed in the sources that are followed, stages and checks these tables, and shows them at once. Where
 * nothing came, nothing is published. The caller has the right to run.
 *
 * Every part is safe to repeat, and what a kill has left is found by the next round: changes that were read and not
 * committed lie with the source's position, committed ones wait in the table's state, staged ones for their checks, and
 * checked ones are in the next publication.
 * @param due datasets that an earlier round did not come to an end with
 * @throws SisConnectionError, CaptureError where none of the sources could be read
 */
export async function liveRound(
  lake: Lake,
  {
    load,
    sources,
    models,
    residents = [],
    features,
    due = [],
  }: {
    readonly load: string;
    readonly sources: readonly string[];
    readonly models: LiveModels;
    /** Work that goes on beside the rounds and brings tables of its own. Default: none */
    readonly residents?: readonly NamedResident[];
    /** What features make of the changes. Default: nothing */
    readonly features?: FeatureRounds;
    readonly due?: readonly string[];
  },
): Promise<LiveRound> {
  const taken: TakenChanges[] = [];
  const failed: RoundFailure[] = [];
  for (const source of sources) {
    try {
      taken.push(await takeChanges(lake, { load, source }));
    } catch (error) {
      if (sources.length === 1 || lake.signal.aborted) throw error;
      failed.push({ about: source, message: failureOf(error).message });
    }
  }
  const tables = taken.flatMap((one) => one.tables);
  failed.push(
    ...taken.flatMap((one) => one.failed.map(({ dataset, message }) => ({ about: dataset, message }))),
  );
  const wanted = [...new Set([...tables.map(({ dataset }) => dataset), ...due])];
  const staged = await each(lake, wanted, failed, (dataset) =>
    toItsEnd(lake, () => stage.run({ run: load, dataset }, lake)),
  );
  const passed: string[] = [];
  for (const round of checkRounds(staged.map((id) => lake.catalog.get(id)))) {
    const ids = round.map(({ id }) => id);
    passed.push(
      ...(await each(lake, ids, failed, (dataset) =>
        toItsEnd(lake, () => checkDataset.run({ run: load, dataset }, lake)),
      )),
    );
  }
  for (const { source, asOf, left } of taken) {
    const at = new Date(lake.platform.clock.now()).toISOString();
    if (asOf !== '') await keepFollowed(lake.platform.ledger, { source, asOf, at, left });
  }
  const { built, failed: broken } = await models.build(lake, load, passed);
  failed.push(...broken);
  const brought = await broughtBy(lake, load, residents, failed);
  const newer = [...passed, ...[...brought, ...built].map(({ version }) => version.table)];
  const made = await features?.build(lake, load, newer);
  failed.push(...(made?.failed ?? []));
  const shown = [...brought, ...built, ...(made?.built ?? [])];
  const publication =
    passed.length + shown.length > 0
      ? await publishLive(lake, { load, datasets: passed, models: shown })
      : undefined;
  return {
    load,
    tables: tables.filter(({ dataset }) => passed.includes(dataset)),
    models: shown.map(({ version }) => version.table),
    failed,
    remarks: taken.flatMap(({ remarks }) => remarks),
    asOf: Object.fromEntries(taken.flatMap(({ source, asOf }) => (asOf === '' ? [] : [[source, asOf]]))),
    ...(publication ? { publishedAt: publication.at } : {}),
  };
}

/** The tables that residents have built. */
async function broughtBy(
  lake: Lake,
  load: string,
  residents: readonly NamedResident[],
  failed: RoundFailure[],
): Promise<ModelRecord[]> {
  const names = new Set<string>();
  for (const { name, resident } of residents) {
    try {
      for (const model of await resident.round(load)) names.add(model);
    } catch (error) {
      lake.signal.throwIfAborted();
      failed.push({ about: name, message: failureOf(error).message });
    }
  }
  if (names.size === 0) return [];
  return (await listModelRecords(lake.platform.ledger)).filter(({ model }) => names.has(model));
}

/** Asks a step again, as long as it answers "not yet": on AWS Athena may take longer than one answer waits. */
export async function toItsEnd<Output extends Json>(
  lake: Uses<'signal' | 'clock'>,
  work: () => Promise<Output | NotYet>,
): Promise<Output> {
  for (;;) {
    const output = await work();
    if (!isNotYet(output)) return output;
    await lake.platform.clock.sleep((output.retryAfterSeconds ?? 1) * 1000, lake.signal);
  }
}

const isNotYet = (output: Json): output is NotYet =>
  output !== null && typeof output === 'object' && 'done' in output && output.done === false;

/** Does work for each dataset. @returns those with which it went well; the others are among the failed */
async function each(
  lake: Lake,
  datasets: readonly string[],
  failed: RoundFailure[],
  work: (dataset: string) => Promise<unknown>,
): Promise<string[]> {
  const queue = new PQueue({ concurrency: TABLES_AT_ONCE });
  const fine: string[] = [];
  const one = async (dataset: string) => {
    try {
      await work(dataset);
      fine.push(dataset);
    } catch (error) {
      lake.signal.throwIfAborted();
      failed.push({ about: dataset, message: failureOf(error).message });
    }
  };
  await queue.addAll(datasets.map((dataset) => () => one(dataset)));
  return fine;
}
