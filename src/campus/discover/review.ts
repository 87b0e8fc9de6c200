import type { CampusFile } from '../campus-schema.ts';
import type { PrivacyClass, Treatment } from '../catalog-schema.ts';
import { treatmentOf } from '../treatment.ts';
import { CatalogText } from './catalog-text.ts';
import type { CatalogPart } from './merge.ts';

/** A column whose class was proposed by discovery, and that nobody has decided on. */
export interface ProposedColumn {
  readonly column: string;
  readonly privacy: PrivacyClass;
  readonly treatment: Treatment;
}

export interface ProposedTable {
  /** `source.dataset`. */
  readonly id: string;
  /** Whether it is loaded: only then do its proposals count. */
  readonly loaded: boolean;
  readonly columns: readonly ProposedColumn[];
}

export interface ReviewOptions {
  readonly parts: readonly CatalogPart[];
  readonly campus: Pick<CampusFile, 'privacy'>;
  /** Which datasets, by their ids. */
  readonly isMeant: (id: string) => boolean;
  /** Only proposals of these classes. Default: of all. */
  readonly classes?: readonly PrivacyClass[];
}

export interface Review {
  /** Those with a proposal, in the order of the files. */
  readonly tables: readonly ProposedTable[];
  /** The files as they are once every one of these proposals is a decision, by path. */
  readonly accepted: ReadonlyMap<string, string>;
}

/** What discovery proposed and nobody has decided on; and the catalog in which all of it is decided as proposed. */
export function reviewProposals({ parts, campus, isMeant, classes }: ReviewOptions): Review {
  const tables: ProposedTable[] = [];
  const accepted = new Map<string, string>();
  for (const { path, text, value } of parts) {
    if (text === undefined) continue;
    const catalog = new CatalogText(text);
    const before = tables.length;
    for (const [i, dataset] of value.datasets.entries()) {
      const id = `${value.source}.${dataset.name}`;
      if (!isMeant(id)) continue;
      const item = catalog.dataset(i);
      const columns = dataset.columns.flatMap((column, c): ProposedColumn[] => {
        const line = catalog.column(item, c);
        const { name, privacy } = column;
        if (!catalog.isProposed(line) || (classes && !classes.includes(privacy))) return [];
        catalog.decide(line);
        return [{ column: name, privacy, treatment: treatmentOf(campus, column) }];
      });
      if (columns.length > 0) tables.push({ id, loaded: dataset.load !== 'off', columns });
    }
    if (tables.length > before) accepted.set(path, catalog.toString());
  }
  return { tables, accepted };
}
