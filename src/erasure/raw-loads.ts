import type { Campus, CatalogDataset } from '../campus/campus.ts';
import { isLms } from '../campus/source-role.ts';
import { rawFolder } from '../lms/raw-layout.ts';
import type { LoadManifest } from '../loads/load.ts';
import { intactManifest, manifestText } from '../loads/manifest-document.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { changesPrefix } from '../sis/raw-layout.ts';

/** What the raw zone holds of a dataset. */
export interface RawLoads {
  readonly manifests: readonly { readonly key: string; readonly manifest: LoadManifest }[];
  /** Every file with rows, those of loads that never came to an end too. */
  readonly files: readonly string[];
}

type Needs = {
  readonly campus: Pick<Campus, 'sources'>;
  readonly platform: { readonly objects: ObjectStore };
};

export async function rawLoadsOf({ campus, platform }: Needs, dataset: CatalogDataset): Promise<RawLoads> {
  const { objects } = platform;
  const keys = isLms(campus.sources[dataset.source])
    ? await objects.list(rawFolder(dataset))
    : await sisKeys(objects, dataset);
  const manifests: { key: string; manifest: LoadManifest }[] = [];
  for (const key of keys.filter((one) => /\/_?manifest\.json$/.test(one))) {
    const manifest = intactManifest((await objects.getText(key)) ?? '', key);
    if (manifest) manifests.push({ key, manifest });
  }
  return { manifests, files: keys.filter((key) => /\.(?:jsonl(?:\.gz)?|parquet)$/.test(key)) };
}

async function sisKeys(
  objects: ObjectStore,
  { source, namespace, table }: CatalogDataset,
): Promise<string[]> {
  const all = [
    ...(await objects.list(`raw/${source}/`)),
    ...(await objects.list(`${changesPrefix(source)}/`)),
  ];
  return all.filter((key) => key.includes(`/${namespace}/${table}/`));
}

/**
 * Notes in the manifests of a file that rows are about to leave it. From then on its size and sum are open, and counts
 * of its source are those without them. Repeated, it changes nothing: a file whose sum is open was counted before.
 */
export async function noteRewriting(
  { platform }: Needs,
  { manifests }: RawLoads,
  file: string,
  removed: number,
): Promise<void> {
  for (const { key } of manifests) {
    const manifest = await currentManifest(platform.objects, key);
    const found = manifest?.files.find((one) => one.key === file || one.delivered?.key === file);
    if (!manifest || !found) continue;
    const counted = found.key === file && found.sha256 === undefined;
    const { keySum: _before, ...rest } = manifest;
    const next: LoadManifest = {
      ...(removed > 0 ? rest : manifest),
      ...(manifest.rows === undefined || counted ? {} : { rows: manifest.rows - removed }),
      files: manifest.files.map((one) => (one.key === file ? { ...one, sha256: undefined } : one)),
    };
    await platform.objects.putText(key, manifestText(next));
  }
}

/** Writes size and sum of files that were rewritten into their manifests. */
export async function closeRewriting(
  { platform }: Needs,
  { manifests }: RawLoads,
  sumOf: (file: string) => Promise<{ bytes: number; sha256: string }>,
): Promise<void> {
  for (const { key } of manifests) {
    const manifest = await currentManifest(platform.objects, key);
    if (!manifest?.files.some(({ sha256 }) => sha256 === undefined)) continue;
    const files = [];
    for (const file of manifest.files) {
      files.push(file.sha256 === undefined ? { ...file, ...(await sumOf(file.key)) } : file);
    }
    await platform.objects.putText(key, manifestText({ ...manifest, files }));
  }
}

async function currentManifest(objects: ObjectStore, key: string): Promise<LoadManifest | undefined> {
  const text = await objects.getText(key);
  return text === undefined ? undefined : intactManifest(text, key);
}
