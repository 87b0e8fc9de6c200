import { stringify } from 'yaml';
import type { PrivacyClass } from '../../campus/catalog-schema.ts';
import { plain } from './jinja.ts';
import type { DbtTests } from './tests.ts';

/** What is said of a column in dbt's YAML. */
export interface PropertyColumn {
  readonly name: string;
  /** In the lake's words. */
  readonly type: string;
  readonly privacy?: PrivacyClass;
  readonly description?: string;
}

/** What is said of a table, a source's or a model's. */
export interface PropertyTable {
  readonly name: string;
  readonly description?: string;
  readonly owner?: string;
  /** What one row is, as far as it is known. */
  readonly grain?: string;
  readonly columns: readonly PropertyColumn[];
  readonly tests: DbtTests;
}

export interface PropertySource {
  readonly name: string;
  /** The database that holds its tables: an expression of Jinja. */
  readonly schema: string;
  readonly tables: readonly PropertyTable[];
}

const HEAD = '# Made by `lake export dbt`: change the catalog or the models, and export again.\n';

/** The file that describes the models. https://docs.getdbt.com/reference/model-properties */
export const modelProperties = (models: readonly PropertyTable[]): string =>
  HEAD + stringify({ version: 2, models: models.map(table) }, OPTIONS);

/** The file that describes the sources. https://docs.getdbt.com/reference/source-properties */
export const sourceProperties = (sources: readonly PropertySource[]): string =>
  HEAD +
  stringify(
    {
      version: 2,
      sources: sources.map(({ name, schema, tables }) => ({ name, schema, tables: tables.map(table) })),
    },
    OPTIONS,
  );

const OPTIONS = { lineWidth: 110, aliasDuplicateObjects: false } as const;

function table({ name, description, owner, grain, columns, tests }: PropertyTable): object {
  return {
    name,
    ...(description === undefined ? {} : { description: plain(description) }),
    ...about({ owner, grain }),
    columns: columns.map((column) => describe(column, tests)),
    ...(tests.ofTable.length === 0 ? {} : { data_tests: tests.ofTable }),
  };
}

function describe({ name, type, privacy, description }: PropertyColumn, { ofColumns }: DbtTests): object {
  const tests = ofColumns.get(name) ?? [];
  return {
    name,
    ...(description === undefined ? {} : { description: plain(description) }),
    data_type: type,
    ...about({ privacy }),
    // Tests name the column in their SQL, where `timestamp` and `order` are words of the language.
    ...(tests.length === 0 ? {} : { quote: true, data_tests: tests }),
  };
}

/** What dbt has no word for. */
function about(facts: { readonly [fact: string]: string | undefined }): object {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  if (known.length === 0) return {};
  return { config: { meta: Object.fromEntries(known.map(([fact, value]) => [fact, plain(value!)])) } };
}
