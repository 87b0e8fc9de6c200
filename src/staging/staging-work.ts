import type { CatalogDataset } from '../campus/campus.ts';
import { hasWindow } from '../lms/retention.ts';
import type { LoadColumn, LoadManifest, PendingLoad } from '../loads/load.ts';
import { intactManifest } from '../loads/manifest-document.ts';
import { type DatasetState, stagedOf } from '../loads/state.ts';
import type { Rekeyed } from '../ports/query-engine.ts';
import type { Uses } from '../ports/step.ts';
import type { TableDefinition, TableVersion } from '../ports/tables.ts';
import { keyVersion } from '../privacy/pseudonym.ts';
import { type Definitions, definitionsOf } from './definition.ts';
import { changesSince, type DefinitionChange } from './definition-changes.ts';
import { StagingError } from './errors.ts';
import { loadsToReplay } from './replay.ts';
import { describeChange, type SchemaChange } from './schema-changes.ts';

/** What has to be staged so that a dataset's table holds all its loads, by the definition of now. */
export interface StagingWork {
  /** Oldest first. */
  readonly loads: readonly PendingLoad[];
  readonly definition: TableDefinition;
  /** How the definition differs from the newest version's. */
  readonly changes: readonly DefinitionChange[];
  /** What the loads are merged into. Absent: the first of them is a snapshot. */
  readonly onto?: TableVersion;
  /** Its columns are first made those of the definition; its rows are at hand nowhere else. Default: false. */
  readonly reshapes?: boolean;
  /** With `reshapes`: its pseudonyms are made into those by the keys of now. */
  readonly rekeyed?: Rekeyed;
}

/**
 * Decides what to stage. Loads that wait are merged into the newest version where it was staged by the definition of
 * now. Where it was not, or is no longer there, everything since the last snapshot is staged again from the raw zone.
 * @returns undefined where nothing waits and the version may stay
 * @throws NeedsSnapshotError where the raw zone does not suffice
 */
export async function stagingWork(
  lake: Uses<'campus' | 'catalog' | 'objects' | 'secrets'>,
  state: DatasetState,
): Promise<StagingWork | undefined> {
  const { dataset: id, pending } = state;
  const staged = stagedOf(state)?.version;
  const dataset = lake.catalog.get(id);
  const newest = pending.at(-1);
  const manifest = newest && (await readManifest(lake, id, newest));
  const definition = await definitionsOf(lake)(dataset, { manifest, version: staged });
  const changes = staged ? changesSince(staged, definition) : [];
  if (pending[0]?.kind === 'snapshot') return { loads: pending, definition, changes };
  const fits = staged !== undefined && changes.length === 0 && !state.restage;
  if (fits) return newest && { loads: pending, definition, changes, onto: staged };
  if (!staged && !state.committed) return undefined;
  const loads = await loadsToReplay(lake, dataset, state, definition);
  if (loads) return { loads, definition, changes };
  if (staged && canReshape(dataset, changes)) {
    const rekeyed = rekeyedBy(staged, changes);
    return {
      loads: pending,
      definition,
      changes,
      onto: staged,
      reshapes: true,
      ...(rekeyed ? { rekeyed } : {}),
    };
  }
  const mayStay = staged && !changes.some(({ narrows }) => narrows) && !newest && !state.restage;
  if (mayStay) return undefined;
  throw needsSnapshot(dataset, changes);
}

/**
 * Whether the rows of a table can be kept though the raw zone does not hold them any more: of a source that keeps only
 * its last days nothing else does. Columns can be dropped and added, types widened, and pseudonyms made by a further
 * key; a value cannot be made a pseudonym, or a pseudonym a value, from what was made of it. Where nothing but the key
 * has changed, no source is asked.
 */
const canReshape = ({ namespace }: CatalogDataset, changes: readonly DefinitionChange[]): boolean =>
  isRotatedOnly(changes) || (hasWindow(namespace) && changes.every(({ change }) => RESHAPED.has(change)));

const isRotatedOnly = (changes: readonly DefinitionChange[]): boolean =>
  changes.length > 0 && changes.every(({ change }) => change === 'rotated');

