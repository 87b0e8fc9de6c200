import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '../../../../src/ports/query-engine.ts';
import type { TableSet } from '../../../../src/ports/tables.ts';
import { openTestLake, type TestLake } from './lake-folder.ts';

/** Questions to a table of the lake. What needs none is in test/sql/idioms. */
describe("Athena's SQL over a table", () => {
  let lake: TestLake;
  let tables: TableSet;
  beforeAll(async () => {
    lake = await openTestLake();
    const columns = [
      { name: 'id', type: 'bigint' },
      { name: 'grp', type: 'varchar' },
      { name: 'n', type: 'integer' },
      { name: 'd', type: 'decimal(6,2)' },
    ] as const;
    const rows = [
      [1, 'a', 3, '1.25'],
      [2, 'a', null, '2.50'],
      [3, 'b', 1, null],
    ];
    tables = { 'canvas.t': await lake.engine.literalTable('canvas.t', columns, rows, 'v1') };
  });
  afterAll(() => lake.close());

  it.each<[string, Cell[][]]>([
    ['SELECT id FROM canvas.t ORDER BY n', [[3n], [1n], [2n]]],
    ['SELECT id FROM canvas.t ORDER BY n DESC', [[1n], [3n], [2n]]],
    [
      'SELECT grp, sum(n), count(*), count_if(n > 1) FROM canvas.t GROUP BY 1 ORDER BY 1',
      [
        ['a', 3n, 2n, 1n],
        ['b', 1n, 1n, 0n],
      ],
    ],
    ['SELECT sum(n) / count(*), avg(n), sum(d) FROM canvas.t', [[1n, 2, '3.75']]],
    ['SELECT max_by(grp, n), min_by(grp, n) FROM canvas.t', [['a', 'b']]],
    [`SELECT listagg(grp, '+') WITHIN GROUP (ORDER BY id) FROM canvas.t`, [['a+a+b']]],
    ['SELECT count(*) FILTER (WHERE n IS NOT NULL), bool_or(n = 1) FROM canvas.t', [[2n, true]]],
    [
      'SELECT grp, count(*) FROM canvas.t GROUP BY ROLLUP (grp) ORDER BY grp',
      [
        ['a', 2n],
        ['b', 1n],
        [null, 3n],
      ],
    ],
    ['SELECT x FROM UNNEST(sequence(1, 3)) AS s(x)', [[1n], [2n], [3n]]],
    [
      "SELECT 'a' IN (x), 'a' NOT IN (x), x IN (x) FROM (VALUES 'ab', 'a') AS t(x)",
      [
        [false, true, true],
        [true, false, true],
      ],
    ],
    ['SELECT 1 IN (x) FROM (VALUES 1, 2, NULL) AS t(x)', [[true], [false], [null]]],
    [
      'SELECT 1e0 IN (x), 1e0 NOT IN (x) FROM (VALUES 1e0, nan()) AS t(x)',
      [
        [true, false],
        [false, true],
      ],
    ],
    ["SELECT cardinality(filter(ARRAY['ab', 'a'], e -> 'a' IN (e)))", [[1n]]],
    [
      'SELECT id, x FROM canvas.t CROSS JOIN UNNEST(ARRAY[10, 20]) AS u(x) WHERE id = 1',
      [
        [1n, 10],
        [1n, 20],
      ],
    ],
    [
      'SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY grp ORDER BY id DESC) AS place FROM canvas.t) WHERE place = 1 ORDER BY id',
      [[2n], [3n]],
    ],
    ['WITH canvas AS (SELECT 1 AS x) SELECT x FROM canvas', [[1]]],
    ['SELECT T.ID FROM CANVAS.T t WHERE t.id = 3', [[3n]]],
    ['SELECT id FROM canvas.t EXCEPT SELECT CAST(2 AS bigint) ORDER BY 1', [[1n], [3n]]],
    ['SHOW TABLES', [['canvas.t']]],
    [
      'DESCRIBE canvas.t',
      [
        ['id', 'bigint'],
        ['grp', 'varchar'],
        ['n', 'integer'],
        ['d', 'decimal(6,2)'],
      ],
    ],
  ])('%s', async (sql, rows) => {
    expect(await lake.rows(sql, tables)).toEqual(rows);
  });

  it('keeps the types of the lake in a table that it makes', async () => {
    const sql = `SELECT grp, sum(n) AS n, count(*) AS rows_, date_trunc('week', DATE '2026-01-07') AS week FROM canvas.t GROUP BY grp`;

    const version = await lake.engine.create('campus.x', sql, tables, 'v1');

    expect(version.columns).toEqual([
      { name: 'grp', type: 'varchar' },
      { name: 'n', type: 'bigint' },
      { name: 'rows_', type: 'bigint' },
      { name: 'week', type: 'date' },
    ]);
  });
});
