import { commitLoad } from '../loads/dataset-state.ts';
import { parseManifest } from '../loads/manifest-document.ts';
import type { Step, Uses } from '../ports/step.ts';
import { SisConnectionError, SisTableLockedError, TableNotCopiedError } from './errors.ts';
import type { SisItem } from './items.ts';
import { manifestKey } from './raw-layout.ts';

export type SisCommitted = { run: string; dataset: string; files: number; bytes: number; rows: number };

/**
 * Commits the copy of one table: from here on it counts, and staging takes it.
 * @throws TableNotCopiedError for a table that was not copied; SisConnectionError where that was lost before its turn
 */
export const sisCommit: Step<SisItem, SisCommitted, Uses<'catalog' | 'clock' | 'objects' | 'ledger'>> = {
  name: 'sis-commit',
  async run({ run, dataset: id, error, cutOff, locked }, lake) {
    const { objects, ledger, clock } = lake.platform;
    const dataset = lake.catalog.get(id);
    const { namespace, table } = dataset;
    if (error !== undefined && cutOff) {
      throw new SisConnectionError(`Tables of ${dataset.source} were not copied: ${error}`, {
        about: id,
        source: dataset.source,
        hint: 'Look for what cut it (a firewall, a timeout, a restart) and run again; until then the lake shows their last good loads.',
      });
    }
    if (error !== undefined) {
      const Why = locked ? SisTableLockedError : TableNotCopiedError;
      throw new Why(`${id} (table ${namespace}.${table}) was not copied: ${error}`, {
        about: id,
        hint: 'Fix the cause and run again; until then the lake shows its last good load.',
      });
    }
    const key = manifestKey(dataset, run);
    const text = await objects.getText(key);
    if (text === undefined) {
      throw new TableNotCopiedError(`Committing the load of ${id} failed: it has no manifest ${key}`, {
        about: id,
        hint: 'The raw zone lost files: start a new run.',
      });
    }
    const manifest = parseManifest(text, key);
    await commitLoad(ledger, manifest, key);
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    const rows = manifest.rows ?? 0;
    await ledger.append('loads', [
      {
        id: `${run}:${id}`,
        run,
        dataset: id,
        source: dataset.source,
        kind: manifest.kind,
        watermark: manifest.watermark,
        since: null,
        schema_version: null,
        files: manifest.files.length,
        bytes,
        rows,
        started_at: manifest.startedAt,
        committed_at: new Date(clock.now()).toISOString(),
      },
    ]);
    return { run, dataset: id, files: manifest.files.length, bytes, rows };
  },
};
