import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableSet } from '../../../../src/ports/tables.ts';
import { openTestLake, type TestLake } from './lake-folder.ts';

describe('SQL with a mistake', () => {
  let lake: TestLake;
  let tables: TableSet;
  beforeAll(async () => {
    lake = await openTestLake();
    const columns = [
      { name: 'id', type: 'bigint' },
      { name: 'score', type: 'decimal(6,2)' },
      { name: 'sis_user_id', type: 'varchar' },
      { name: 'due', type: 'timestamp' },
    ] as const;
    const rows = [[1, '1.25', 'S001', '2026-01-01T00:00:00Z']];
    tables = {
      'canvas.submissions': await lake.engine.literalTable('canvas.submissions', columns, rows, 'v1'),
      'canvas.grades': await lake.engine.literalTable(
        'canvas.grades',
        [
          { name: 'user_id', type: 'bigint' },
          { name: 'grade', type: 'varchar' },
        ],
        [],
        'v1',
      ),
      'canvas.users': await lake.engine.literalTable('canvas.users', columns, rows, 'v1'),
    };
  });
  afterAll(() => lake.close());

  /** [SQL, line:column of the mistake, message, hint] */
  it.each<[string, string | undefined, RegExp, RegExp | undefined]>([
    // What is not there
    ['SELECT id FROM canvas.submissons', '1:16', /no table "canvas.submissons"/, /"canvas.submissions"/],
    ['SELECT id FROM users', '1:16', /no table "users"/, /"canvas.users"/],
    ['SELECT id,\n  scor FROM canvas.users', '2:3', /no column "scor"/, /"score"/],
    [
      'SELECT u.nme FROM canvas.users u',
      '1:10',
      /no column "nme" in canvas.users/,
      /lake describe canvas.users/,
    ],
    ['SELECT x.id FROM canvas.users u', '1:8', /called "x"/, /alias "u"/],
    ['SELECT users.id FROM canvas.users u', '1:8', /called "users"/, /alias "u": write that/],
    [
      'SELECT u.grade FROM canvas.users u JOIN canvas.grades g ON u.id = g.user_id',
      '1:10',
      /no column "grade" in canvas.users/,
      /g has it: write g\.grade/,
    ],
    ['SELECT grad FROM canvas.users', '1:8', /no column "grad"/, /lake describe canvas.users/],
    ['WITH a AS (SELECT id AS xx FROM canvas.users) SELECT xy FROM a', '1:54', /no column "xy"/, /"xx"/],
    [
      'SELECT id FROM canvas.users WHERE sis_user_id = "S001"',
      '1:49',
      /no column "S001"/,
      /single quotes: 'S001'/,
    ],
    [
      'SELECT u.id FROM canvas.users u WHERE EXISTS (SELECT 1 FROM canvas.grades g WHERE any_match(ARRAY[g.user_id], e -> e = u.id))',
      '1:8',
      /"u" of the query outside cannot be read/,
      /join the table/,
    ],
    ['SELECT id', '1:8', /no FROM, so there is no column "id"/, /FROM campus/],
    [
      "SELECT -- ü🎓\n  datetrunc('day', due) FROM canvas.users",
      '2:3',
      /no function "datetrunc"/i,
      undefined,
    ],
    [
      'SELECT id FROM canvas.users a JOIN canvas.submissions b ON a.id = b.id',
      '1:8',
      /More than one table has a column "id"/,
      /alias/,
    ],
    ['SELECT id, count(*) FROM canvas.users', '1:8', /"id" is neither grouped nor aggregated/, /GROUP BY/],
    // What cannot be read
    ['SELEC id FROM canvas.users', '1:1', /does not begin with "SELEC"/, /SELECT/],
    ['SELECT id\nFROM canvas.users WHER id = = 1', '2:19', /cannot be read at "WHER"/, /WHERE/],
    ['', undefined, /no SQL/, undefined],
    ['SELECT 1; SELECT 2', undefined, /One statement at a time/, undefined],
    // What would change something
    ['INSERT INTO canvas.users SELECT 1', '1:1', /INSERT would change something/, /models\//],
    ['DROP TABLE canvas.users', '1:1', /DROP TABLE would change something/, /SELECT/],
    ["COPY canvas.users TO '/tmp/x'", '1:1', /cannot be read|would change something/, undefined],
    // What is not the same in Athena
    ['SELECT id::varchar FROM canvas.users', '1:10', /`::` is no cast/, /CAST\(x AS type\)/],
    ["SELECT id FROM canvas.users WHERE sis_user_id ILIKE 's%'", '1:35', /no ILIKE/, /lower\(x\)/],
    ['SELECT id, count(*) FROM canvas.users GROUP BY ALL', '1:45', /no GROUP BY ALL/, /name the columns/i],
    ['SELECT * EXCLUDE (id) FROM canvas.users', '1:19', /EXCLUDE/, /name the columns/],
    [
      'SELECT id FROM canvas.users QUALIFY row_number() OVER () = 1',
      undefined,
      /cannot be read|QUALIFY/,
      /subquery/,
    ],
    ['SELECT id FROM canvas.users TABLESAMPLE BERNOULLI (10)', '1:16', /TABLESAMPLE/, /hash/],
    ['SELECT "$path" FROM canvas.users', '1:8', /hidden column/, /ops\.loads/],
    [
      "SELECT due AT TIME ZONE 'America/Chicago' AS d FROM canvas.users",
      '1:8',
      /zone cannot be kept/,
      /CAST/,
    ],
    ["SELECT date_format(due, '%Z') FROM canvas.users", '1:20', /pattern of date_format/, /docs\/sql\.md/],
    ['SELECT list_sum(ARRAY[1])', undefined, /no function "list_sum"/, /docs\/sql\.md/],
    // What the data refuse
    ['SELECT score / 0 FROM canvas.users', undefined, /Division by zero/, undefined],
    ['SELECT 1 / 0', undefined, /Division by zero/, undefined],
    ['SELECT CAST(due AS varchar) FROM canvas.users', undefined, /written differently/, /format_datetime/],
  ])('%s', async (sql, place, message, hint) => {
    const failure = await lake.rows(sql, tables).then(
      () => undefined,
      (error) => error,
    );

    expect(failure).toMatchObject({ name: 'SqlError', exitCode: 2, message: expect.stringMatching(message) });
    if (hint) expect(failure.hint).toMatch(hint);
    if (place) expect(`${failure.place?.line}:${failure.place?.column}`).toBe(place);
  });

  it('is never told of in the words of DuckDB', async () => {
    for (const sql of [
      'SELECT * FROM canvas.users UNION SELECT 1',
      'SELECT * FROM canvas.users u NATURAL JOIN (SELECT 1 AS other) o',
      'SELECT id FROM canvas.users JOIN canvas.grades USING (id)',
      'SELECT id FROM canvas.users ORDER BY 7',
      'SELECT (SELECT * FROM canvas.users) AS x',
      "SELECT id FROM canvas.users WHERE sis_user_id IS 'x'",
      'SELECT x FROM canvas.users CROSS JOIN UNNEST(sis_user_id) AS t (x)',
      'SELECT coalesce(id, sis_user_id) FROM canvas.users',
    ]) {
      const failure = await lake.rows(sql, tables).catch((e) => e);
      expect(failure, sql).toMatchObject({ name: 'SqlError', hint: expect.any(String) });
      expect(failure.message, sql).not.toMatch(
        /syntax error|result columns|expected 1|term out of|side of join!|Binder/,
      );
    }
  });

  it('does not repeat a value of the data in the message', async () => {
    const failure = await lake
      .rows('SELECT CAST(sis_user_id AS bigint) FROM canvas.users', tables)
      .catch((e) => e);

    expect(failure.name).toBe('SqlError');
    expect(failure.message).not.toContain('S001');
  });

  it('refuses a curated table with nameless, repeated or nested columns', async () => {
    const make = (select: string) => lake.engine.create('campus.x', select, tables, 'v1');

    await expect(make('SELECT count(*) FROM canvas.users')).rejects.toThrow(/no name of its own/);
    await expect(make('SELECT id, id FROM canvas.users')).rejects.toThrow(/no name of its own/);
    await expect(make('SELECT array_agg(id) AS ids FROM canvas.users')).rejects.toThrow(
      /"ids" would be an array/,
    );
  });
});

describe('SQL that means harm', () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake();
    await writeFile(join(lake.root, 'secret.txt'), 'secret');
  });
  afterAll(() => lake.close());

  it.each([
    `SELECT * FROM read_text('/etc/hostname')`,
    `SELECT * FROM read_csv('secret.txt')`,
    `SELECT * FROM '/etc/hostname'`,
    `SELECT * FROM glob('*')`,
    `SELECT * FROM duckdb_settings()`,
    `SELECT getenv('PATH')`,
    `SELECT * FROM query('SELECT 1')`,
    `SELECT * FROM information_schema.tables`,
    `ATTACH 'x.db'`,
    `SET memory_limit = '1TB'`,
    `PRAGMA database_list`,
    `INSTALL httpfs`,
    `CALL pragma_version()`,
    `EXPORT DATABASE 'x'`,
  ])('is refused: %s', async (sql) => {
    await expect(lake.rows(sql, {})).rejects.toMatchObject({ name: 'SqlError' });
  });
});
