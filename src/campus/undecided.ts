import type { CatalogDataset } from './campus.ts';
import type { CatalogFile, PrivacyClass } from './catalog-schema.ts';
import { columnsOf } from './check-checks.ts';
import { CatalogText } from './discover/catalog-text.ts';

/** A column of a loaded table that discovery proposed a class other than `none` for, and that nobody has decided on. */
export interface UndecidedColumn {
  /** `source.dataset`. */
  readonly dataset: string;
  readonly column: string;
  readonly privacy: PrivacyClass;
}

/**
 * The undecided columns of one catalog file. Its mark says that a column is one; a `treatment` of its own, which
 * discovery never writes, is a decision.
 */
export function undecidedColumns(text: string, { source, datasets }: CatalogFile): UndecidedColumn[] {
  if (!/# proposed\b/.test(text)) return [];
  const catalog = new CatalogText(text);
  return datasets.flatMap(({ name, load, columns }, at) => {
    if (load === 'off') return [];
    const item = catalog.dataset(at);
    return columns.flatMap(({ name: column, privacy, treatment, mask }, place) =>
      privacy !== 'none' &&
      (treatment ?? mask) === undefined &&
      catalog.isProposed(catalog.column(item, place))
        ? [{ dataset: `${source}.${name}`, column, privacy }]
        : [],
    );
  });
}

/**
 * The datasets without their undecided columns. A table whose key has one, or that would keep nothing, is not loaded;
 * checks that read what is left behind are left out.
 */
export function withoutUndecided(
  datasets: readonly CatalogDataset[],
  undecided: readonly UndecidedColumn[],
): CatalogDataset[] {
  if (undecided.length === 0) return [...datasets];
  const behind = new Set(undecided.map(({ dataset, column }) => `${dataset}.${column}`));
  const off = new Set(
    datasets
      .filter(
        ({ id, key, columns }) =>
          key.some((column) => behind.has(`${id}.${column}`)) ||
          columns.every(({ name }) => behind.has(`${id}.${name}`)),
      )
      .map(({ id }) => id),
  );
  return datasets.map((dataset) => {
    const { id, columns, checks } = dataset;
    if (off.has(id)) return { ...dataset, load: 'off' };
    const isBehind = (column: string) => behind.has(`${id}.${column}`);
    return {
      ...dataset,
      columns: columns.map((column) =>
        isBehind(column.name) ? { ...column, treatment: 'exclude' as const } : column,
      ),
      ...(checks && {
        checks: checks.filter(
          (check) =>
            !columnsOf(check).some(isBehind) &&
            !('to' in check && (off.has(check.to) || behind.has(`${check.to}.${check.field}`))),
        ),
      }),
    };
  });
}
