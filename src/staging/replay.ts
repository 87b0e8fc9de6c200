import { dirname } from 'node:path/posix';
import type { CatalogDataset } from '../campus/campus.ts';
import { isLms } from '../campus/source-role.ts';
import { manifestKey as lmsManifestKey, rawFolder } from '../lms/raw-layout.ts';
import type { LoadManifest, PendingLoad } from '../loads/load.ts';
import { intactManifest } from '../loads/manifest-document.ts';
import { type DatasetState, stagedLoadOf, underWay } from '../loads/state.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { Lake } from '../ports/step.ts';
import type { TableDefinition } from '../ports/tables.ts';
import { manifestKey as sisManifestKey } from '../sis/raw-layout.ts';

/** What finding a dataset's raw loads needs of a lake. */
type Raw = { readonly campus: Pick<Lake['campus'], 'sources'>; readonly platform: { objects: ObjectStore } };

const READS_AT_ONCE = 16;

/**
 * The loads, oldest first, from which a table can be staged by another definition without asking its source: its newest
 * snapshot and every increment since. Undefined where the raw zone does not have all of them any more, or where one of
 * them was made before the source had a column that the definition takes.
 */
export async function loadsToReplay(
  lake: Raw,
  dataset: CatalogDataset,
  state: DatasetState,
  definition: TableDefinition,
): Promise<PendingLoad[] | undefined> {
  const newest = state.pending.at(-1)?.load ?? stagedLoadOf(state);
  if (newest === undefined) return undefined;
  const { objects } = lake.platform;
  const fromLms = isLms(lake.campus.sources[dataset.source]);
  const keyOf = fromLms ? lmsManifestKey : sisManifestKey;
  const keys = await objects.list(fromLms ? rawFolder(dataset) : `${dirname(keyOf(dataset, newest))}/`);
  const wanted = fromLms ? keys.filter((key) => key.endsWith('/manifest.json')) : [keyOf(dataset, newest)];
  const manifests = await readManifests(objects, wanted);
  // A load that is still under way does not count.
  const counted = manifests.filter(({ load }) => load === newest || load !== underWay(state)?.load);
  const chain = chainOf(counted, newest);
  const there = new Set(keys);
  const isWhole = chain?.every(
    (one) => covers(one, definition) && one.files.every(({ key }) => there.has(key)),
  );
  return isWhole
    ? chain!.map(({ load, kind }) => ({ load, kind, manifest: keyOf(dataset, load) }))
    : undefined;
}

async function readManifests(objects: ObjectStore, keys: readonly string[]): Promise<LoadManifest[]> {
  const found: LoadManifest[] = [];
  for (let i = 0; i < keys.length; i += READS_AT_ONCE) {
    const batch = keys.slice(i, i + READS_AT_ONCE);
    const texts = await Promise.all(batch.map((key) => objects.getText(key)));
    for (const [at, text] of texts.entries()) {
      const manifest = text === undefined ? undefined : intactManifest(text, batch[at]!);
      if (manifest) found.push(manifest);
    }
  }
  return found;
}

/**
 * Follows increments back from a load to the snapshot that they build on: each begins where the one before it ends, by
 * the source's own clock, so no load can be missing in between and no clock here can mislead. A snapshot of a table
 * that keeps only its last days is an increment without a beginning: it follows whatever was loaded before it.
 */
export function chainOf(manifests: readonly LoadManifest[], newest: string): LoadManifest[] | undefined {
  let oldest = manifests.find(({ load }) => load === newest);
  if (!oldest) return undefined;
  const chain = [oldest];
  // Increments in which nothing came end where they begin; the chain is whole without them.
  const others = new Set(
    manifests.filter((one) => one !== oldest && (one.kind === 'snapshot' || one.files.length > 0)),
  );
  while (oldest.kind !== 'snapshot') {
    const before = oneBefore(oldest, others);
    if (!before) return undefined;
    others.delete(before);
    chain.unshift(before);
    oldest = before;
  }
  return chain;
}

function oneBefore(
  { since, watermark }: LoadManifest,
  others: ReadonlySet<LoadManifest>,
): LoadManifest | undefined {
  const time = (text: string) => Date.parse(text);
  const fitting = [...others].filter((one) =>
    since === undefined ? time(one.watermark) <= time(watermark) : isSame(one.watermark, since),
  );
  // The newest; of one instant, as loads of a table that stays quiet are, the one that was made last; and of those the
  // snapshot, with which the chain ends.
  const isLater = (a: LoadManifest, b: LoadManifest) =>
    time(b.watermark) - time(a.watermark) ||
    time(b.startedAt) - time(a.startedAt) ||
    Number(b.kind === 'snapshot') - Number(a.kind === 'snapshot');
  return fitting.sort(isLater)[0];
}

const isSame = (a: string, b: string): boolean => a === b || Date.parse(a) === Date.parse(b);

/** Whether a load has every column that is wanted of it. One whose columns nobody recorded is taken to have them. */
function covers({ columns }: LoadManifest, definition: TableDefinition): boolean {
  if (!columns) return true;
  const delivered = new Set(columns.map(({ name }) => name));
  return definition.columns.every(({ source, absent }) => absent || delivered.has(source));
}
