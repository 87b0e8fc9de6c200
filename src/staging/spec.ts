import type { Campus, CatalogDataset } from '../campus/campus.ts';
import { hasPlaces } from '../campus/lake-type.ts';
import type { LoadColumn, LoadManifest } from '../loads/load.ts';
import type { StagedColumn, StagedTableSpec } from '../ports/staging.ts';
import { pseudonymNamespaceOf, treatmentOf } from '../privacy/treatment.ts';

/** How a dataset's load becomes a staged table, and what about it needs a person's decision. */
export interface StagingPlan {
  readonly spec: StagedTableSpec;
  /** Columns that the source has and the catalog does not know: kept out until somebody decides about them. */
  readonly undecided: readonly LoadColumn[];
}

/**
 * Derives the staged table from the catalog and the treatments: what is excluded never gets in, and neither does
 * a column that nobody has classified yet.
 * @param gone columns, by their names at the source, that it does not have any more, though this load may have them
 */
export function stagedSpec(
  dataset: CatalogDataset,
  campus: Pick<Campus, 'privacy'>,
  manifest: Pick<LoadManifest, 'layout' | 'format' | 'columns' | 'lobLimit'>,
  gone?: ReadonlySet<string>,
): StagingPlan {
  const delivered = manifest.columns && new Map(manifest.columns.map((column) => [column.name, column]));
  const sourceOf = (column: { name: string; source?: string }) => column.source ?? column.name;
  const isAbsent = (column: { name: string; source?: string }) =>
    gone?.has(sourceOf(column)) || (delivered !== undefined && !delivered.has(sourceOf(column)));
  const isRequired = (column: { name: string; source?: string; nullable?: boolean }) =>
    manifest.layout === 'dap' &&
    (column.nullable === false || delivered?.get(sourceOf(column))?.nullable === false);
  const key = new Set(dataset.key);
  const columns = dataset.columns.flatMap((column): StagedColumn[] => {
    const treatment = treatmentOf(campus, column);
    if (treatment === 'exclude') return [];
    const pseudonym = treatment === 'pseudonym';
    return [
      {
        name: column.name,
        source: sourceOf(column),
        type: pseudonym ? 'varchar' : column.type,
        treatment,
        ...(pseudonym ? { pseudonymKind: pseudonymNamespaceOf(column) } : {}),
        ...(pseudonym && hasPlaces(column.type) ? { wholeId: true } : {}),
        ...(treatment === 'mask' ? { mask: column.mask } : {}),
        ...(manifest.layout === 'dap'
          ? { section: delivered?.get(sourceOf(column))?.section ?? (key.has(column.name) ? 'key' : 'value') }
          : {}),
        ...(isAbsent(column) ? { absent: true } : {}),
        ...(isRequired(column) ? { required: true } : {}),
      },
    ];
  });
  const known = new Set(dataset.columns.map(sourceOf));
  return {
    spec: {
      table: dataset.id,
      columns,
      key: [...dataset.key],
      layout: manifest.layout,
      format: manifest.format,
      ...(manifest.layout === 'dap' && manifest.columns?.every(({ section }) => section === 'key')
        ? { keyOnly: true }
        : {}),
      ...(manifest.lobLimit === undefined ? {} : { lobLimit: manifest.lobLimit }),
    },
    undecided: (manifest.columns ?? []).filter((column) => !known.has(column.name)),
  };
}
