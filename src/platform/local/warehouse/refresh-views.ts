import type pg from 'pg';
import { databaseFault } from '../../../database-fault.ts';

/** How long one may take: the run is not done before. */
const LONGEST = '10min';

/**
 * Refreshes the materialized views over the served tables, each after those that it reads, as their owners. One that
 * fails keeps its rows.
 * @returns a remark for each that failed
 */
export async function refreshViews(client: pg.Client, schemas: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string; word: string }>(
    `WITH RECURSIVE over(oid, depth) AS (
       SELECT c.oid, 0 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY ($1) AND c.relkind = 'r'
       UNION
       SELECT r.ev_class, o.depth + 1
         FROM over o JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = o.oid
         JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.ev_class <> o.oid
        WHERE o.depth < 60)
     SELECT c.oid::regclass::text AS name,
            CASE WHEN c.relispopulated AND EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisunique
                              AND indpred IS NULL AND indexprs IS NULL) THEN 'CONCURRENTLY' ELSE '' END AS word
       FROM over JOIN pg_class c ON c.oid = over.oid
      WHERE c.relkind = 'm' GROUP BY c.oid, c.relispopulated ORDER BY max(over.depth)`,
    [schemas],
  );
  const remarks: string[] = [];
  await client.query(`SET statement_timeout = '${LONGEST}'; SET lock_timeout = '30s'`);
  for (const { name, word } of rows) {
    try {
      await client.query(`REFRESH MATERIALIZED VIEW ${word} ${name}`);
    } catch (error) {
      remarks.push(
        `the materialized view ${name} was not refreshed and shows older rows: ${databaseFault(error)}`,
      );
    }
  }
  await client.query('RESET statement_timeout; RESET lock_timeout');
  return remarks;
}
