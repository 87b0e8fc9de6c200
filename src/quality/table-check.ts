import type { CatalogDataset } from '../campus/campus.ts';
import type { Check, Severity } from '../campus/check-schema.ts';

/** A check ready to run: named as it is reported, with its severity decided. */
export interface TableCheck {
  /** E.g. `not_null(user_id)`; one for each check of a table. */
  readonly name: string;
  readonly check: Check;
  readonly severity: Severity;
  /** It follows from how the table is described, and nobody wrote it down. */
  readonly isDefault: boolean;
}

/** What became of one check. */
export interface CheckResult extends TableCheck {
  readonly status: 'passed' | 'warned' | 'failed';
  /** Rows that break it; of `row_count`, rows that are missing; of keys that differ from the source's, at least one. */
  readonly failing: number;
  /** In words, where it did not pass. */
  readonly found?: string;
}

/** A table that lost more of its rows in one run is worth a look. */
const SUSPICIOUS_DROP: Check = { kind: 'row_count', maxDropPercent: 50, severity: 'warn' };

/**
 * The checks of a dataset: those that it declares, and that it has not lost half of its rows. No two rows of an LMS's
 * table share a key, because they are merged by it; nor do those of a copied one whose keys were compared with the
 * source's, where they are distinct and come over whole.
 * @param isCopied whether it is a copy in which a key can come twice
 */
export function checksOfDataset(dataset: CatalogDataset, isCopied = false): TableCheck[] {
  const { key, checks = [] } = dataset;
  const once: Check[] = isCopied && key.length > 0 ? [{ kind: 'unique', columns: key }] : [];
  return named([SUSPICIOUS_DROP, ...once], checks);
}

/** The checks of a model: those in its header, and that no two rows are of one grain where that names columns. */
export function checksOfModel(
  model: { readonly checks: readonly Check[]; readonly grain?: string },
  columns: readonly string[],
): TableCheck[] {
  const grain = (model.grain ?? '').split(/\s*,\s*/);
  const isKey = grain.every((name) => columns.includes(name));
  // A join that finds nothing leaves an empty column in the grain, and doubles are doubles there too.
  return named(isKey ? [{ kind: 'unique', columns: grain, nullsDistinct: false }] : [], model.checks);
}

/**
 * What is declared overrides the default of the same name. Of several declared with one name, such as a range
 * that warns inside one that fails, each later one is numbered.
 */
function named(defaults: readonly Check[], declared: readonly Check[]): TableCheck[] {
  const own = new Set(declared.map(nameOf));
  const counts = new Map<string, number>();
  const entry = (check: Check, isDefault: boolean): TableCheck => {
    const name = nameOf(check);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return {
      name: count === 1 ? name : `${name} #${count}`,
      check,
      severity: check.severity ?? 'fail',
      isDefault,
    };
  };
  return [
    ...defaults.filter((check) => !own.has(nameOf(check))).map((check) => entry(check, true)),
    ...declared.map((check) => entry(check, false)),
  ];
}

function nameOf(check: Check): string {
  if (check.kind === 'row_count') return 'row_count';
  const columns = 'columns' in check ? check.columns.join(', ') : check.column;
  return check.kind === 'relationships'
    ? `relationships(${columns} in ${check.to}.${check.field})`
    : `${check.kind}(${columns})`;
}
