import type { Catalog } from '../campus/campus.ts';
import type { PrivacyClass } from '../campus/catalog-schema.ts';
import type { ClassifiedTable } from '../ports/table-guard.ts';
import type { TableSet } from '../ports/tables.ts';

/** What is said of a model's columns in its header. */
export interface ModelColumns {
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly privacy: PrivacyClass }[];
}

/**
 * Of a model's column of which its header says nothing: models are written for those who may see the record. A role of
 * access.yaml sees no column without a class, so where one sees by classes the column is of the most secret.
 */
const OF_MODELS: PrivacyClass = 'education';

/**
 * What each column of the given tables says about a person: of a dataset as the catalog has it, a pseudonym like the
 * id that it stands for; of a model as its header has it.
 * @param hasRoles whether roles of access.yaml see the tables by these classes. Default: no
 */
export function columnClasses(
  tables: TableSet,
  catalog: Pick<Catalog, 'datasets'>,
  models: readonly ModelColumns[],
  { hasRoles = false }: { readonly hasRoles?: boolean } = {},
): ClassifiedTable[] {
  const described = new Map<string, readonly { readonly name: string; readonly privacy: PrivacyClass }[]>([
    ...catalog.datasets.map(({ id, columns }) => [id, columns] as const),
    ...models.map(({ table, columns }) => [table, columns] as const),
  ]);
  const datasets = new Set(catalog.datasets.map(({ id }) => id));
  return Object.values(tables).map(({ table, columns }) => {
    const classes = new Map(described.get(table)?.map(({ name, privacy }) => [name, privacy]));
    // A column that the catalog no longer has: nobody answers for it.
    const otherwise = datasets.has(table) || hasRoles ? 'secret' : OF_MODELS;
    return {
      table,
      columns: Object.fromEntries(columns.map(({ name }) => [name, classes.get(name) ?? otherwise])),
    };
  });
}
