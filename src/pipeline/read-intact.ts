import type { Json } from '../json.ts';
import { LedgerDamagedError } from '../ports/errors.ts';
import type { LedgerStore, Versioned } from '../ports/ledger.ts';

/** A record without which its readers can work: a damaged one is as none, and is replaced by the next write. */
export async function readIntact<T extends Json>(
  ledger: LedgerStore,
  key: string,
): Promise<Versioned<T> | undefined> {
  return ledger.read<T>(key).catch((error: unknown) => {
    if (error instanceof LedgerDamagedError) return undefined;
    throw error;
  });
}
