import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LakeType } from '../../../../src/campus/lake-type.ts';
import type { Cell, TableSet } from '../../../../src/platform/ports.ts';
import { openTestLake, type TestLake } from './lake-folder.ts';

/** An expression in Athena's SQL, what Trino's manual says of it, and the type of the result. */
type Idiom = readonly [expression: string, value: Cell, type: LakeType];

const T = `TIMESTAMP '2026-03-08 07:30:15'`;
const D = `DATE '2026-01-31'`;

const IDIOMS: readonly Idiom[] = [
  // Numbers
  ['5 / 2', 2, 'integer'],
  ['-5 / 2', -2, 'integer'],
  ['5 / 2e0', 2.5, 'double'],
  ['CAST(5 AS bigint) / 2', 2n, 'bigint'],
  ['7 % 3', 1, 'integer'],
  ['mod(-7, 3)', -1, 'integer'],
  ['CAST(2.5e0 AS integer)', 3, 'integer'],
  ['CAST(-2.5e0 AS bigint)', -3n, 'bigint'],
  ['CAST(1.005 AS decimal(5,2))', '1.01', 'decimal(5,2)'],
  ['round(2.5e0)', 3, 'double'],
  ['truncate(-2.7e0)', -2, 'double'],
  ['abs(-3)', 3, 'integer'],
  ['greatest(1, 3)', 3, 'integer'],
  ['greatest(1, NULL)', null, 'integer'],
  ['least(2, 1, 3)', 1, 'integer'],
  ["TRY_CAST('x' AS integer)", null, 'integer'],
  // Dates and times
  [`${D} + INTERVAL '1' DAY`, '2026-02-01', 'date'],
  [`${D} + INTERVAL '1' MONTH`, '2026-02-28', 'date'],
  [`${D} - INTERVAL '7' DAY`, '2026-01-24', 'date'],
  [`${T} - INTERVAL '90' MINUTE`, '2026-03-08 06:00:15.000', 'timestamp'],
  [`date_add('week', 2, ${D})`, '2026-02-14', 'date'],
  [`date_add('second', -15, ${T})`, '2026-03-08 07:30:00.000', 'timestamp'],
  [`date_diff('day', TIMESTAMP '2026-01-01 23:00:00', TIMESTAMP '2026-01-02 01:00:00')`, 0n, 'bigint'],
  [`date_diff('day', DATE '2026-01-01', ${D})`, 30n, 'bigint'],
  [`date_diff('week', DATE '2026-01-01', ${D})`, 4n, 'bigint'],
  [`date_trunc('week', DATE '2026-01-07')`, '2026-01-05', 'date'],
  [`date_trunc('hour', ${T})`, '2026-03-08 07:00:00.000', 'timestamp'],
  [`day_of_week(DATE '2026-01-04')`, 7n, 'bigint'],
  [`week(DATE '2027-01-01')`, 53n, 'bigint'],
  [`year(${D})`, 2026n, 'bigint'],
  [`extract(quarter FROM ${D})`, 1n, 'bigint'],
  [`date(${T})`, '2026-03-08', 'date'],
  [`CAST(${T} AS date)`, '2026-03-08', 'date'],
  [`CAST(${T} AT TIME ZONE 'America/Chicago' AS timestamp)`, '2026-03-08 01:30:15.000', 'timestamp'],
  [`hour(${T} AT TIME ZONE 'America/Chicago')`, 1n, 'bigint'],
  [`CAST(at_timezone(${T}, 'Pacific/Auckland') AS date)`, '2026-03-08', 'date'],
  [`date_format(${T}, '%Y-%m-%d %H:%i:%s')`, '2026-03-08 07:30:15', 'varchar'],
  [`format_datetime(${T}, 'yyyy-MM-dd''T''HH:mm')`, '2026-03-08T07:30', 'varchar'],
  [`date_parse('2026-01-05 09', '%Y-%m-%d %H')`, '2026-01-05 09:00:00.000', 'timestamp'],
  [
    `CAST(from_iso8601_timestamp('2026-01-05T09:00:00Z') AS timestamp)`,
    '2026-01-05 09:00:00.000',
    'timestamp',
  ],
  [`to_unixtime(TIMESTAMP '1970-01-02 00:00:00')`, 86_400, 'double'],
  // Text
  ["'a' || CAST(NULL AS varchar)", null, 'varchar'],
  ["concat('a', 'b', 'c')", 'abc', 'varchar'],
  ["concat('a', CAST(NULL AS varchar))", null, 'varchar'],
  ["concat_ws('; ', 'a', NULL, 'b')", 'a; b', 'varchar'],
  ["CAST('abcdef' AS varchar(3))", 'abc', 'varchar'],
  ['CAST(7 AS varchar)', '7', 'varchar'],
  ["substr('hello', 2, 3)", 'ell', 'varchar'],
  ["strpos('abc', 'c')", 3n, 'bigint'],
  ["length('é')", 1n, 'bigint'],
  ["lpad('7', 3, '0')", '007', 'varchar'],
  ["regexp_like('abc', '^a.c$')", true, 'boolean'],
  ["'a_c' LIKE 'a!_%' ESCAPE '!'", true, 'boolean'],
  ["upper(trim(' a '))", 'A', 'varchar'],
  // JSON, arrays, conditions
  [`json_extract_scalar('{"a":{"b":1},"c":"x"}', '$.c')`, 'x', 'varchar'],
  [`json_extract_scalar('{"a":{"b":1}}', '$.a.b')`, '1', 'varchar'],
  [`json_extract_scalar('{"a":{"b":1}}', '$.a')`, null, 'varchar'],
  ['element_at(ARRAY[1, 2, 3], -1)', 3, 'integer'],
  ['element_at(ARRAY[1], 5)', null, 'integer'],
  ['cardinality(ARRAY[1, 2])', 2n, 'bigint'],
  ['contains(ARRAY[1, 2], 2)', true, 'boolean'],
  ["array_join(ARRAY['a', NULL, 'b'], ',')", 'a,b', 'varchar'],
  ["split('a,b', ',')[2]", 'b', 'varchar'],
  ['transform(ARRAY[1, 2], x -> x * 2)[2]', 4, 'integer'],
  ['cardinality(sequence(1, 5))', 5n, 'bigint'],
  ["if(false, 'x', 'y')", 'y', 'varchar'],
  ['nullif(1, 1)', null, 'integer'],
  ['1 IS DISTINCT FROM NULL', true, 'boolean'],
];

describe("idioms of Athena's SQL", () => {
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

  it(`gives the values and types that Trino gives, for ${IDIOMS.length} expressions`, async () => {
    const list = IDIOMS.map(([expression], i) => `${expression} AS c${i}`);

    const result = await lake.engine.query(`SELECT ${list.join(', ')}`, {});
    const rows: Cell[][] = [];
    for await (const batch of result.batches()) rows.push(...batch);

    const found = IDIOMS.map(([expression], i) => [expression, rows[0]![i], result.columns[i]!.type]);
    expect(found).toEqual(IDIOMS);
  });

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
    ['SELECT max_by(grp, n), min_by(grp, n), approx_distinct(grp) FROM canvas.t', [['a', 'b', 2n]]],
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
