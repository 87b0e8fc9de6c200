import type { CheckResult, TableCheck } from './table-check.ts';

/** What became of a check that so many rows break; `found` says it in words, and is asked only where it is needed. */
export function resultOf(
  entry: TableCheck,
  failing: number,
  found: (failing: number) => string,
): CheckResult {
  if (failing === 0) return { ...entry, status: 'passed', failing };
  const status = entry.severity === 'fail' ? 'failed' : 'warned';
  return { ...entry, status, failing, found: found(failing) };
}
