import { setTimeout as sleep } from 'node:timers/promises';
import type { SisSession } from '../../../../sis/session.ts';
import { earlier, parseLsn } from './lsn.ts';

/** How long the server may take to write what was committed without waiting for it (`synchronous_commit = off`). */
const FLUSH_WAIT_MS = 3_000;

/** The end of the log, and an instant before which every commit is in it. */
export async function endOfLog({ client }: SisSession): Promise<{ lsn: bigint; at: string }> {
  const { rows } = await client.query<{ at: Date; lsn: string }>(
    'SELECT clock_timestamp() AS at, pg_current_wal_insert_lsn()::text AS lsn',
  );
  const wanted = parseLsn(rows[0]!.lsn);
  const until = Date.now() + FLUSH_WAIT_MS;
  for (;;) {
    const { rows: flushed } = await client.query<{ lsn: string }>(
      'SELECT pg_current_wal_flush_lsn()::text AS lsn',
    );
    const lsn = parseLsn(flushed[0]!.lsn);
    if (lsn >= wanted || Date.now() > until)
      return { lsn: earlier(lsn, wanted), at: rows[0]!.at.toISOString() };
    await sleep(50);
  }
}
