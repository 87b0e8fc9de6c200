import { dirname, resolve } from 'node:path';
import type { Campus } from './campus.ts';
import { type CampusFile, campusSchema } from './campus-schema.ts';
import {
  type CatalogColumn,
  type CatalogFile,
  catalogFileSchema,
  type PrivacyClass,
  type Treatment,
} from './catalog-schema.ts';
import { findCatalogFiles, nameOf, readText } from './files.ts';
import { type ReadFile, readYaml } from './read-yaml.ts';
import { treatmentOf } from './treatment.ts';

/** Classes of which nothing is kept unless somebody decides so. */
const SENSITIVE: readonly PrivacyClass[] = ['secret', 'special', 'aid', 'text', 'log'];

/** A sensitive column that is loaded, and the line by which it is. */
export interface KeptColumn {
  readonly dataset: string;
  readonly column: string;
  readonly privacy: PrivacyClass;
  readonly treatment: Exclude<Treatment, 'exclude'>;
  /** With treatment `mask`: which. */
  readonly mask?: string;
  /** `catalog/sis.yaml:120`, where the column says so itself; else the line of its class in campus.yaml. */
  readonly decidedAt: string;
}

/**
 * The columns of sensitive classes that are not excluded, with the line that a person wrote to keep each.
 * @param file campus.yaml, which has been read without a problem
 */
export async function keptColumns(campus: Campus, file: string): Promise<KeptColumn[]> {
  const ofCampus = readYaml<CampusFile>(nameOf(file), (await readText(file)) ?? '', campusSchema);
  const kept: KeptColumn[] = [];
  for (const path of await findCatalogFiles(resolve(dirname(file), campus.catalog))) {
    const text = await readText(path);
    if (text === undefined) continue;
    const ofCatalog = readYaml<CatalogFile>(nameOf(path), text, catalogFileSchema);
    for (const [at, dataset] of (ofCatalog.value?.datasets ?? []).entries()) {
      if (dataset.load === 'off') continue;
      for (const [place, column] of dataset.columns.entries()) {
        const treatment = treatmentOf(campus, column);
        if (!SENSITIVE.includes(column.privacy) || treatment === 'exclude') continue;
        const own = column.treatment ? 'treatment' : column.mask ? 'mask' : undefined;
        const decidedAt = own
          ? lineOf(ofCatalog, ['datasets', at, 'columns', place, own])
          : lineOf(ofCampus, ofClass(column));
        const { name, privacy } = column;
        kept.push({
          dataset: `${ofCatalog.value!.source}.${dataset.name}`,
          column: name,
          privacy,
          treatment,
          ...(treatment === 'mask' ? { mask: column.mask } : {}),
          decidedAt,
        });
      }
    }
  }
  return kept;
}

const ofClass = ({ privacy }: CatalogColumn) => ['privacy', 'defaults', privacy];

const lineOf = <T>(file: ReadFile<T>, path: readonly (string | number)[]): string =>
  `${file.name}:${file.place([...path]).line}`;
