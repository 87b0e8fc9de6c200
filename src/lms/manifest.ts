import type { CatalogDataset } from '../campus/campus.ts';
import type { LoadColumn, LoadManifest } from '../loads/load.ts';
import { manifestText, parseManifest } from '../loads/manifest-document.ts';
import { type DatasetState, stagedLoadOf } from '../loads/state.ts';
import type { LmsColumn } from '../ports/lms-source.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { manifestKey } from './raw-layout.ts';

/** The manifest of a load; undefined while the load is not whole. */
export async function readManifest(
  objects: Pick<ObjectStore, 'getText'>,
  key: string,
): Promise<LoadManifest | undefined> {
  const text = await objects.getText(key);
  return text === undefined ? undefined : parseManifest(text, key);
}

export async function writeManifest(
  objects: Pick<ObjectStore, 'putText'>,
  key: string,
  manifest: LoadManifest,
): Promise<void> {
  await objects.putText(key, manifestText(manifest));
}

/** The source's columns at the newest committed load; undefined where none is known. */
export async function columnsBefore(
  objects: Pick<ObjectStore, 'getText'>,
  dataset: CatalogDataset,
  state: DatasetState,
): Promise<LoadColumn[] | undefined> {
  const pending = state.pending.at(-1)?.manifest;
  const load = stagedLoadOf(state);
  const staged = load === undefined ? undefined : manifestKey(dataset, load);
  const key = pending ?? staged;
  return key === undefined ? undefined : (await readManifest(objects, key))?.columns;
}

/** What a manifest keeps of a source's columns. */
export function loadColumns(columns: readonly LmsColumn[]): LoadColumn[] {
  return columns.map(({ name, section, type, nullable }) => ({ name, section, type, nullable }));
}
