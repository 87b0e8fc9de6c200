import { comparableSum } from '../loads/key-sum.ts';
import type { Counted } from '../loads/load.ts';
import { digestOf, identityOf } from '../loads/table-identity.ts';
import type { KeySum } from '../ports/key-sum.ts';
import type { WaitBudget } from '../ports/query-engine.ts';
import type { Uses } from '../ports/step.ts';
import type { TableVersion } from '../ports/tables.ts';
import { resultOf } from './result-of.ts';
import type { CheckResult, TableCheck } from './table-check.ts';

type Needs = Uses<'engine'>;

/** What the source says of the rows that it gave, where the newest load was a copy of everything. */
export interface AtSource {
  /** How many there are. Default: it did not count them. */
  readonly rowsAtSource?: number;
  /** The sum of their keys. Default: it was not counted. */
  readonly keysAtSource?: KeySum;
}

/**
 * The lake's rows against those at the source: as many, and, where the sum of the keys is known there, the same ones.
 * Of another number of rows the keys differ in any case, so they are not asked for then.
 */
export async function reconcile(
  lake: Needs,
  version: TableVersion,
  {
    rowsAtSource,
    keysAtSource,
    counted,
    budget,
  }: AtSource & { readonly counted?: Counted; readonly budget?: WaitBudget | undefined },
): Promise<{ readonly results: CheckResult[]; readonly counted: Pick<Counted, 'keys'> }> {
  const results = rowsAtSource === undefined ? [] : [countsOf(version, rowsAtSource)];
  const keys = comparableSum(keysAtSource);
  if (keys === undefined || results.some(({ status }) => status === 'failed'))
    return { results, counted: {} };
  const { columns, sum } = keys;
  const here = await sumOnce(lake, version, columns, counted, budget);
  const key = columns.join(', ');
  const found = `the rows in the lake are not those at the source, though there are as many: the keys (${key}) differ`;
  const compared = resultOf(defaultCheck(`key_checksum(${key})`), here.sum === sum ? 0 : 1, () => found);
  return { results: [...results, compared], counted: here.kept ? { keys: here.kept } : {} };
}

/** The sum of the keys; that of an earlier run where it is of the same rows. `kept` is what a later run can take over. */
async function sumOnce(
  lake: Needs,
  version: TableVersion,
  columns: readonly string[],
  counted: Counted | undefined,
  budget: WaitBudget | undefined,
): Promise<{ readonly sum: string; readonly kept?: Counted['keys'] }> {
  const { engine } = lake.platform;
  const { edition } = engine.capabilities;
  const sum = async () => (await engine.keySum(version, columns, budget)).sum;
  if (edition === undefined) return { sum: await sum() };
  const of = digestOf(edition, identityOf(version), ...columns);
  const kept = counted?.keys?.of === of ? counted.keys : { of, sum: await sum() };
  return { sum: kept.sum, kept };
}

function countsOf({ rows }: TableVersion, atSource: number): CheckResult {
  const count = (n: number) => `${n.toLocaleString('en-US')} row${n === 1 ? '' : 's'}`;
  return resultOf(
    defaultCheck('reconciliation'),
    Math.abs(rows - atSource),
    () => `${count(rows)} in the lake, ${atSource.toLocaleString('en-US')} at the source`,
  );
}

/** A rule that nobody wrote down, and that is no kind of check. */
export const defaultCheck = (name: string): TableCheck => ({
  name,
  check: { kind: 'row_count' },
  severity: 'fail',
  isDefault: true,
});
