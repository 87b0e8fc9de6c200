import { relative, resolve } from 'node:path';
import type { Campus } from '../campus.ts';
import { catalogFileSchema } from '../catalog-schema.ts';
import { findCatalogFiles, readText } from '../files.ts';
import { readYaml } from '../read-yaml.ts';
import type { CatalogPart } from './merge.ts';

/** The catalog files of one source, and which of them takes a new table of a namespace. */
export interface CatalogParts {
  readonly parts: readonly CatalogPart[];
  partFor(namespace: string): CatalogPart;
}

/**
 * Finds the files that describe a source: `catalog/<source>.yaml`, and any other whose `source` it is. A new table
 * goes where tables of its namespace are; else into `catalog/<source>.yaml`, which is made where it is missing.
 * The catalog must be valid (`loadCampus`).
 */
export async function catalogParts(campus: Campus, source: string): Promise<CatalogParts> {
  const folder = resolve(campus.root, campus.catalog);
  const parts: CatalogPart[] = [];
  for (const path of await findCatalogFiles(folder)) {
    const text = await readText(path);
    const value = text === undefined ? undefined : readYaml(path, text, catalogFileSchema).value;
    if (value?.source === source) parts.push({ path, text, value });
  }
  const own = resolve(folder, `${source}.yaml`);
  const main = parts.find((p) => p.path === own) ?? parts.at(-1) ?? newPart(own, source);
  if (!parts.includes(main)) parts.push(main);
  return {
    parts,
    partFor: (namespace) =>
      parts.findLast((p) => p.value.datasets.some((d) => d.namespace === namespace)) ?? main,
  };
}

/** Where the schema of catalog files lies, as an editor finds it from the catalog's folder. */
export function schemaReference(campus: Campus): string {
  const folder = resolve(campus.root, campus.catalog);
  return relative(folder, resolve(campus.root, 'schemas', 'catalog.schema.json')).replaceAll('\\', '/');
}

function newPart(path: string, source: string): CatalogPart {
  return { path, text: undefined, value: { source, datasets: [] } };
}
