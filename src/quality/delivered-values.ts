import type { DeliveredFaults } from '../loads/load.ts';
import { defaultCheck } from './reconcile.ts';
import { resultOf } from './result-of.ts';
import type { CheckResult } from './table-check.ts';

/**
 * What the source delivered and the table could not take as it was: reported column by column, and no reason to hold the
 * table back. The values themselves are in the raw files.
 */
export function deliveredValues({ setAside, replaced }: DeliveredFaults): CheckResult[] {
  return [
    ...result('values_set_aside', setAside, 'left empty, not of the type of the column'),
    ...result('text_replaced', replaced, 'with text that is no Unicode, in whose place U+FFFD stands'),
  ];
}

function result(name: string, counts: DeliveredFaults['setAside'], what: string): CheckResult[] {
  const columns = Object.entries(counts ?? {});
  if (columns.length === 0) return [];
  const all = columns.reduce((sum, [, count]) => sum + count, 0);
  const list = columns.map(([column, count]) => `${column} (${count.toLocaleString('en-US')})`).join(', ');
  const found = `${all.toLocaleString('en-US')} delivered value${all === 1 ? '' : 's'} ${what}: ${list}`;
  return [resultOf({ ...defaultCheck(name), severity: 'warn' }, all, () => found)];
}
