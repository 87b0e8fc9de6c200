import { LakeError } from '../../errors.ts';
import type { Parameter } from '../../ports/parameter.ts';
import { parseStatement } from '../../sql/parse.ts';
import { type HealthLake, lakeHealth } from './table-health.ts';

/** A table that a statement reads is stale or missing, and the statement asked for healthy ones. */
export class UnhealthyError extends LakeError {}

/**
 * Refuses a statement over a table that is older than promised, or not there, before a row is read.
 * @throws UnhealthyError naming each such table, why and since when; SqlError for a statement that cannot be read
 *
 * @example
 * ```ts
 * import type { AppLake } from '../app-lake.ts';
 * import { queryLake } from '../query/query-lake.ts';
 * import { requireHealthy } from './require-healthy.ts';
 *
 * async function answerOrNone(lake: AppLake, sql: string) {
 *   await requireHealthy(lake, { sql });
 *   return queryLake(lake, { sql });
 * }
 * ```
 */
export async function requireHealthy(
  lake: HealthLake,
  { sql, parameters }: { readonly sql: string; readonly parameters?: readonly Parameter[] },
): Promise<void> {
  const statement = await parseStatement(sql, parameters);
  const { tables } = await lakeHealth(
    lake,
    statement.tables.map(({ name }) => name),
  );
  const bad = tables.filter(({ status }) => status === 'stale' || status === 'missing');
  if (bad.length === 0) return;
  const words = bad.map(({ table, status, reason, since, asOf }) => {
    const known = asOf === undefined ? '' : `, known up to ${asOf.slice(0, 16).replace('T', ' ')} UTC`;
    const from = since === undefined ? '' : ` since ${since.slice(0, 16).replace('T', ' ')} UTC`;
    return `${table} is ${status}${from}${known} (${reason})`;
  });
  const [first] = bad;
  throw new UnhealthyError(`The query asks for healthy tables, and ${words.join('; ')}`, {
    about: first!.table,
    hint:
      first!.incident === undefined
        ? '`lake health` shows when newer rows are expected; without --require-healthy the query is answered from the last good version'
        : `\`lake incidents show ${first!.incident.split('/').at(-1)}\` says why and what is done; without --require-healthy the query is answered from the last good version`,
  });
}
