import { dirname, resolve } from 'node:path';
import type { Campus, Catalog, CatalogDataset } from './campus.ts';
import { type CampusFile, campusSchema } from './campus-schema.ts';
import { createCatalog } from './catalog.ts';
import { type CatalogFile, catalogFileSchema } from './catalog-schema.ts';
import { checkCampus } from './check-campus.ts';
import { checkCatalog, type ParsedCatalogFile } from './check-catalog.ts';
import { CampusFileError, CampusMissingError } from './errors.ts';
import { findCatalogFiles, nameOf, readText } from './files.ts';
import { byPlace, type Problem } from './problem.ts';
import { type ReadFile, readYaml } from './read-yaml.ts';

/** A campus and its catalog, as every command and every handler needs them. */
export interface LoadedCampus {
  readonly campus: Campus;
  readonly catalog: Catalog;
}

/**
 * Loads `campus.yaml` and every file of its catalog (`catalog/*.yaml`, `catalog/<folder>/*.yaml`).
 * @param path campus.yaml itself, or the folder that holds it
 * @param pending texts about to be written, by absolute path: they are read instead of what is on disk
 * @throws CampusMissingError when there is none
 * @throws CampusFileError naming every problem of every file, by line and column
 */
export async function loadCampus(
  path: string,
  pending: ReadonlyMap<string, string> = new Map(),
): Promise<LoadedCampus> {
  const file = /\.ya?ml$/.test(path) ? resolve(path) : resolve(path, 'campus.yaml');
  const text = await readText(file);
  if (text === undefined) throw new CampusMissingError(nameOf(file));
  const root = dirname(file);

  const campusFile = readYaml<CampusFile>(nameOf(file), text, campusSchema);
  const campus = campusFile.value;
  if (campus) campusFile.add(checkCampus(campus, root));

  const folder = resolve(root, campus?.catalog ?? 'catalog');
  const catalogFiles: ReadFile<CatalogFile>[] = [];
  for (const name of new Set([...(await findCatalogFiles(folder)), ...pending.keys()])) {
    const content = pending.get(name) ?? (await readText(name));
    if (content !== undefined)
      catalogFiles.push(readYaml<CatalogFile>(nameOf(name), content, catalogFileSchema));
  }
  const parsed: ParsedCatalogFile[] = catalogFiles.flatMap((f) =>
    f.value ? [{ file: f.name, value: f.value }] : [],
  );
  const byName = new Map(catalogFiles.map((f) => [f.name, f]));
  for (const finding of checkCatalog(parsed, campus)) byName.get(finding.file)?.add([finding]);

  const problems: Problem[] = [campusFile, ...catalogFiles].flatMap((f) => f.problems());
  if (problems.length > 0 || !campus) throw new CampusFileError(problems.sort(byPlace));
  return {
    campus: { ...campus, root },
    catalog: createCatalog(parsed.flatMap(({ value }) => datasetsOf(value))),
  };
}

function datasetsOf(file: CatalogFile): CatalogDataset[] {
  return file.datasets.map((d) => ({ ...d, source: file.source, id: `${file.source}.${d.name}` }));
}
