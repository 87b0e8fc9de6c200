import type { CampusFile } from './campus-schema.ts';
import type { Dataset } from './catalog-schema.ts';
import { type Check, isOfRows } from './check-schema.ts';
import { type CheckedColumn, type ColumnsOf, unfitness } from './check-types.ts';
import { didYouMean } from './nearest.ts';
import type { Finding, YamlPath } from './problem.ts';
import { pseudonymNamespaceOf, treatmentOf } from './treatment.ts';

/** The columns of its own table that a check reads. */
export function columnsOf(check: Check): readonly string[] {
  if ('columns' in check) return check.columns;
  return 'column' in check ? [check.column] : [];
}

/**
 * For each check, the place of an earlier one that says the same, whatever their severities; undefined where there is
 * none. Both would count the same rows, and a person who corrects one would overlook the other.
 */
export function repeatedChecks(checks: readonly Check[]): (number | undefined)[] {
  const said = checks.map(({ severity: _severity, ...rule }) =>
    JSON.stringify(rule, Object.keys(rule).sort()),
  );
  return said.map((rule, i) => {
    const first = said.indexOf(rule);
    return first < i ? first : undefined;
  });
}

/** The columns of a dataset's staged table, as its checks meet them. */
export function checkedColumns(dataset: Dataset, campus: Pick<CampusFile, 'privacy'>): CheckedColumn[] {
  return dataset.columns.flatMap((column): CheckedColumn[] => {
    const treatment = treatmentOf(campus, column);
    if (treatment === 'exclude') return [];
    if (treatment === 'keep') return [{ name: column.name, type: column.type }];
    if (treatment === 'mask') return [{ name: column.name, type: column.type, mask: column.mask }];
    return [{ name: column.name, type: 'varchar', pseudonymNamespace: pseudonymNamespaceOf(column) }];
  });
}

/**
 * What no schema can say of a dataset's checks: that what they name is in the lake, and of a type that they fit.
 * @param tables the columns of every table that the catalog loads
 */
export function checkChecks(
  dataset: Dataset,
  path: YamlPath,
  campus: CampusFile | undefined,
  tables: ColumnsOf,
): Finding[] {
  const names = dataset.columns.map((column) => column.name);
  const kept = campus ? checkedColumns(dataset, campus) : [];
  const repeats = repeatedChecks(dataset.checks ?? []);
  return (dataset.checks ?? []).flatMap((check, i) => {
    const at = [...path, 'checks', i];
    const label = `datasets[${dataset.name}].checks[${i}]`;
    const found: Finding[] = [];
    for (const name of columnsOf(check)) {
      const column = dataset.columns.find((candidate) => candidate.name === name);
      if (!column)
        found.push({
          path: at,
          text: `${label}: there is no column "${name}", expected one of its columns${didYouMean(name, names)}`,
        });
      else if (campus && treatmentOf(campus, column) === 'exclude')
        found.push({
          path: at,
          text: `${label}: the column "${name}" is excluded (class ${column.privacy}), so there is nothing to check; expected a column that is kept`,
        });
    }
    const unfit = campus && found.length === 0 ? unfitness(check, kept, tables) : undefined;
    if (unfit !== undefined) found.push({ path: at, text: `${label}: ${unfit}` });
    if (repeats[i] !== undefined)
      found.push({ path: at, text: `${label}: checks[${repeats[i]}] says the same already; keep one` });
    if (check.severity === 'quarantine' && !isOfRows(check))
      found.push({
        path: [...at, 'severity'],
        text: `${label}: ${check.kind} says nothing of single rows, so none can be kept aside; expected fail or warn`,
      });
    if (check.kind === 'range' && check.min === undefined && check.max === undefined)
      found.push({ path: at, text: `${label}: a range without an end, expected min, max or both` });
    if (check.kind === 'row_count' && check.min === undefined && check.maxDropPercent === undefined)
      found.push({ path: at, text: `${label}: nothing to count against, expected min or maxDropPercent` });
    return found;
  });
}
