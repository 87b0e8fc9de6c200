import { type KnownDataset, knownDatasets } from '../loads/known-datasets.ts';
import type { Uses } from '../ports/step.ts';
import type { ModelRecord } from './model-record.ts';
import { CONTINUE_WITHIN_MS } from './run-record.ts';

/** What the tables that a model reads are known of. */
export interface ModelInputs {
  /**
   * How far all of them are known: the oldest of their data times, ISO 8601 UTC. Datasets that were never loaded have
   * none. Absent: nothing that it reads was ever loaded.
   */
  readonly asOf?: string;
  /** The datasets read, through other models too. */
  readonly sources: readonly string[];
  /** Of these, those that are older than the catalog promises. */
  readonly stale: readonly KnownDataset[];
  /** Of these, those whose load is not of this run and that are behind the newest by more than a run may take. */
  readonly late: readonly KnownDataset[];
  /** Models read that this run has kept as they were. */
  readonly kept: readonly ModelRecord[];
}

/** The datasets as a run sees them. */
export const datasetsOf = (
  lake: Uses<'campus' | 'catalog' | 'clock' | 'ledger'>,
  run: string,
): Promise<ReadonlyMap<string, KnownDataset>> =>
  knownDatasets({
    campus: lake.campus,
    catalog: lake.catalog,
    ledger: lake.platform.ledger,
    now: lake.platform.clock.now(),
    run,
  });

/**
 * What a model's tables are known of. Only what is oldest among them says how far the model can know: over an old
 * table of submissions, a newer table of anything else makes nobody's work missing.
 * @param reads tables of any database
 * @param records of the models that this run has built or kept
 */
export function inputsOf(
  reads: readonly string[],
  known: ReadonlyMap<string, KnownDataset>,
  records: readonly ModelRecord[],
  run: string,
): ModelInputs {
  const models = records.filter(({ version }) => reads.includes(version.table));
  const direct = reads.filter((table) => known.has(table));
  const sources = [...new Set([...direct, ...models.flatMap((model) => model.sources ?? [])])].sort();
  const times = [
    ...direct.map((table) => known.get(table)!.modelAsOf),
    ...models.map(({ asOf }) => asOf),
  ].filter((time) => time !== undefined);
  const asOf = oldest(times);
  const read = sources.flatMap((source) => known.get(source) ?? []);
  return {
    ...(asOf === undefined ? {} : { asOf }),
    sources,
    stale: read.filter(({ isStale }) => isStale),
    late: lateAmong(read),
    kept: models.filter(({ kept }) => kept?.run === run),
  };
}

function lateAmong(read: readonly KnownDataset[]): KnownDataset[] {
  const newest = Math.max(...read.flatMap(({ modelAsOf }) => (modelAsOf ? [Date.parse(modelAsOf)] : [])));
  return read.filter(
    ({ modelAsOf, whyOld }) =>
      whyOld !== undefined && newest - Date.parse(modelAsOf ?? '') > CONTINUE_WITHIN_MS,
  );
}

/**
 * Why a model that must not be built over stale data keeps its last version; undefined where it is to be built. Where
 * one table is a night behind the others, within its promise, the last version tells the truth of the same moment; a
 * new one would mix states of today into it that have no day.
 * @param hasVersion whether there is a version to keep: without one, what the promise allows is good enough
 */
export function whyKept({ stale, late, kept }: ModelInputs, hasVersion: boolean): string | undefined {
  if (stale.length > 0) return stale.map(describeStale).join('; ');
  if (kept.length > 0) return `${kept.map(({ version }) => version.table).join(', ')} kept its last version`;
  if (hasVersion && late.length > 0) return late.map(describeStale).join('; ');
  return undefined;
}

/** `canvas.submissions is known up to 2026-10-23 11:00 UTC (its load failed)` */
export function describeStale({ dataset, asOf, whyOld }: KnownDataset): string {
  const why = whyOld === undefined ? '' : ` (${whyOld})`;
  if (asOf === undefined) return `${dataset} has no good rows yet${why}`;
  return `${dataset} is known up to ${asOf.slice(0, 16).replace('T', ' ')} UTC${why}`;
}

/** The earliest of some instants; undefined of none. */
export function oldest(instants: readonly string[]): string | undefined {
  return instants.toSorted((a, b) => Date.parse(a) - Date.parse(b))[0];
}
