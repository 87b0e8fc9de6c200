import type { ObjectStore } from '../../../ports/objects.ts';
import type { LoggedStatement } from '../../../ports/warehouse-access.ts';
import type { DataApi } from './data-api.ts';

/** How far the history was read: the end of the last statement that is on record. */
const MARK = 'warehouse/statements-until';

/** Longer ones are cut there, and stand whole in a view of their own. */
const CUT_AT = 4_000;

const OUTCOMES: Readonly<Record<string, LoggedStatement['outcome']>> = {
  success: 'answered',
  failed: 'failed',
  canceled: 'failed',
};

/**
 * Hands on what users other than the lake's own have asked of Redshift and is over, since it was last called. Redshift
 * keeps it for seven days. What is handed on and not yet noted comes again, under the same id.
 * https://docs.aws.amazon.com/redshift/latest/dg/SYS_QUERY_HISTORY.html
 */
export async function takeStatements(
  api: DataApi,
  objects: Pick<ObjectStore, 'getText' | 'putText'>,
  record: (statements: readonly LoggedStatement[]) => Promise<void>,
): Promise<void> {
  const until = (await objects.getText(MARK))?.trim() ?? '2000-01-01 00:00:00';
  const rows = await api.run(
    `SELECT h.query_id, CAST(h.start_time AS varchar), CAST(h.end_time AS varchar), TRIM(u.usename), TRIM(h.status), TRIM(h.query_text)
       FROM sys_query_history h JOIN pg_user u ON u.usesysid = h.user_id
      WHERE h.end_time > CAST(:until AS timestamp) AND u.usename <> current_user AND u.usename <> 'rdsdb'
        AND h.database_name = current_database() AND h.status IN ('success', 'failed', 'canceled')
      ORDER BY h.end_time`,
    { until },
  );
  if (rows.length === 0) return;
  const whole = await wholeTexts(api, rows as string[][]);
  await record(
    (rows as string[][]).map(([id = '', start = '', , login = '', status = '', text = '']) => ({
      id,
      at: Date.parse(`${start.replace(' ', 'T')}Z`),
      login,
      sql: whole.get(id) ?? text,
      outcome: OUTCOMES[status] ?? 'failed',
    })),
  );
  await objects.putText(MARK, rows.at(-1)![2]!);
}

/** The texts of statements that the history has cut, by id. */
async function wholeTexts(
  api: DataApi,
  rows: readonly (readonly string[])[],
): Promise<ReadonlyMap<string, string>> {
  const cut = rows.filter(([, , , , , text = '']) => text.length >= CUT_AT - 1).map(([id]) => id!);
  const found = new Map<string, string>();
  if (cut.length === 0) return found;
  const parts = await api.run(
    `SELECT query_id, text FROM sys_query_text WHERE query_id IN (${cut.map(Number).join(', ')}) ORDER BY query_id, sequence`,
  );
  for (const [id, text] of parts as string[][]) found.set(id!, (found.get(id!) ?? '') + text!);
  return found;
}