function rekeyedBy({ definition }: TableVersion, changes: readonly DefinitionChange[]): Rekeyed | undefined {
  const rotated = new Set(changes.filter(({ change }) => change === 'rotated').map(({ column }) => column));
  if (rotated.size === 0 || definition?.pseudonymKey === undefined) return undefined;
  const columns = definition.columns.filter(({ name }) => rotated.has(name));
  return {
    made: keyVersion(definition.pseudonymKey),
    kinds: Object.fromEntries(columns.map(({ name, pseudonymKind }) => [name, pseudonymKind ?? name])),
  };
}

const RESHAPED: ReadonlySet<SchemaChange['change']> = new Set([
  'rotated',
  'left_behind',
  'added',
  'widened',
  'vanished',
  'returned',
  'undefined',
]);

/** Whether something about a dataset's table has to be staged even where no load of it waits. */
export async function isOutdated(
  definitions: Definitions,
  dataset: CatalogDataset,
  state: DatasetState,
): Promise<boolean> {
  const staged = stagedOf(state)?.version;
  if (state.restage) return true;
  if (!staged) return state.committed !== undefined;
  return changesSince(staged, await definitions(dataset, { version: staged })).length > 0;
}

/**
 * Why the next load has to be a snapshot, in words; undefined where it need not be.
 * @param columns the source's, as they are now. Default: as they were when the table was staged
 */
export async function whySnapshot(
  lake: Uses<'campus' | 'objects'>,
  dataset: CatalogDataset,
  state: DatasetState,
  definitions: Definitions,
  columns?: LoadColumn[],
): Promise<string | undefined> {
  const staged = stagedOf(state)?.version;
  if (!state.committed) return undefined;
  const definition = await definitions(dataset, columns ? { manifest: { columns } } : { version: staged });
  const changes = staged ? changesSince(staged, definition) : [];
  if (staged && changes.length === 0 && !state.restage) return undefined;
  if (await loadsToReplay(lake, dataset, state, definition)) return undefined;
  if (staged && !state.restage && isRotatedOnly(changes)) return undefined;
  // A snapshot of the last days would not make the rows from before them again.
  if (staged && hasWindow(dataset.namespace)) return undefined;
  const why = changes.map(describeChange).join('; ') || 'its table has to be staged again';
  return `${why}, and the raw zone does not hold all that this needs`;
}

/** Only a new snapshot of its source can make the table what the catalog says. */
export class NeedsSnapshotError extends StagingError {}

function needsSnapshot(dataset: CatalogDataset, changes: readonly DefinitionChange[]): NeedsSnapshotError {
  const { id } = dataset;
  const why = changes.length > 0 ? ` (${changes.map(describeChange).join('; ')})` : '';
  const shown = changes.some(({ narrows }) => narrows) ? ' Until then the table is not shown.' : '';
  return new NeedsSnapshotError(
    `${id} has to be staged again${why}, and the raw zone does not hold all that this needs: a new snapshot has to be loaded.${shown}`,
    {
      about: id,
      hint: hintFor(dataset),
    },
  );
}

function hintFor({ load, namespace }: CatalogDataset): string {
  if (hasWindow(namespace)) {
    return 'the source keeps its last days only, so take the change back, or drop the column and take it in under another name';
  }
  return load === 'off'
    ? 'its load is off in the catalog: give it another `load`, or remove the dataset from the catalog'
    : 'the next run that reaches the source loads the snapshot by itself';
}

/** @throws StagingError where the raw zone has lost it */
export async function readManifest(
  lake: Uses<'objects'>,
  dataset: string,
  load: PendingLoad,
): Promise<LoadManifest> {
  const text = await lake.platform.objects.getText(load.manifest);
  const manifest = text === undefined ? undefined : intactManifest(text, load.manifest);
  if (manifest) return manifest;
  const found = text === undefined ? 'is not at' : 'cannot be read:';
  throw new StagingError(`The manifest of load ${load.load} of ${dataset} ${found} ${load.manifest}.`, {
    about: dataset,
    hint: `the raw zone lost files: \`lake reload ${dataset}\` asks for a new snapshot`,
  });
}
