import type { CatalogDataset } from '../campus/campus.ts';
import { treatmentOf } from '../campus/treatment.ts';
import type { LoadManifest } from '../loads/load.ts';
import { manifestText } from '../loads/manifest-document.ts';
import type { ReplicatedTable } from '../ports/replication.ts';
import type { Uses } from '../ports/step.ts';
import type { TableColumn } from '../ports/tables.ts';
import { loadFeed } from './capture.ts';
import type { SisItem, SisTask } from './items.ts';
import { manifestKey } from './raw-layout.ts';

type Needs = Uses<'campus' | 'report' | 'objects'>;

const NO_KEY =
  'its changes are captured, and the catalog gives it no key to merge them by; name its key, or leave it out of the table mappings';

/**
 * Writes the manifest of a table that was copied, or of its changes, so that it can be committed.
 * @param snapshotAt when it was copied, where the table does not say
 * @returns the item to commit; with the reason where there is nothing to commit
 */
export async function handOn(
  lake: Needs,
  { run, task }: Pick<SisTask, 'run' | 'task'>,
  dataset: CatalogDataset,
  copy: ReplicatedTable | undefined,
  snapshotAt: string,
): Promise<SisItem> {
  const { id } = dataset;
  if (!copy) {
    return { run, dataset: id, error: 'the source has no such table, or the table mappings leave it out' };
  }
  if (copy.feed && dataset.key.length === 0) {
    return { run, dataset: id, error: NO_KEY };
  }
  if (copy.error !== undefined || !copy.files) {
    return {
      run,
      dataset: id,
      error: copy.error ?? 'the replication says nothing of its files',
      ...(copy.cutOff ? { cutOff: true } : {}),
      ...(copy.locked ? { locked: true } : {}),
    };
  }
  const manifest = manifestOf(lake, { run, task }, dataset, copy, snapshotAt);
  warnOfEscapes(lake, dataset, copy);
  await lake.platform.objects.putText(manifestKey(dataset, run), manifestText(manifest));
  return { run, dataset: id };
}

function manifestOf(
  lake: Needs,
  { run: load, task: job }: Pick<SisTask, 'run' | 'task'>,
  dataset: CatalogDataset,
  copy: ReplicatedTable,
  snapshotAt: string,
): LoadManifest {
  const key = new Set(
    dataset.columns.filter((c) => dataset.key.includes(c.name)).map((c) => c.source ?? c.name),
  );
  return {
    load,
    dataset: dataset.id,
    kind: copy.increment ? 'increment' : 'snapshot',
    layout: copy.feed ? 'dms-changes' : 'dms',
    format: 'parquet',
    watermark: copy.asOf ?? snapshotAt,
    job,
    rows: copy.rows,
    ...(copy.feed ? { feed: loadFeed(lake.campus, dataset, copy.feed) } : {}),
    ...(copy.keySum ? { keySum: copy.keySum } : {}),
    ...(copy.lobLimit === undefined ? {} : { lobLimit: copy.lobLimit }),
    ...(copy.setAside ? { setAside: copy.setAside } : {}),
    files: [...copy.files!],
    // Like DMS, the copy lets every column be empty.
    columns: (copy.columns ?? columnsOf(lake, dataset)).map(({ name, type }) => ({
      name,
      type,
      section: key.has(name) ? 'key' : 'value',
      nullable: true,
    })),
    startedAt: copy.asOf ?? snapshotAt,
  };
}

/** The columns that the catalog lets out of the source: of an empty table there may be no file that says more. */
function columnsOf(lake: Needs, dataset: CatalogDataset): TableColumn[] {
  return dataset.columns
    .filter((column) => treatmentOf(lake.campus, column) !== 'exclude')
    .map(({ source, name, type }) => ({ name: source ?? name, type }));
}

/** Mappings that a person wrote can copy what the catalog excludes; staging keeps it out, raw holds it. */
function warnOfEscapes(lake: Needs, dataset: CatalogDataset, copy: ReplicatedTable): void {
  const copied = new Set(copy.columns?.map((column) => column.name));
  const escaped = dataset.columns
    .filter((column) => treatmentOf(lake.campus, column) === 'exclude')
    .map((column) => column.source ?? column.name)
    .filter((name) => copied.has(name));
  if (escaped.length === 0) return;
  lake.report.note(
    dataset.id,
    `the table mappings copy ${escaped.join(', ')}, which the catalog excludes; add a remove-column rule`,
  );
}
