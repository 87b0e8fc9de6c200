import type { CatalogDataset } from '../../src/campus/campus.ts';
import type { LakeType } from '../../src/campus/lake-type.ts';

/** A dataset of a SIS, `sis.things`, with these columns and nothing said of them. */
export function datasetOf(
  columns: readonly { readonly name: string; readonly type: LakeType }[],
  more: Partial<CatalogDataset> = {},
): CatalogDataset {
  return {
    id: 'sis.things',
    source: 'sis',
    name: 'things',
    namespace: 'college',
    table: 'things',
    key: [],
    columns: columns.map((column) => ({ ...column, privacy: 'none' })),
    ...more,
  };
}
