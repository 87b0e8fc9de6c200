import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TableSet, TableVersion } from '../../src/ports/tables.ts';
import type { Warehouse } from '../../src/ports/warehouse.ts';
import { granted } from '../granted.ts';

export interface WarehouseHome {
  /** A new, empty warehouse, being served. */
  open(): Promise<Warehouse>;
  close(): Promise<void>;
  /** A new version of a curated table from a SELECT in Athena's SQL without tables. */
  table(name: string, select: string): Promise<TableVersion>;
  /** Rows of a query of the read-only user, every value as text. */
  ask(sql: string): Promise<(string | null)[][]>;
}

/** What every warehouse promises, in both targets. */
export function warehouseContract(home: WarehouseHome): void {
  describe('promises of every warehouse', () => {
    let warehouse: Warehouse;
    let loads = 0;
    /** Publications have names of their own: the warehouse lives through the whole suite. */
    let id: string;
    beforeAll(async () => {
      warehouse = await home.open();
    });
    afterAll(() => home.close());
    beforeEach(() => {
      id = `publication ${++loads}`;
    });

    const setOf = (...tables: TableVersion[]): TableSet =>
      Object.fromEntries(tables.map((t) => [t.table, t]));
    const numbers = (n: number, mark: string) =>
      `SELECT i AS n, '${mark}' AS mark FROM UNNEST(SEQUENCE(1, ${n})) AS s(i)`;

    it('shows every type of the lake exactly', async () => {
      const table = await home.table(
        'campus.kinds',
        `SELECT CAST(90071992547409931 AS bigint) AS id, CAST(7 AS integer) AS small, true AS yes,
                CAST('Zoë "Z" O''Neil, \u{1f393}' AS varchar) AS name, CAST('' AS varchar) AS empty,
                CAST(NULL AS varchar) AS nothing, CAST('a\tb\\nc' AS varchar) AS odd,
                CAST(0.1 AS double) AS fraction, CAST(12345678901234567890123456789012345.678 AS decimal(38,3)) AS exact,
                DATE '2026-02-28' AS day, TIMESTAMP '2026-01-31 08:00:00.123' AS instant`,
      );

      const { rows } = await warehouse.load(id, granted(setOf(table)));

      expect(rows).toBe(1);
      expect(
        await home.ask(
          'SELECT id, small, yes, name, empty, nothing, odd, fraction, exact, day, instant FROM campus.kinds',
        ),
      ).toEqual([
        [
          '90071992547409931',
          '7',
          't',
          'Zoë "Z" O\'Neil, \u{1f393}',
          '',
          null,
          'a\tb\\nc',
          '0.1',
          '12345678901234567890123456789012345.678',
          '2026-02-28',
          '2026-01-31 08:00:00.123',
        ],
      ]);
    });

    it('shows exactly the tables of the newest publication, with their new columns', async () => {
      await warehouse.load(
        `${id} before`,
        granted(
          setOf(
            await home.table('campus.stays', numbers(3, 'old')),
            await home.table('campus.leaves', numbers(1, 'old')),
          ),
        ),
      );

      const loaded = await warehouse.load(
        id,
        granted(
          setOf(
            await home.table('campus.stays', 'SELECT 5 AS other'),
            await home.table('campus.comes', numbers(2, 'new')),
            await home.table('campus.empty', 'SELECT 1 AS n WHERE false'),
          ),
        ),
      );

      expect(loaded.rows).toBe(3);
      expect(await home.ask('SELECT other FROM campus.stays')).toEqual([['5']]);
      expect(await home.ask('SELECT count(*) FROM campus.comes')).toEqual([['2']]);
      expect(await home.ask('SELECT n FROM campus.empty')).toEqual([]);
      await expect(home.ask('SELECT * FROM campus.leaves')).rejects.toThrow('campus.leaves');
    });

    it('takes a repeated load as done', async () => {
      const tables = setOf(await home.table('campus.once', numbers(4, 'x')));

      const first = await warehouse.load(id, granted(tables));
      const second = await warehouse.load(id, granted(tables));

      expect([first.rows, second.rows]).toEqual([4, 4]);
      expect(await home.ask('SELECT count(*) FROM campus.once')).toEqual([['4']]);
    });

    it('says which publication it shows', async () => {
      await warehouse.load(id, granted(setOf(await home.table('campus.t', numbers(2, 'x')))));

      expect(await home.ask('SELECT publication, table_count, row_count FROM mart.lake_publication')).toEqual(
        [[id, '1', '2']],
      );
      expect((await warehouse.describe()).publication).toBe(id);
    });

    it('says of every table how far it is known, and why it is late', async () => {
      const tables = setOf(await home.table('campus.t', numbers(2, 'x')));
      const late = `canvas.x is known up to 2026-10-23 02:30 UTC ("its load failed", it's \\ said)${'…'.repeat(900)}`;
      await warehouse.load(`${id} old`, granted(tables), [{ table: 'campus.gone', rows: 1 }]);
      await warehouse.load(id, granted(tables), [
        {
          table: 'campus.t',
          rows: 2,
          dataAsOf: '2026-10-23T02:30:00.250Z',
          loadedAt: '2026-11-06T02:41:00+00:00',
          lastGoodRun: 'r1',
          owner: 'Registrar',
          whyLate: late,
        },
        { table: 'canvas.x', rows: 0 },
      ]);

      const listed = await home.ask(
        `SELECT table_name, row_count, to_char(data_as_of, 'YYYY-MM-DD HH24:MI:SS.MS'),
                to_char(loaded_at, 'YYYY-MM-DD HH24:MI:SS'), last_good_run, owner, substring(why_late, 1, 50)
           FROM mart.lake_tables ORDER BY table_name`,
      );
      expect(listed).toEqual([
        [
          'campus.t',
          '2',
          '2026-10-23 02:30:00.250',
          '2026-11-06 02:41:00',
          'r1',
          'Registrar',
          late.slice(0, 50),
        ],
        ['canvas.x', '0', null, null, null, null, null],
      ]);
    });

    it('tells readers how to connect, and no password', async () => {
      const info = await warehouse.describe();

      expect(info.jdbc).toMatch(/^jdbc:[a-z]+:\/\//);
      expect(info.url).toContain(info.user);
      expect(info.url).not.toMatch(/:\/\/[^/@]*:[^/@]*@/);
      expect(info.passwordAt).not.toBe('');
    });

    it('lets readers read only', async () => {
      await warehouse.load(id, granted(setOf(await home.table('campus.t', numbers(2, 'x')))));

      for (const sql of [
        'DELETE FROM campus.t',
        'DROP TABLE campus.t',
        'CREATE TABLE campus.mine (n integer)',
        'CREATE TABLE public.mine (n integer)',
        "UPDATE mart.lake_publication SET publication = 'mine'",
      ]) {
        await expect(home.ask(`BEGIN READ WRITE; ${sql}`), sql).rejects.toThrow(/permission|owner/);
      }
    });

    it('keeps the old set when a load fails, and loads again afterwards', async () => {
      await warehouse.load(`${id} good`, granted(setOf(await home.table('campus.t', numbers(2, 'good')))));
      const fine = await home.table('campus.a', numbers(5, 'new'));
      const broken = { ...(await home.table('campus.t', numbers(3, 'new'))), storage: { kind: 'nonsense' } };

      await expect(warehouse.load(id, granted(setOf(fine, broken)))).rejects.toThrow(id);

      expect(await home.ask('SELECT count(*) FROM campus.t')).toEqual([['2']]);
      await expect(home.ask('SELECT * FROM campus.a')).rejects.toThrow('campus.a');
      expect(await warehouse.load(id, granted(setOf(fine)))).toMatchObject({ rows: 5 });
      expect(await home.ask('SELECT count(*) FROM campus.a')).toEqual([['5']]);
    });

    it('shows readers the old set or the new, and neither makes them wait nor fail', async () => {
      const set = async (mark: string) =>
        setOf(
          await home.table('campus.a', numbers(2_000, mark)),
          await home.table('campus.b', numbers(2_000, mark)),
        );
      const sets = { old: await set('old'), new: await set('new') };
      await warehouse.load(`${id} 0`, granted(sets.old));
      const seen: string[] = [];
      let done = false;
      const reading = (async () => {
        while (!done) {
          const [row] = await home.ask(
            'SELECT min(a.mark), max(a.mark), min(b.mark), max(b.mark), count(*) FROM campus.a JOIN campus.b ON a.n = b.n',
          );
          seen.push(row!.join(' '));
        }
      })();

      for (let i = 1; i <= 4; i++) await warehouse.load(`${id} ${i}`, granted(i % 2 ? sets.new : sets.old));
      done = true;
      await reading;

      expect(new Set(seen)).toEqual(new Set(['old old old old 2000', 'new new new new 2000']));
    });
  });
}
