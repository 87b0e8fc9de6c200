import type { LedgerStore, OpsRow } from '../../ports/ledger.ts';
import { type Signal, signal } from '../signal.ts';

/** Checks that compare a table with its source; see `src/quality/reconcile.ts`. */
const RECONCILES = new Set(['reconciliation', 'key_checksum']);

/** What the checks of a run have found. One that warns is worth knowing; one that fails holds its table back. */
export async function checkResults(ledger: Pick<LedgerStore, 'rows'>, run: string): Promise<Signal[]> {
  const rows = await ledger.rows('checks', `${run}/`);
  return rows.filter(({ status }) => status === 'failed' || status === 'warned').map(signalOf);
}

function signalOf(row: OpsRow): Signal {
  const [about, name] = [String(row.table_name), String(row.check_name)];
  const code = name.split('(', 1)[0]!;
  return signal(
    {
      run: String(row.run),
      kind: RECONCILES.has(code) ? 'rows-differ' : 'check-failed',
      about,
      source: about.split('.', 1)[0]!,
      code,
      at: String(row.checked_at),
      severity: row.status === 'failed' ? 'error' : 'info',
      message: `${about}: ${row.found ?? name}`,
      hint: '`ops.checks` has the count of rows; the last good version is served',
      observed: Number(row.failing),
      expected: 0,
    },
    name,
  );
}
