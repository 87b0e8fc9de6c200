import { describe, expect, it } from 'vitest';
import {
  countChangesSql,
  type Merge,
  mergeRemovedSql,
  mergeSql,
} from '../../../../src/platform/aws/athena/merge-sql.ts';

const MERGE: Merge = {
  target: { database: 'v', name: 'users' },
  removed: null,
  key: ['id'],
  columns: [
    { name: 'id', type: 'bigint' },
    { name: 'name', type: 'varchar' },
    { name: 'gone', type: 'time' },
  ],
  delivered: ['id', 'name'],
  rows: 'SELECT rows',
};
const REMOVED = { database: 'v', name: 'users_removed' };

describe('statements of a merge', () => {
  it('is one MERGE: no older rows, removals delete, what is not delivered becomes null', () => {
    expect(mergeSql(MERGE)).toBe(`MERGE INTO "v"."users" AS t
USING (
SELECT d.* FROM (SELECT rows) AS d

WHERE d."_deleted" OR true
) AS s
ON (t."id" = s."id")
WHEN MATCHED AND s."_ts" >= t."_ts" AND s."_deleted" THEN DELETE
WHEN MATCHED AND s."_ts" >= t."_ts" THEN UPDATE SET "name" = s."name", "gone" = CAST(NULL AS varchar), "_ts" = s."_ts"
WHEN NOT MATCHED AND NOT s."_deleted" THEN INSERT ("id", "name", "gone", "_ts") VALUES (s."id", s."name", CAST(NULL AS varchar), s."_ts")`);
  });

  it('keeps out what is older than a removal, but never the removal itself', () => {
    const sql = mergeSql({ ...MERGE, removed: REMOVED });

    expect(sql).toContain('LEFT JOIN "v"."users_removed" AS r ON r."id" = d."id"');
    expect(sql).toContain(
      'WHERE d."_deleted" OR (r."_ts" IS NULL OR d."_ts" > r."_ts" OR d."_ts" = r."_ts" AND NOT d."_deleted")',
    );
  });

  it('counts a removal of a row that is there even where it is already remembered', () => {
    expect(countChangesSql({ ...MERGE, removed: REMOVED }, 'SELECT known')).toContain(
      'AND (d."_deleted" AND c."_ts" IS NOT NULL OR (r."_ts" IS NULL OR d."_ts" > r."_ts" OR d."_ts" = r."_ts" AND NOT d."_deleted"))',
    );
  });

  it('remembers removals by every column of the key', () => {
    const sql = mergeRemovedSql({ ...MERGE, key: ['id', 'name'], removed: REMOVED });

    expect(sql).toContain('ON (t."id" = s."id" AND t."name" = s."name")');
    expect(sql).toContain('INSERT ("id", "name", "_ts") VALUES (s."id", s."name", s."_ts")');
  });
});
