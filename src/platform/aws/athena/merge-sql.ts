import type { TableColumn } from '../../../ports/tables.ts';
import { ident, idents, tableName } from './sql-text.ts';
import type { TableAddress } from './storage.ts';
import { storedType, trinoType } from './types.ts';

/** One merge: delivered rows (`_ts`, `_deleted` in addition to the columns, one per key) into a table that knows `_ts`. */
export interface Merge {
  readonly target: TableAddress;
  readonly removed: TableAddress | null;
  readonly key: readonly string[];
  /** Every column of the target, `_ts` apart. */
  readonly columns: readonly TableColumn[];
  /** Those that are delivered. */
  readonly delivered: readonly string[];
  /** A SELECT. */
  readonly rows: string;
}

const same = (key: readonly string[], a: string, b: string): string =>
  key.map((name) => `${a}.${ident(name)} = ${b}.${ident(name)}`).join(' AND ');

/** A join with the keys that were removed, or with nothing. */
function removedJoin({ removed, key }: Pick<Merge, 'removed' | 'key'>): string {
  return removed ? `LEFT JOIN ${tableName(removed)} AS r ON ${same(key, 'r', 'd')}` : '';
}

/** A row that came back after its removal must not be older than it; a removal that is delivered again is a repetition. */
const outlives = (removed: TableAddress | null): string =>
  removed ? '(r."_ts" IS NULL OR d."_ts" > r."_ts" OR d."_ts" = r."_ts" AND NOT d."_deleted")' : 'true';

/**
 * How many delivered rows change something in `known` (the table's rows in the version that the load follows).
 * What is older is a repetition, whichever way the source reads its boundaries; of one instant the later load wins:
 * two commits may share it, and the load that ended between them has only the first. `ties`: rows of that instant.
 */
export function countChangesSql(merge: Merge, known: string): string {
  return `SELECT count(*) AS changes, count_if(NOT d."_deleted") AS upserted,
  count_if(NOT d."_deleted" AND c."_ts" IS NULL) AS added,
  count_if(d."_deleted" AND c."_ts" IS NOT NULL) AS removed,
  count_if(d."_deleted") AS tombstones,
  count_if(NOT d."_deleted" AND d."_ts" = c."_ts") AS ties
FROM (${merge.rows}) AS d
LEFT JOIN (${known}) AS c ON ${same(merge.key, 'c', 'd')}
${removedJoin(merge)}
WHERE (c."_ts" IS NULL OR d."_ts" >= c."_ts") AND (d."_deleted" AND c."_ts" IS NOT NULL OR ${outlives(merge.removed)})`;
}

/** How many delivered rows differ from the row of their key in `known`, which has every delivered column. */
export function countDifferencesSql(merge: Merge, known: string): string {
  const differs = merge.delivered.map((name) => `d.${ident(name)} IS DISTINCT FROM c.${ident(name)}`);
  return `SELECT count(*) AS differences
FROM (${merge.rows}) AS d
JOIN (${known}) AS c ON ${same(merge.key, 'c', 'd')}
WHERE d."_ts" = c."_ts" AND (${differs.join(' OR ')})`;
}

/** Remembers the keys that are removed, and when. */
export function mergeRemovedSql(merge: Merge & { removed: TableAddress }): string {
  const key = idents(merge.key);
  const values = merge.key.map((name) => `s.${ident(name)}`).join(', ');
  return `MERGE INTO ${tableName(merge.removed)} AS t
USING (SELECT ${key}, "_ts" FROM (${merge.rows}) WHERE "_deleted") AS s
ON (${same(merge.key, 't', 's')})
WHEN MATCHED AND s."_ts" > t."_ts" THEN UPDATE SET "_ts" = s."_ts"
WHEN NOT MATCHED THEN INSERT (${key}, "_ts") VALUES (${values}, s."_ts")`;
}

/**
 * The merge itself, one atomic statement: the newest `_ts` wins, of one instant the later load, a removal deletes. Doing it again changes nothing.
 * Columns that are not delivered become null in the rows that are.
 */
export function mergeSql(merge: Merge): string {
  const delivered = new Set(merge.delivered);
  const value = ({ name, type }: TableColumn) =>
    delivered.has(name) ? `s.${ident(name)}` : `CAST(NULL AS ${trinoType(storedType(type))})`;
  const key = new Set(merge.key);
  const set = merge.columns.filter(({ name }) => !key.has(name)).map((c) => `${ident(c.name)} = ${value(c)}`);
  const names = idents([...merge.columns.map(({ name }) => name), '_ts']);
  return `MERGE INTO ${tableName(merge.target)} AS t
USING (
SELECT d.* FROM (${merge.rows}) AS d
${removedJoin(merge)}
WHERE d."_deleted" OR ${outlives(merge.removed)}
) AS s
ON (${same(merge.key, 't', 's')})
WHEN MATCHED AND s."_ts" >= t."_ts" AND s."_deleted" THEN DELETE
WHEN MATCHED AND s."_ts" >= t."_ts" THEN UPDATE SET ${[...set, '"_ts" = s."_ts"'].join(', ')}
WHEN NOT MATCHED AND NOT s."_deleted" THEN INSERT (${names}) VALUES (${[...merge.columns.map(value), 's."_ts"'].join(', ')})`;
}
