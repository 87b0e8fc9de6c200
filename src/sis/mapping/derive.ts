import type { CatalogDataset } from '../../campus/campus.ts';
import type { CatalogColumn, Treatment } from '../../campus/catalog-schema.ts';
import type { Json } from '../../json.ts';
import { exactly } from './pattern.ts';

export interface DeriveOptions {
  /** Each rule is about one table, so that a new table changes no rule of another. Default: false, for short mappings. */
  readonly tableByTable?: boolean;
}

/**
 * Table mappings that copy exactly the datasets of the catalog, and of each all but the columns that are left
 * behind: their values never leave the SIS. A column that is excluded wherever it occurs in a schema takes one
 * rule for the schema, which keeps the mappings of 2,500 tables within DMS's 2 MB. Times of day leave as text, as Athena
 * reads no Parquet file that holds them as such, and so do columns for which the catalog asks for it.
 */
export function deriveMappings(
  datasets: readonly CatalogDataset[],
  treatment: (column: CatalogColumn) => Treatment,
  options: DeriveOptions = {},
): Json {
  const rules: { [key: string]: Json }[] = [];
  const add = (type: string, name: string, more: { [key: string]: Json }) => {
    const id = String(rules.length + 1);
    rules.push({ 'rule-type': type, 'rule-id': id, 'rule-name': `${name}-${id}`, ...more });
  };
  for (const dataset of datasets) {
    const locator = {
      'schema-name': dataset.namespace,
      'table-name': dataset.table,
      ...(dataset.kind === 'view' ? { 'table-type': 'view' } : {}),
    };
    const order: { [key: string]: Json } =
      dataset.priority === undefined ? {} : { 'load-order': dataset.priority };
    add('selection', 'load', { 'object-locator': locator, 'rule-action': 'explicit', ...order });
  }
  for (const { schema, table, column } of leftBehind(datasets, treatment, options)) {
    add('transformation', 'leave', {
      'rule-target': 'column',
      'object-locator': {
        'schema-name': exactly(schema),
        'table-name': table === undefined ? '%' : exactly(table),
        'column-name': exactly(column),
      },
      'rule-action': 'remove-column',
    });
  }
  for (const dataset of datasets) {
    for (const column of dataset.columns) {
      const length = textLength(column);
      if (length === undefined || treatment(column) === 'exclude') continue;
      add('transformation', 'as-text', {
        'rule-target': 'column',
        'object-locator': {
          'schema-name': exactly(dataset.namespace),
          'table-name': exactly(dataset.table),
          'column-name': exactly(column.source ?? column.name),
        },
        'rule-action': 'change-data-type',
        'data-type': { type: 'string', length },
      });
    }
  }
  return { rules };
}

/** How long the text of a column may be that leaves the source as text; undefined for all others. */
function textLength(column: CatalogColumn): number | undefined {
  // `08:00:00.000000`
  if (column.type === 'time') return 15;
  // The longest that DMS has.
  return column.copyAs === 'text' ? 8000 : undefined;
}

interface LeftBehind {
  readonly schema: string;
  /** Absent: in every table of the schema. */
  readonly table?: string;
  readonly column: string;
}

function leftBehind(
  datasets: readonly CatalogDataset[],
  treatment: (column: CatalogColumn) => Treatment,
  { tableByTable = false }: DeriveOptions,
): LeftBehind[] {
  const bySchema = new Map<string, Map<string, { left: string[]; kept: boolean }>>();
  for (const dataset of datasets) {
    const columns = bySchema.get(dataset.namespace) ?? new Map();
    bySchema.set(dataset.namespace, columns);
    for (const column of dataset.columns) {
      const name = column.source ?? column.name;
      const seen = columns.get(name) ?? { left: [], kept: false };
      if (treatment(column) === 'exclude') seen.left.push(dataset.table);
      else seen.kept = true;
      columns.set(name, seen);
    }
  }
  return [...bySchema].flatMap(([schema, columns]) =>
    [...columns].flatMap(([column, { left, kept }]): LeftBehind[] =>
      left.length > 1 && !kept && !tableByTable
        ? [{ schema, column }]
        : left.map((table) => ({ schema, table, column })),
    ),
  );
}
