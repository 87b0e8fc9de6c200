import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import type { LedgerStore, OpsRow } from '../../src/ports/ledger.ts';
import { granted } from '../granted.ts';
import { at, type OpenHome, TABLE, THINGS } from './query-engine-home.ts';

/** What is made of tables that there are: tables from a SELECT, answers, exports; and tables of a caller's rows. */
export function tablesContract(home: OpenHome): void {
  const { raw, fresh, rows, things } = home;

  it('makes a table from a SELECT over versions, with the types of the lake', async () => {
    const file = await raw([1n, 2n].map((id) => ({ ts: at(1), key: { id }, value: { text: 'x' } })));
    const { version } = await home.engine.replace(THINGS, [file], fresh());
    const select = `SELECT t.text, count(*) AS pieces, date_trunc('week', DATE '2026-01-07') AS week,
      CAST(1.005 AS decimal(5,2)) AS d, TIMESTAMP '2026-01-07 10:00:00' AS moment
    FROM ${TABLE} t GROUP BY t.text -- done`;

    const made = await home.engine.create('campus.counts', select, { [TABLE]: version }, 'run:1');

    expect(made.rows).toBe(1);
    expect(made.columns).toEqual([
      { name: 'text', type: 'varchar' },
      { name: 'pieces', type: 'bigint' },
      { name: 'week', type: 'date' },
      { name: 'd', type: 'decimal(5,2)' },
      { name: 'moment', type: 'timestamp' },
    ]);
    expect(await rows('SELECT * FROM campus.counts', { 'campus.counts': made })).toEqual([
      ['x', 2n, '2026-01-05', '1.01', '2026-01-07 10:00:00.000'],
    ]);
    const none = await home.engine.create(
      'campus.none',
      `SELECT id FROM ${TABLE} WHERE id < 0`,
      { [TABLE]: version },
      'run:1',
    );
    expect(none.rows).toBe(0);
    expect(await rows('SELECT count(*) FROM campus.none', { 'campus.none': none })).toEqual([[0n]]);
  });

  it.each([
    ['SELECT id AS x, id AS x FROM canvas.things', /no name of its own/],
    ['SELECT ARRAY[1] AS list FROM canvas.things', /an array/],
  ])('refuses to make a table of %s', async (select, reason) => {
    const empty = (await home.engine.replace(THINGS, [], fresh())).version;

    await expect(home.engine.create('campus.x', select, { [TABLE]: empty }, 'run:1')).rejects.toThrow(reason);
  });

  it.each([
    ['SELECT txt FROM canvas.things', { line: 1, column: 8 }, /There is no column "txt"/],
    ['SELECT id\nFROM canvas.thngs', { line: 2, column: 6 }, /There is no table "canvas.thngs"/],
    ['SELECT id,\n  id + txt FROM canvas.things', { line: 2, column: 8 }, /There is no column "txt"/],
    ['DELETE FROM canvas.things', { line: 1, column: 1 }, /Only questions/],
  ])('says where a mistake stands in %j', async (sql, place, message) => {
    const empty = (await home.engine.replace(THINGS, [], fresh())).version;

    const failure = await home.engine.query(sql, granted({ [TABLE]: empty })).catch((error: Error) => error);

    expect(failure).toMatchObject({ name: 'SqlError', place });
    expect((failure as Error).message).toMatch(message);
  });

  it('stops after as many rows as are wanted, and when it is told to', async () => {
    const select = 'SELECT x FROM UNNEST(sequence(1, 5000)) AS s(x)';
    const read = async (limit?: number) => {
      let count = 0;
      for await (const batch of (await home.engine.query(select, granted({}), { limit })).batches())
        count += batch.length;
      return count;
    };

    expect(await read(7)).toBe(7);
    expect(await read()).toBe(5000);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(home.engine.query(select, granted({}), { signal })).rejects.toThrow('enough');
  });

  it('does not end as if it were whole when it is stopped between rows', async () => {
    const stop = new AbortController();
    const sql =
      'SELECT a.x FROM UNNEST(sequence(1, 2000)) AS a(x) CROSS JOIN UNNEST(sequence(1, 50)) AS b(y)';
    const result = await home.engine.query(sql, granted({}), { signal: stop.signal });
    const read = async () => {
      for await (const batch of result.batches()) if (batch.length > 0) stop.abort(new Error('enough'));
    };

    await expect(read()).rejects.toThrow('enough');
  });

  it('makes columns of the types that the statement gives, also where every value is null', async () => {
    const made = await home.engine.create(
      'campus.nothing',
      'SELECT element_at(CAST(NULL AS array(varchar)), 1) AS word, CAST(NULL AS array(date))[1] AS day, 1 AS n',
      {},
      fresh(),
    );

    expect(made.columns).toEqual([
      { name: 'word', type: 'varchar' },
      { name: 'day', type: 'date' },
      { name: 'n', type: 'integer' },
    ]);
  });

  it('holds rows that the caller brings, and the ledger’s', async () => {
    const columns = [
      { name: 'id', type: 'bigint' },
      { name: 'at', type: 'timestamp' },
      { name: 'share', type: 'decimal(6,2)' },
      { name: 'day', type: 'date' },
    ] as const;
    const made = await home.engine.literalTable(
      'ops.run',
      columns,
      [
        ['21070000000000003', '2026-01-01T00:00:00.120Z', '-1.25', '2026-02-03'],
        [5, null, null, null],
      ],
      'run:1',
    );
    const asked: string[] = [];
    const ledger = {
      rows: async (table: string): Promise<OpsRow[]> => {
        asked.push(table);
        if (table !== 'runs') return [];
        return [{ id: 'a', rows: 3, at: '2026-01-01T00:00:00Z', ok: true, more: { x: 1 } }];
      },
    } as unknown as LedgerStore;
    const ops = await home.engine.opsTables(ledger, ['ops.runs', 'ops.checks']);

    expect(await rows('SELECT * FROM ops.run ORDER BY id DESC', { 'ops.run': made })).toEqual([
      [21070000000000003n, '2026-01-01 00:00:00.120', '-1.25', '2026-02-03'],
      [5n, null, null, null],
    ]);
    expect(await rows('SELECT id, "rows", "at", ok, more FROM ops.runs', ops)).toEqual([
      ['a', 3n, '2026-01-01 00:00:00.000', true, '{"x":1}'],
    ]);
    expect(await rows('SELECT count(*) FROM ops.checks', ops)).toEqual([[0n]]);
    expect(await rows('DESCRIBE ops.steps', ops)).toContainEqual(['path', 'varchar']);
    expect(asked.sort()).toEqual(['checks', 'runs']);
  });

  it('heads a column without a name as Athena does', async () => {
    const headsOf = async (sql: string) =>
      (await home.engine.query(sql, granted({}))).columns.map(({ name }) => name).join(' ');
    const two = '(SELECT 1 AS a, 2 AS b) t';

    expect(await headsOf(`SELECT count(*), a, max(b) FROM ${two} GROUP BY a ORDER BY max(b)`)).toBe(
      '_col0 a _col2',
    );
    expect(await headsOf(`SELECT t.*, a + 1, b FROM ${two}`)).toBe('a b _col2 b');
    expect(await headsOf(`SELECT a + b FROM ${two} UNION ALL SELECT 1`)).toBe('_col0');
    expect(await headsOf(`SELECT * FROM (SELECT count(*), max(a) FROM ${two})`)).toBe('_col0 _col1');
    // Its heading is no name: Trino resolves none of these.
    await expect(headsOf(`SELECT _col0 + 1 AS more FROM (SELECT count(*) FROM ${two})`)).rejects.toThrow(
      /A column that was given no name cannot be asked for|There is no column "_col0"/,
    );
  });

  it('writes a result as one Parquet file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'export-'));
    const path = join(folder, 'out.parquet');

    const written = await home.engine.exportParquet(
      `SELECT CAST(x AS bigint) AS id, CAST(x AS varchar) AS text, CAST(1.5 AS decimal(5,2)) AS d
       FROM UNNEST(sequence(1, 2500)) AS s(x) ORDER BY x`,
      granted({}),
      path,
    );

    const found = await readParquet(path);
    await rm(folder, { recursive: true });
    expect(written).toBe(2500);
    expect(found).toEqual({
      rows: '2500',
      ids: '3126250',
      last: '2500',
      d: '1.50',
      types: 'BIGINT/VARCHAR/DECIMAL(5,2)',
    });
  });

  it('sweeps what no version names, and nothing else', async () => {
    const file = await raw([{ ts: at(1), key: { id: 1n }, value: { text: 'x' } }]);
    const kept = (await home.engine.replace(THINGS, [file], fresh())).version;
    await home.engine.replace(THINGS, [file], fresh());

    const early = await home.engine.sweep([kept], 0);
    const freed = await home.engine.sweep([kept], Date.now() + 60_000);

    expect(early).toBe(0);
    expect(freed).toBeGreaterThan(0);
    expect(await things(kept)).toEqual([[1n, 'x']]);
  });
}

/** What stands in an exported file, as somebody else's reader sees it. */
async function readParquet(path: string): Promise<unknown> {
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  const reader = await connection.runAndReadAll(
    `SELECT count(*) AS rows, CAST(sum(id) AS bigint) AS ids, max_by(text, id) AS last, max(d) AS d,
       max(typeof(id) || '/' || typeof(text) || '/' || typeof(d)) AS types FROM read_parquet('${path}')`,
  );
  const [row] = reader.getRowObjectsJson();
  connection.closeSync();
  database.closeSync();
  return row;
}
