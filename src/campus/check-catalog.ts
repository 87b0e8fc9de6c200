import type { CampusFile } from './campus-schema.ts';
import type { CatalogFile, Dataset } from './catalog-schema.ts';
import { checkChecks, checkedColumns } from './check-checks.ts';
import { checkColumns } from './check-columns.ts';
import type { ColumnsOf } from './check-types.ts';
import { didYouMean, oneOf } from './nearest.ts';
import type { Finding, YamlPath } from './problem.ts';
import { promisedTwice } from './short-objective.ts';

/** A catalog file that meets its schema. `file` names it in messages. */
export interface ParsedCatalogFile {
  readonly file: string;
  readonly value: CatalogFile;
}

export interface FindingIn extends Finding {
  readonly file: string;
}

/** `campus.yaml:15`: where something is in the campus file. */
export type InCampus = (path: YamlPath, on?: Finding['on']) => string;

/**
 * What no schema can say about the catalog: names that must exist, names that must not come twice, across all
 * files. `campus` is undefined while campus.yaml itself has problems; then what needs it is not checked.
 */
export function checkCatalog(
  files: readonly ParsedCatalogFile[],
  campus: CampusFile | undefined,
  inCampus: InCampus,
): FindingIn[] {
  const found: FindingIn[] = [];
  const names = new Map<string, string>();
  const tables = new Map<string, string>();
  const columnsOf = loadedColumns(files, campus);
  for (const { file, value } of files) {
    const add = (finding: Finding) => found.push({ file, ...finding });
    const source = campus?.sources[value.source];
    if (campus && !source)
      add({
        path: ['source'],
        text: `source: campus.yaml has no source "${value.source}", expected ${oneOf(sourcesOf(campus, inCampus)) || 'one that is listed under sources:'}${didYouMean(value.source, Object.keys(campus.sources))}`,
      });
    for (const [i, dataset] of value.datasets.entries()) {
      const path = ['datasets', i];
      const here = `datasets[${dataset.name}]`;
      const claim = (taken: Map<string, string>, id: string, field: string, what: string) => {
        const first = taken.get(id);
        if (first === undefined) taken.set(id, `${file}, datasets[${dataset.name}]`);
        else
          add({
            path: [...path, field],
            text: `${here}: ${what} is described twice, first in ${first}; keep one`,
          });
      };
      claim(names, `${value.source}.${dataset.name}`, 'name', `the dataset ${value.source}.${dataset.name}`);
      claim(
        tables,
        JSON.stringify([value.source, dataset.namespace, dataset.table]),
        'table',
        `the table ${dataset.namespace}.${dataset.table}`,
      );
      if (source?.kind === 'canvas' && !source.namespaces.includes(dataset.namespace))
        add({
          path: [...path, 'namespace'],
          text: `${here}.namespace: found "${dataset.namespace}", expected one that sources.${value.source}.namespaces lists: ${source.namespaces.join(', ')}${didYouMean(dataset.namespace, source.namespaces)}`,
        });
      for (const finding of [
        ...checkKey(dataset, path),
        ...checkColumns(dataset, path, campus),
        ...checkChecks(dataset, path, campus, columnsOf),
        ...checkObjectives(dataset, path),
      ])
        add(finding);
    }
  }
  return found;
}

/** Each source with the line that names it: the mistake may be there as well. */
const sourcesOf = ({ sources }: CampusFile, inCampus: InCampus): string[] =>
  Object.keys(sources).map((name) => `${name} (${inCampus(['sources', name], 'key')})`);

/** The columns of every table that is loaded: what a relationship may point to. */
function loadedColumns(files: readonly ParsedCatalogFile[], campus: CampusFile | undefined): ColumnsOf {
  const loaded = new Map<string, Dataset>(
    files.flatMap(({ value: { source, datasets } }) =>
      datasets
        .filter(({ load }) => load !== 'off')
        .map((dataset) => [`${source}.${dataset.name}`, dataset] as const),
    ),
  );
  return (table) => {
    const dataset = loaded.get(table);
    return dataset && campus && checkedColumns(dataset, campus);
  };
}

function checkObjectives({ name, load, objectives = [] }: Dataset, path: YamlPath): Finding[] {
  const here = `datasets[${name}].objectives`;
  if (load === 'off' && objectives.length > 0)
    return [
      {
        path: [...path, 'objectives'],
        on: 'key',
        text: `${here}: the table is not loaded (load: off), so nothing can be promised of it`,
      },
    ];
  return promisedTwice(objectives).flatMap((first, i) =>
    first === undefined
      ? []
      : [
          {
            path: [...path, 'objectives', i],
            text: `${here}[${i}]: objectives[${first}] promises this already; keep one, or write the second as an objective with a name of its own`,
          },
        ],
  );
}

function checkKey(dataset: Dataset, path: YamlPath): Finding[] {
  const here = `datasets[${dataset.name}]`;
  const columns = dataset.columns.map((c) => c.name);
  const found: Finding[] = dataset.key.flatMap((name, k) => {
    if (!columns.includes(name))
      return [
        {
          path: [...path, 'key', k],
          text: `${here}.key: there is no column "${name}", expected one of its columns${didYouMean(name, columns)}`,
        },
      ];
    if (dataset.key.indexOf(name) < k)
      return [{ path: [...path, 'key', k], text: `${here}.key: "${name}" is given twice; keep one` }];
    return [];
  });
  if (dataset.key.length === 0 && dataset.load === 'incremental')
    found.push({
      path: [...path, 'load'],
      text: `${here}.load: found "incremental" on a table without a key, expected "snapshot", or a key: changes are merged by it`,
    });
  return found;
}
