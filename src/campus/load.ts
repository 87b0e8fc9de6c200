import { basename, dirname, resolve } from 'node:path';
import type { Campus, Catalog, CatalogDataset } from './campus.ts';
import { type CampusFile, campusSchema } from './campus-schema.ts';
import { createCatalog } from './catalog.ts';
import { type CatalogFile, catalogFileSchema } from './catalog-schema.ts';
import { checkCampus } from './check-campus.ts';
import { checkCatalog, type InCampus, type ParsedCatalogFile } from './check-catalog.ts';
import { collisions, environmentsOf, overlayOf, recoveriesOf, unknownEnvironment } from './environments.ts';
import { CampusFileError, CampusMissingError } from './errors.ts';
import { findCatalogFiles, nameOf, readText } from './files.ts';
import { byPlace, type Problem } from './problem.ts';
import { type ReadFile, type RememberedFiles, readYaml } from './read-yaml.ts';
import { canonicalTimeZone, timeZoneWarning } from './time-zone.ts';
import { undecidedColumns, withoutUndecided } from './undecided.ts';
import { parseFast } from './yaml-text.ts';

/** A campus and its catalog, as every command and every handler needs them. */
export interface LoadedCampus {
  readonly campus: Campus;
  readonly catalog: Catalog;
  /** What a run accepts, and a person should look at; `oldNames` among them. */
  readonly warnings: readonly Problem[];
  /** Names of keys and values that were read as their new names: each once a file. */
  readonly oldNames: readonly Problem[];
}

/**
 * Loads `campus.yaml` and every file of its catalog (`catalog/*.yaml`, `catalog/<folder>/*.yaml`).
 * @param path campus.yaml itself, or the folder that holds it
 * @param pending texts about to be written, by absolute path: they are read instead of what is on disk
 * @param environment one of the file's `environments`. Default: the file without them
 * @param remembered files of the catalog that were read before. Default: none
 * @throws CampusMissingError when there is none
 * @throws CampusFileError naming every problem of every file, by line and column
 *
 * @example
 * ```ts
 * import { loadCampus } from './load.ts';
 *
 * const { campus, catalog } = await loadCampus('campus.yaml');
 * console.log(campus.name, catalog.datasets.length);
 * ```
 */
export async function loadCampus(
  path: string,
  pending: ReadonlyMap<string, string> = new Map(),
  environment?: string,
  remembered?: RememberedFiles,
): Promise<LoadedCampus> {
  const file = /\.ya?ml$/.test(path) ? resolve(path) : resolve(path, 'campus.yaml');
  const text = await readText(file);
  if (text === undefined) throw new CampusMissingError(nameOf(file));
  const root = dirname(file);

  const campusFile = readCampus(nameOf(file), text, root, environment);
  const campus = campusFile.value;
  const elsewhere = problemsOfEnvironments(campusFile, { text, root, environment });

  const folder = resolve(root, campus?.catalog ?? 'catalog');
  const catalogFiles: ReadFile<CatalogFile>[] = [];
  const texts = new Map<string, string>();
  const dangling: Problem[] = [];
  for (const name of new Set([...(await findCatalogFiles(folder)), ...pending.keys()])) {
    const content = pending.get(name) ?? (await readText(name));
    if (content !== undefined) {
      const read = readYaml<CatalogFile>(nameOf(name), content, catalogFileSchema, undefined, remembered);
      catalogFiles.push(read);
      texts.set(read.name, content);
    } else dangling.push({ file: nameOf(name), line: 1, column: 1, text: 'the link leads to no file' });
  }
  const parsed: ParsedCatalogFile[] = catalogFiles.flatMap((f) =>
    f.value ? [{ file: f.name, value: f.value }] : [],
  );
  const byName = new Map(catalogFiles.map((f) => [f.name, f]));
  const inCampus: InCampus = (path, on) => {
    const { line } = campusFile.place(path, on);
    return `${basename(file)}:${line}`;
  };
  for (const finding of checkCatalog(parsed, campus, inCampus)) byName.get(finding.file)?.add([finding]);

  const problems: Problem[] = [
    ...[campusFile, ...catalogFiles].flatMap((f) => f.problems()),
    ...elsewhere,
    ...dangling,
  ];
  if (problems.length > 0 || !campus) throw new CampusFileError(problems.sort(byPlace));
  const oldNames = [campusFile, ...catalogFiles].flatMap((f) => f.oldNames());
  return {
    campus: {
      ...campus,
      timeZone: canonicalTimeZone(campus.timeZone),
      root,
      ...(environment === undefined ? {} : { environment }),
    },
    warnings: [...warningsOf(campus, campusFile), ...oldNames],
    oldNames,
    catalog: catalogOf(campus, parsed, texts),
  };
}

/** The file as it is, or with one of its environments laid over it. */
function readCampus(name: string, text: string, root: string, environment?: string): ReadFile<CampusFile> {
  const overlay = environment === undefined ? undefined : overlayOf(environment);
  const read = readYaml<CampusFile>(name, text, campusSchema, overlay);
  if (read.value) read.add(checkCampus(read.value, root));
  return read;
}

/** What is wrong with environments other than the chosen one: a mistake in one of them is seen before it is deployed. */
function problemsOfEnvironments(
  chosen: ReadFile<CampusFile>,
  { text, root, environment }: { text: string; root: string; environment?: string },
): Problem[] {
  const parsed = /environments|recovery/.test(text) ? parseFast(text)?.value : undefined;
  const known = environmentsOf(parsed);
  const recoveries = recoveriesOf(parsed);
  if (environment !== undefined)
    chosen.add(
      unknownEnvironment(environment, [...known, ...recoveries.filter((one) => !known.includes(one))]),
    );
  const read = [...new Set([...known, ...recoveries])].map((each) => ({
    environment: each,
    file: each === environment ? chosen : readCampus(chosen.name, text, root, each),
  }));
  const places = read.flatMap(({ environment: each, file }) =>
    file.value?.aws
      ? [{ environment: each, name: file.value.aws.name, account: file.value.aws.account }]
      : [],
  );
  chosen.add(collisions(places));
  const said = new Set(chosen.problems().map(keyOf));
  return read
    .flatMap(({ file }) => (file === chosen ? [] : file.problems()))
    .filter((problem) => !said.has(keyOf(problem)) && said.add(keyOf(problem)));
}

const keyOf = ({ line, column, text }: Problem): string => `${line}:${column} ${text}`;

/** The catalog as runs and readers see it: without what `privacy.undecided` leaves behind. */
function catalogOf(
  { privacy }: CampusFile,
  parsed: readonly ParsedCatalogFile[],
  texts: ReadonlyMap<string, string>,
): Catalog {
  const datasets = parsed.flatMap(({ value }) => datasetsOf(value));
  if (privacy.undecided === 'allow') return createCatalog(datasets);
  const undecided = parsed.flatMap(({ file, value }) => undecidedColumns(texts.get(file) ?? '', value));
  return createCatalog(
    privacy.undecided === 'leave_behind' ? withoutUndecided(datasets, undecided) : datasets,
    undecided,
  );
}

function warningsOf(campus: CampusFile, file: ReadFile<CampusFile>): Problem[] {
  const zone = timeZoneWarning(campus.timeZone);
  return zone === undefined ? [] : [{ file: file.name, ...file.place(['timeZone']), text: zone }];
}

function datasetsOf(file: CatalogFile): CatalogDataset[] {
  return file.datasets.map((d) => ({ ...d, source: file.source, id: `${file.source}.${d.name}` }));
}
