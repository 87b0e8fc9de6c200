import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stockSelect, stockSetUp, stockViews } from '../../../../src/platform/local/duckdb/stock.ts';
import { parseStatement } from '../../../../src/sql/parse.ts';
import { openTestLake, specOf, type TestLake } from './lake-folder.ts';

/** A DuckDB that somebody else opens: nothing of the lake's sessions but what `stock.ts` gives. */
describe('a stock DuckDB', () => {
  let lake: TestLake;
  let database: DuckDBInstance;
  let connection: DuckDBConnection;
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRows();

  beforeAll(async () => {
    lake = await openTestLake();
    database = await DuckDBInstance.create(':memory:');
    connection = await database.connect();
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run(stockSetUp());
  });
  afterAll(async () => {
    connection.closeSync();
    database.closeSync();
    await lake.close();
  });

  it('reads a staged table with its changes folded, and one that was never loaded as empty', async () => {
    const spec = specOf(
      'canvas.users',
      [
        { name: 'id', type: 'bigint', section: 'key' },
        { name: 'name', type: 'varchar' },
      ],
      { key: ['id'] },
    );
    const record = (id: bigint, name: string, day: number) => ({
      ts: `2026-01-0${day}T00:00:00Z`,
      key: { id },
      value: { name },
    });
    const first = await lake.writeRaw('first', [record(1n, 'Ada', 1), record(21070000000000001n, 'Bo', 1)]);
    const base = (await lake.engine.replace(spec, [first], 'v1')).version;
    const second = await lake.writeRaw('second', [
      record(1n, 'Ada L.', 2),
      { ts: '2026-01-02T00:00:00Z', action: 'D', key: { id: 21070000000000001n } },
    ]);
    const merged = (await lake.engine.merge(base, spec, [second], 'v2')).version;
    const empty = { ...base, table: 'canvas.courses', rows: 0, storage: { kind: 'plain', files: [] } };

    await connection.run(stockViews(lake.root, { 'canvas.users': merged, 'canvas.courses': empty }));

    expect(await rows('SELECT * FROM canvas.users')).toEqual([[1n, 'Ada L.']]);
    expect(await rows('SELECT count(*) FROM canvas.courses')).toEqual([[0n]]);
  });

  it("builds a model as the lake does: Athena's meanings, the lake's types", async () => {
    const text = `-- description: a header
      SELECT 7 / 2 AS half, sum(n) AS total, date_trunc('month', DATE '2026-05-17') AS month,
        CAST(at_timezone(TIMESTAMP '2026-01-01 03:00:00', 'America/Chicago') AS timestamp) AS wall
      FROM (VALUES (1), (2)) AS t (n)`;
    const version = await lake.engine.create('campus.m', text, {}, 'v1');
    const sql = await stockSelect(await parseStatement(text), version.columns, {});

    const made = await connection.runAndReadAll(sql);

    const own = await lake.rows('SELECT * FROM campus.m', { 'campus.m': version });
    expect(made.getRows().map((row) => row.map(String))).toEqual([
      ['3', '3', '2026-05-01', '2025-12-31 21:00:00'],
    ]);
    expect(own.map((row) => row.map(String))).toEqual([['3', '3', '2026-05-01', '2025-12-31 21:00:00.000']]);
    expect(made.columnTypes().map(String)).toEqual(['INTEGER', 'BIGINT', 'DATE', 'TIMESTAMP']);
    expect(sql).not.toContain('description');
  });

  it('keeps its own division', async () => {
    expect(await rows('SELECT 5 / 2, trino_divide(5, 2)')).toEqual([[2.5, 2]]);
  });

  it('is refused in another zone', async () => {
    await connection.run("SET TimeZone = 'America/Chicago'");
    await expect(connection.run(stockSetUp())).rejects.toThrow(/must be in UTC/);
    await connection.run("SET TimeZone = 'UTC'");
  });
});
