import { LakeError } from '../errors.ts';
import { commitLoad } from '../loads/dataset-state.ts';
import type { Step, Uses } from '../ports/step.ts';
import { forgetFetched } from './fetched-files.ts';
import type { LmsItem } from './items.ts';
import { readManifest } from './manifest.ts';
import { manifestKey } from './raw-layout.ts';

/** Commits a load that is whole: from here on it counts, and staging takes it. */
export const lmsCommit: Step<
  LmsItem,
  { run: string; dataset: string; files: number; bytes: number },
  Uses<'catalog' | 'clock' | 'objects' | 'ledger'>
> = {
  name: 'lms-commit',
  async run({ run, dataset: id }, lake) {
    const { objects, ledger, clock } = lake.platform;
    const dataset = lake.catalog.get(id);
    const key = manifestKey(dataset, run);
    const manifest = await readManifest(objects, key);
    if (!manifest) {
      throw new LakeError(`Committing the load of ${id} failed: it has no manifest ${key}`, {
        about: id,
        hint: 'Continue the run: the load is fetched again',
      });
    }
    await commitLoad(ledger, manifest, key);
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    await ledger.append('loads', [
      {
        id: `${run}:${id}`,
        run,
        dataset: id,
        source: dataset.source,
        kind: manifest.kind,
        watermark: manifest.watermark,
        since: manifest.since ?? null,
        schema_version: manifest.schemaVersion ?? null,
        files: manifest.files.length,
        bytes,
        rows: manifest.rows ?? null,
        started_at: manifest.startedAt,
        committed_at: new Date(clock.now()).toISOString(),
      },
    ]);
    await forgetFetched(ledger, id);
    return { run, dataset: id, files: manifest.files.length, bytes };
  },
};
