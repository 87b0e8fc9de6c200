import { readPublication } from '../../pipeline/publication.ts';
import { describedTreatment } from '../../privacy/treatment.ts';
import type { AppLake } from '../app-lake.ts';
import { describable } from '../describable.ts';

/** One table or column of the dictionary. */
export interface DictionaryEntry {
  readonly table: string;
  /** Absent: the entry is of the table itself. */
  readonly column?: string;
  readonly type?: string;
  readonly privacy?: string;
  readonly treatment?: string;
  /** With treatment `mask`: which. */
  readonly mask?: string;
  readonly description?: string;
  readonly owner?: string;
}

/**
 * Every table and column of which the session may know, as it was published; of datasets, what the catalog says. Nothing is
 * built for it.
 */
export async function dictionaryEntries(lake: AppLake): Promise<DictionaryEntry[]> {
  const publication = await readPublication(lake.platform);
  const { datasets, published } = await describable(lake, publication?.tables);
  const entries: DictionaryEntry[] = [];
  for (const dataset of datasets.filter(({ load }) => load !== 'off')) {
    const { id: table, description, owner } = dataset;
    entries.push({ table, description, owner });
    for (const column of dataset.columns)
      entries.push({
        table,
        column: column.name,
        type: column.type,
        privacy: column.privacy,
        ...describedTreatment(lake.campus, column),
        description: column.description,
      });
  }
  const ofDatasets = new Set(datasets.map(({ id }) => id));
  for (const { table, columns } of Object.values(published)) {
    if (ofDatasets.has(table)) continue;
    const header = publication?.facts[table]?.header;
    const words = new Map(header?.columns.map((column) => [column.name, column]));
    entries.push({ table, description: header?.description, owner: publication?.facts[table]?.owner });
    for (const { name, type } of columns)
      entries.push({
        table,
        column: name,
        type,
        privacy: words.get(name)?.privacy,
        description: words.get(name)?.description,
      });
  }
  return entries;
}
