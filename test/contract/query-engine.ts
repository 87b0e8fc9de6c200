import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LakeType } from '../../src/campus/lake-type.ts';
import type {
  Cell,
  LedgerStore,
  OpsRow,
  QueryEngine,
  TableSet,
  TableVersion,
} from '../../src/platform/ports.ts';
import { pseudonymOf } from '../../src/privacy/pseudonym.ts';
import { type RawRecord, specOf, toJsonLines } from '../platform/local/duckdb/lake-folder.ts';
import { sumOf } from './key-sums.ts';

export interface QueryEngineHome {
  readonly engine: QueryEngine;
  /** Puts a raw file where the engine reads it. @returns its name for the engine, as `ObjectStore.uri` gives it */
  putRaw(key: string, bytes: Buffer): Promise<string>;
  close(): Promise<void>;
}

/** The key of the pseudonyms that every home of this suite is opened with. */
export const PSEUDONYM_KEY = Buffer.from('correct horse battery staple');

const TABLE = 'canvas.things';
const THINGS = specOf(TABLE, [
  { name: 'id', type: 'bigint' },
  { name: 'text', type: 'varchar' },
]);
const at = (day: number) => `2026-01-0${day}T00:00:00Z`;

/** What every query engine promises, in both homes. */
export function queryEngineContract(open: () => Promise<QueryEngineHome>): void {
  describe('promises of every query engine', () => {
    let home: QueryEngineHome;
    let files = 0;
    let versions = 0;
    beforeAll(async () => {
      home = await open();
    });
    afterAll(() => home?.close());

    const raw = (records: readonly RawRecord[]) => {
      files += 1;
      return home.putRaw(`raw/canvas/file-${files}.jsonl.gz`, gzipSync(toJsonLines(records)));
    };
    const fresh = () => {
      versions += 1;
      return `load:${versions}`;
    };
    async function rows(select: string, tables: TableSet): Promise<Cell[][]> {
      const found: Cell[][] = [];
      for await (const batch of (await home.engine.query(select, tables)).batches()) found.push(...batch);
      return found;
    }
    const things = (version: TableVersion) =>
      rows(`SELECT id, text FROM ${TABLE} ORDER BY id`, { [TABLE]: version });

    it('keeps every type exactly, and what is absent as null', async () => {
      const columns: [string, LakeType, unknown, Cell][] = [
        ['id', 'bigint', 21070000000000001n, 21070000000000001n],
        ['b', 'boolean', true, true],
        ['i', 'integer', -7, -7],
        ['d', 'double', 1.5, 1.5],
        ['n', 'decimal(12,3)', 1234567.125, '1234567.125'],
        ['day', 'date', '2026-01-31', '2026-01-31'],
        ['clock', 'time', '08:00:00.12', '08:00:00.12'],
        ['instant', 'timestamp', '2026-01-01T02:00:00.123456+02:00', '2026-01-01 00:00:00.123456'],
        ['second', 'timestamp', '2026-01-01T02:00:00Z', '2026-01-01 02:00:00.000'],
        ['placeholder', 'varchar', '__dap_unspecified__', '__dap_unspecified__'],
        ['odd', 'varchar', 'ü 😀 "\\\n\u2028', 'ü 😀 "\\\n\u2028'],
        ['object', 'varchar', { b: '1', a: [1, 2.5, null] }, '{"b":"1","a":[1,2.5,null]}'],
        ['number', 'varchar', 42, '42'],
      ];
      const spec = specOf(
        TABLE,
        columns.map(([name, type]) => ({ name, type })),
      );
      const value = Object.fromEntries(columns.slice(1).map(([name, , given]) => [name, given]));
      const file = await home.putRaw(
        'raw/canvas/types.jsonl.gz',
        gzipSync(
          `${toJsonLines([{ ts: at(1), key: { id: 21070000000000001n }, value }])
            .trim()
            .replace(
              '[1,2.5]',
              '[1,2.5,null]',
            )}\n${toJsonLines([{ ts: at(1), key: { id: 3n }, value: {} }])}`,
        ),
      );

      const { version, ...counts } = await home.engine.replace(spec, [file], fresh());
      const result = await home.engine.query(`SELECT * FROM ${TABLE} ORDER BY id DESC`, { [TABLE]: version });

      expect(counts).toEqual({ read: 2, upserted: 2, deleted: 0 });
      expect(result.columns).toEqual(columns.map(([name, type]) => ({ name, type })));
      const found: Cell[][] = [];
      for await (const batch of result.batches()) found.push(...batch);
      expect(found).toEqual([
        columns.map(([, , , cell]) => cell),
        [3n, ...Array.from({ length: columns.length - 1 }, () => null)],
      ]);
    });

    it('takes the newest of records that come twice, in whichever order and file', async () => {
      const older = { ts: at(1), key: { id: 1n }, value: { text: 'old' } };
      const newer = { ts: at(2), key: { id: 1n }, value: { text: 'new' } };

      const { version, read } = await home.engine.replace(
        THINGS,
        [await raw([newer, older]), await raw([older])],
        fresh(),
      );

      expect(read).toBe(3);
      expect(version.rows).toBe(1);
      expect(await things(version)).toEqual([[1n, 'new']]);
    });

    it('merges: the newest wins, a removal removes, and what came once changes nothing when it comes again', async () => {
      const first = await raw(
        [1n, 2n, 3n].map((id) => ({ ts: at(1), key: { id }, value: { text: `v${id}` } })),
      );
      const second = await raw([
        { ts: at(3), action: 'U', key: { id: 1n }, value: { text: 'changed' } },
        { ts: at(3), action: 'D', key: { id: 2n } },
        { ts: at(3), action: 'U', key: { id: 4n }, value: { text: 'new' } },
        { ts: at(3), action: 'D', key: { id: 9n } },
      ]);
      const stale = await raw([
        { ts: at(2), action: 'U', key: { id: 1n }, value: { text: 'stale' } },
        { ts: at(2), action: 'U', key: { id: 2n }, value: { text: 'stale' } },
        { ts: at(2), action: 'U', key: { id: 9n }, value: { text: 'stale' } },
      ]);
      const back = await raw([{ ts: at(4), action: 'U', key: { id: 2n }, value: { text: 'back' } }]);

      const before = (await home.engine.replace(THINGS, [first], fresh())).version;
      const merged = await home.engine.merge(before, THINGS, [second], fresh());
      const again = await home.engine.merge(merged.version, THINGS, [second, first], fresh());
      const late = await home.engine.merge(again.version, THINGS, [stale], fresh());
      const returned = await home.engine.merge(late.version, THINGS, [back], fresh());

      const after = [
        [1n, 'changed'],
        [3n, 'v3'],
        [4n, 'new'],
      ];
      expect([merged.read, merged.upserted, merged.deleted, merged.version.rows]).toEqual([4, 2, 1, 3]);
      expect(await things(merged.version)).toEqual(after);
      expect([again.upserted, again.deleted, again.version.rows]).toEqual([0, 0, 3]);
      expect([late.upserted, late.deleted]).toEqual([0, 0]);
      expect(await things(late.version)).toEqual(after);
      expect(await things(returned.version)).toEqual([after[0], [2n, 'back'], after[1], after[2]]);
      // Whoever still reads the version before sees what it was.
      expect(await things(before)).toEqual([1n, 2n, 3n].map((id) => [id, `v${id}`]));
    });

    it('makes the same version of a merge that is done again from the same one', async () => {
      const first = await raw([1n, 2n].map((id) => ({ ts: at(1), key: { id }, value: { text: 'x' } })));
      const second = await raw([
        { ts: at(2), action: 'D', key: { id: 1n } },
        { ts: at(2), action: 'U', key: { id: 3n }, value: { text: 'y' } },
      ]);
      const before = (await home.engine.replace(THINGS, [first], fresh())).version;
      const id = fresh();

      const once = await home.engine.merge(before, THINGS, [second], id);
      const twice = await home.engine.merge(before, THINGS, [second], id);

      expect({ ...twice, version: twice.version.rows }).toEqual({ ...once, version: once.version.rows });
      expect(await things(twice.version)).toEqual(await things(once.version));
      expect(await things(twice.version)).toEqual([
        [2n, 'x'],
        [3n, 'y'],
      ]);
    });

    it.each<[LakeType, unknown, LakeType, unknown, LakeType, Cell[]]>([
      ['integer', 7, 'bigint', 21070000000000001n, 'bigint', [7n, 21070000000000001n]],
      ['integer', 7, 'double', 1.5, 'double', [7, 1.5]],
      ['decimal(5,2)', 1.25, 'decimal(8,3)', 12345.125, 'decimal(8,3)', ['1.250', '12345.125']],
      ['bigint', 21070000000000001n, 'double', 1.5, 'varchar', ['21070000000000001', '1.5']],
      ['varchar', 'seven', 'integer', 7, 'varchar', ['seven', '7']],
      [
        'date',
        '2026-01-31',
        'timestamp',
        '2026-02-01T10:00:00Z',
        'timestamp',
        ['2026-01-31 00:00:00.000', '2026-02-01 10:00:00.000'],
      ],
      [
        'timestamp',
        '2026-02-01T10:00:00.5Z',
        'varchar',
        'soon',
        'varchar',
        ['2026-02-01 10:00:00.5', 'soon'],
      ],
    ])('widens %s (%s) met by %s (%s) to %s', async (from, old, to, met, wider, values) => {
      const spec = (type: LakeType) =>
        specOf(TABLE, [
          { name: 'id', type: 'bigint' },
          { name: 'x', type },
        ]);
      const first = await raw([{ ts: at(1), key: { id: 1n }, value: { x: old } }]);
      const second = await raw([{ ts: at(2), action: 'U', key: { id: 2n }, value: { x: met } }]);

      const { version } = await home.engine.replace(spec(from), [first], fresh());
      const merged = (await home.engine.merge(version, spec(to), [second], fresh())).version;

      expect(merged.columns.find(({ name }) => name === 'x')?.type).toBe(wider);
      const found = await rows(`SELECT x FROM ${TABLE} ORDER BY id`, { [TABLE]: merged });
      expect(found.map(([x]) => x)).toEqual(values);
    });

    it('adds a column (null in old rows) and keeps one that vanished (null in new rows)', async () => {
      const before = specOf(TABLE, [
        { name: 'id', type: 'bigint' },
        { name: 'gone', type: 'varchar' },
      ]);
      const after = specOf(TABLE, [
        { name: 'id', type: 'bigint' },
        { name: 'new', type: 'boolean' },
      ]);
      const first = await raw([1n, 2n].map((id) => ({ ts: at(1), key: { id }, value: { gone: `x${id}` } })));
      const second = await raw([{ ts: at(2), action: 'U', key: { id: 2n }, value: { new: true } }]);

      const { version } = await home.engine.replace(before, [first], fresh());
      const merged = (await home.engine.merge(version, after, [second], fresh())).version;

      expect(await rows(`SELECT * FROM ${TABLE} ORDER BY id`, { [TABLE]: merged })).toEqual([
        [1n, 'x1', null],
        [2n, null, true],
      ]);
      expect(await rows(`SELECT * FROM ${TABLE} ORDER BY id`, { [TABLE]: version })).toEqual([
        [1n, 'x1'],
        [2n, 'x2'],
      ]);
    });

    it('turns ids into the pseudonyms that the key gives, the same for every way of writing one', async () => {
      const spec = specOf('canvas.logins', [
        { name: 'id', type: 'bigint' },
        { name: 'sis_user_id', type: 'varchar', treatment: 'pseudonym', pseudonymKind: 'person' },
        { name: 'user_id', type: 'varchar', treatment: 'pseudonym', pseudonymKind: 'canvas_user' },
      ]);
      const file = await raw([
        { ts: at(1), key: { id: 1n }, value: { sis_user_id: '\u00a0S001', user_id: 21070000000000001n } },
        { ts: at(1), key: { id: 2n }, value: { sis_user_id: 's001 ' } },
      ]);

      const { version } = await home.engine.replace(spec, [file], fresh());

      const person = pseudonymOf('S001', 'person', PSEUDONYM_KEY);
      const user = pseudonymOf('21070000000000001', 'canvas_user', PSEUDONYM_KEY);
      expect(await rows('SELECT * FROM canvas.logins ORDER BY id', { 'canvas.logins': version })).toEqual([
        [1n, person, user],
        [2n, person, null],
      ]);
    });

    it('names dataset, column and file of a value that does not fit, and keeps the value to itself', async () => {
      const spec = specOf(TABLE, [
        { name: 'id', type: 'bigint' },
        { name: 'logins', type: 'integer' },
      ]);
      const file = await home.putRaw(
        'raw/canvas/part-3.jsonl.gz',
        gzipSync(toJsonLines([{ ts: at(1), key: { id: 1n }, value: { logins: 'Ada Lovelace' } }])),
      );

      const failure = await home.engine.replace(spec, [file], fresh()).catch((error: Error) => error);

      expect(failure).toMatchObject({
        name: 'RawDataError',
        message: 'canvas.things.logins holds a value that is no integer in the raw file part-3.jsonl.gz.',
      });
      expect(String(failure)).not.toContain('Ada');
    });

    it('refuses records without their key, and files that are cut short', async () => {
      const keyless = await raw([{ ts: at(1), key: {}, value: { text: 'nobody' } }]);
      const whole = toJsonLines([{ ts: at(1), key: { id: 1n }, value: { text: 'x' } }]);
      const cut = await home.putRaw('raw/canvas/cut.jsonl.gz', gzipSync(whole.slice(0, -5)));

      await expect(home.engine.replace(THINGS, [keyless], fresh())).rejects.toThrow(
        '1 of 1 delivered records of canvas.things lack their key (id).',
      );
      await expect(home.engine.replace(THINGS, [cut], fresh())).rejects.toMatchObject({
        name: 'RawDataError',
      });
    });

    it('makes an empty table of no files, to which changes can come', async () => {
      const empty = (await home.engine.replace(THINGS, [], fresh())).version;
      const file = await raw([{ ts: at(1), action: 'U', key: { id: 1n }, value: { text: 'x' } }]);
      const merged = (await home.engine.merge(empty, THINGS, [file], fresh())).version;

      expect([empty.rows, merged.rows]).toEqual([0, 1]);
      expect(await things(empty)).toEqual([]);
      expect(await things(merged)).toEqual([[1n, 'x']]);
    });

    it('counts one sum of keys, whatever their types and the order of the rows', async () => {
      const spec = specOf(TABLE, [
        { name: 'id', type: 'bigint' },
        { name: 'day', type: 'date' },
        { name: 'instant', type: 'timestamp' },
        { name: 'truth', type: 'boolean' },
        { name: 'part', type: 'decimal(12,0)' },
        { name: 'share', type: 'decimal(9,3)' },
        { name: 'text', type: 'varchar' },
      ]);
      const file = await raw([
        {
          ts: at(1),
          key: { id: 21070000000000001n },
          value: {
            day: '2026-01-31',
            instant: '2026-01-01T02:00:00.123456Z',
            truth: true,
            part: -7,
            share: '100.500',
            text: 'ü 😀 李',
          },
        },
        {
          ts: at(1),
          key: { id: -9223372036854775808n },
          value: {
            day: '1969-12-31',
            instant: '1969-12-31T23:59:59.999Z',
            truth: false,
            part: 100,
            share: '-20.000',
            text: '',
          },
        },
        { ts: at(1), key: { id: 9223372036854775807n }, value: {} },
      ]);
      const { version } = await home.engine.replace(spec, [file], fresh());
      const sum = async (...key: string[]) => (await home.engine.keySum(version, key)).sum;
      const ids = [21070000000000001n, -9223372036854775808n, 9223372036854775807n];

      expect(await home.engine.keySum(version, ['id'])).toEqual({
        columns: ['id'],
        sum: sumOf(ids.map((id) => ({ words: [id] }))),
      });
      expect(await sum('id', 'day', 'instant', 'truth', 'part', 'share', 'text')).toBe(
        sumOf([
          { words: [ids[0]!, 20484n, 1767232800123n, 1n, -7n], texts: ['100.5', 'ü 😀 李'] },
          { words: [ids[1]!, -1n, -1n, 0n, 100n], texts: ['-20', ''] },
          { words: [ids[2]!, null, null, null, null], texts: [null, null] },
        ]),
      );
      expect(await sum('text')).toBe(sumOf(['ü 😀 李', '', null].map((text) => ({ texts: [text] }))));
    });

    it('reads the sum of the keys out of the files of a snapshot, as it then is in the table', async () => {
      const spec = specOf(
        TABLE,
        [
          { name: 'id', type: 'bigint' },
          { name: 'login', type: 'varchar', treatment: 'pseudonym', pseudonymKind: 'person' },
          { name: 'text', type: 'varchar' },
        ],
        { key: ['id', 'login'] },
      );
      const record = (id: bigint, day: number, action?: 'D') => ({
        ts: at(day),
        ...(action ? { action } : {}),
        key: { id, login: `S${id}` },
      });
      const once = [await raw([record(1n, 1), record(3n, 1)])];
      const again = [...once, await raw([record(3n, 2, 'D'), record(1n, 2), record(4n, 2)])];
      const keys = (...ids: bigint[]) =>
        sumOf(ids.map((id) => ({ words: [id], texts: [pseudonymOf(`S${id}`, 'person', PSEUDONYM_KEY)] })));

      for (const [files, repeats, expected] of [
        [once, false, keys(1n, 3n)],
        [again, true, keys(1n, 4n)],
        [[], false, '0'],
      ] as const) {
        const { version } = await home.engine.replace(spec, files, fresh());
        const delivered = await home.engine.deliveredKeys(spec, files, repeats);
        expect(delivered).toEqual({ columns: ['id', 'login'], sum: expected });
        expect(await home.engine.keySum(version, spec.key)).toEqual(delivered);
      }
      const odd = specOf(TABLE, [{ name: 'id', type: 'double' }]);
      expect(await home.engine.deliveredKeys(odd, once, false)).toBeUndefined();
    });

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

      await expect(home.engine.create('campus.x', select, { [TABLE]: empty }, 'run:1')).rejects.toThrow(
        reason,
      );
    });

    it.each([
      ['SELECT txt FROM canvas.things', { line: 1, column: 8 }, /There is no column "txt"/],
      ['SELECT id\nFROM canvas.thngs', { line: 2, column: 6 }, /There is no table "canvas.thngs"/],
      ['SELECT id,\n  id + txt FROM canvas.things', { line: 2, column: 8 }, /There is no column "txt"/],
      ['DELETE FROM canvas.things', { line: 1, column: 1 }, /Only questions/],
    ])('says where a mistake stands in %j', async (sql, place, message) => {
      const empty = (await home.engine.replace(THINGS, [], fresh())).version;

      const failure = await home.engine.query(sql, { [TABLE]: empty }).catch((error: Error) => error);

      expect(failure).toMatchObject({ name: 'SqlError', place });
      expect((failure as Error).message).toMatch(message);
    });

    it('stops after as many rows as are wanted, and when it is told to', async () => {
      const select = 'SELECT x FROM UNNEST(sequence(1, 5000)) AS s(x)';
      const read = async (limit?: number) => {
        let count = 0;
        for await (const batch of (await home.engine.query(select, {}, { limit })).batches())
          count += batch.length;
        return count;
      };

      expect(await read(7)).toBe(7);
      expect(await read()).toBe(5000);
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(home.engine.query(select, {}, { signal })).rejects.toThrow('enough');
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
      const ledger = {
        rows: async (table: string): Promise<OpsRow[]> =>
          table === 'runs'
            ? [{ id: 'a', rows: 3, at: '2026-01-01T00:00:00Z', ok: true, more: { x: 1 } }]
            : [],
      } as unknown as LedgerStore;
      const ops = await home.engine.opsTables(ledger);

      expect(await rows('SELECT * FROM ops.run ORDER BY id DESC', { 'ops.run': made })).toEqual([
        [21070000000000003n, '2026-01-01 00:00:00.120', '-1.25', '2026-02-03'],
        [5n, null, null, null],
      ]);
      expect(await rows('SELECT id, "rows", "at", ok, more FROM ops.runs', ops)).toEqual([
        ['a', 3n, '2026-01-01 00:00:00.000', true, '{"x":1}'],
      ]);
      expect(await rows('SELECT count(*) FROM ops.checks', ops)).toEqual([[0n]]);
    });

    it('writes a result as one Parquet file', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'export-'));
      const path = join(folder, 'out.parquet');

      const written = await home.engine.exportParquet(
        `SELECT CAST(x AS bigint) AS id, CAST(x AS varchar) AS text, CAST(1.5 AS decimal(5,2)) AS d
         FROM UNNEST(sequence(1, 2500)) AS s(x) ORDER BY x`,
        {},
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
