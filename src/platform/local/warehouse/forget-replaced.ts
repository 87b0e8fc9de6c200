import type pg from 'pg';
import { ACCESS } from './access/names.ts';
import { INTERNAL } from './registry.ts';

/**
 * Writes the files of all served tables, and of those that rules of access ask, again, and drops the log of changes from before: VACUUM frees the room of
 * replaced rows and leaves their bytes, and a segment of the log that is used again keeps what it held
 * (`wal_recycle`, https://www.postgresql.org/docs/current/runtime-config-wal.html).
 */
export async function forgetReplaced(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT s.oid::regclass::text AS name FROM ${INTERNAL}.served s JOIN pg_class c ON c.oid = s.oid
     UNION ALL
     SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = '${ACCESS}' AND c.relkind = 'r'`,
  );
  for (const { name } of rows) await client.query(`VACUUM (FULL, ANALYZE) ${name}`);
  // Statistics hold the most frequent values of a column.
  await client.query('VACUUM FULL pg_catalog.pg_statistic');
  await client.query('ALTER SYSTEM SET wal_recycle = off');
  try {
    await client.query('SELECT pg_reload_conf()');
    // The second checkpoint begins behind the segment that the first one was written in.
    for (let i = 0; i < 2; i++) {
      await client.query('SELECT pg_switch_wal()');
      await client.query('CHECKPOINT');
    }
  } finally {
    await client.query('ALTER SYSTEM RESET wal_recycle');
    await client.query('SELECT pg_reload_conf()');
  }
}
