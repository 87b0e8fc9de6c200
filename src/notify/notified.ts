import type { LedgerStore } from '../ports/ledger.ts';

/** Who was notified of a run, as `ops.notifications` has it. */
export interface Notified {
  /** Whether anybody was. Also true where there was nobody to tell: a run that succeeded, and mail for failures only. */
  readonly reached: boolean;
  /** Names of the channels that reached somebody, each once. */
  readonly sent: readonly string[];
  /** Who was not, by way and receiver, and why. */
  readonly failed: readonly {
    readonly notifier: string;
    readonly receiver?: string;
    readonly error: string;
  }[];
}

export async function notifiedOf(ledger: LedgerStore, run: string): Promise<Notified> {
  const rows = await ledger.rows('notifications', `${run}/`);
  const sent = [
    ...new Set(rows.filter(({ status }) => status === 'sent').map((row) => String(row.notifier))),
  ];
  const failed = rows
    .filter(({ status }) => status !== 'sent')
    .map(({ notifier, receiver, error }) => ({
      notifier: String(notifier),
      ...(receiver ? { receiver: String(receiver) } : {}),
      error: String(error),
    }));
  return { reached: sent.length > 0 || failed.length === 0, sent, failed };
}
