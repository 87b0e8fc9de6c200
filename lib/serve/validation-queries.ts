import type { CatalogDataset } from '../../src/campus/campus.ts';
import { treatmentOf } from '../../src/campus/treatment.ts';
import type { Settings } from '../settings.ts';

export interface ValidationQuery {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}

/** Tables of one query: the most wanted. Athena takes 256 KB of SQL, and nobody reads a thousand rows of counts. */
const TABLES = 50;

/** Questions that tell whether the lake is right, saved in Athena for anyone who doubts it; made from the catalog. */
export function validationQueries(settings: Settings): ValidationQuery[] {
  const { campus, catalog, databasePrefix } = settings;
  const table = (d: CatalogDataset) => `${databasePrefix}${d.source}.${d.name}`;
  return Object.keys(campus.sources).flatMap((source) => {
    const datasets = catalog.of(source).slice(0, TABLES);
    if (datasets.length === 0) return [];
    const keyed = datasets.filter((dataset) => dataset.key.length > 0);
    const some = catalog.of(source).length > TABLES ? ` (the ${TABLES} most wanted tables)` : '';
    const counts = {
      name: `${source}: rows`,
      description: `Rows of each table of ${source}${some}. Compare with the source.`,
      sql: union(
        datasets.map((d) => `SELECT '${d.name}' AS table_name, count(*) AS row_count FROM ${table(d)}`),
      ),
    };
    const twice = {
      name: `${source}: keys twice`,
      description: `Keys that more than one row has, of each table of ${source}${some}. There should be none.`,
      sql: union(keyed.map((d) => keysTwice(d, table(d)))),
    };
    const empty = {
      name: `${source}: empty columns`,
      description: `The share of rows in which a column of ${source} is empty, where the catalog says it never is.`,
      sql: union(datasets.flatMap((d) => emptyColumns(settings, d, table(d)))),
    };
    return [counts, twice, empty].filter((query) => query.sql !== '');
  });
}

const union = (selects: readonly string[]) => selects.join('\nUNION ALL\n');

function keysTwice({ name, key }: CatalogDataset, table: string): string {
  const columns = key.join(', ');
  return `SELECT '${name}' AS table_name, count(*) AS keys_twice FROM (SELECT ${columns} FROM ${table} GROUP BY ${columns} HAVING count(*) > 1)`;
}

function emptyColumns({ campus }: Settings, dataset: CatalogDataset, table: string): string[] {
  return dataset.columns
    .filter((column) => column.nullable === false && treatmentOf(campus, column) !== 'exclude')
    .map(
      ({ name }) =>
        `SELECT '${dataset.name}' AS table_name, '${name}' AS column_name, count_if(${name} IS NULL) AS empty_rows FROM ${table}`,
    );
}
