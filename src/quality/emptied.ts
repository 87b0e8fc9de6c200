import type { TableVersion } from '../ports/tables.ts';
import { defaultCheck } from './reconcile.ts';
import { resultOf } from './result-of.ts';
import type { CheckResult } from './table-check.ts';

/** What is known of loads that left a dataset with few of its rows, or none. */
export interface Emptying {
  /** The load before was held back for this. Default: it was not. */
  readonly held?: boolean;
  /** A person has confirmed that the table may have this few rows. Default: nobody has. */
  readonly acceptedRows?: number;
}

/** The name under which it is reported. */
export const NOT_EMPTIED = 'not_emptied';

/** Of so many of its rows a table that was held back has recovered. */
const RECOVERED = 0.5;

/**
 * A table that had rows and has none is held back until a person confirms it, whatever its size: what empties a table
 * is mostly a broken export, a rewrite at the source or a right that was lost. Once held back it stays so until half
 * of its rows are back: changes merged into an empty table do not make it whole.
 * @param before rows of the version that is published
 * @param emptying undefined: the table may lose all of its rows, so nothing is checked
 */
export function notEmptied(
  { rows }: Pick<TableVersion, 'rows'>,
  before: number | undefined,
  emptying: Emptying | undefined,
): CheckResult[] {
  if (before === undefined || before === 0 || emptying === undefined) return [];
  const { held = false, acceptedRows } = emptying;
  const lost = rows === 0 || (held && rows < before * RECOVERED);
  const accepted = acceptedRows !== undefined && rows >= acceptedRows;
  const entry = defaultCheck(NOT_EMPTIED);
  const found = `${count(rows)} where there were ${count(before)}`;
  return [resultOf(accepted ? { ...entry, severity: 'warn' } : entry, lost ? before - rows : 0, () => found)];
}

const count = (rows: number): string =>
  rows === 0 ? 'no row' : `${rows.toLocaleString('en-US')} row${rows === 1 ? '' : 's'}`;
