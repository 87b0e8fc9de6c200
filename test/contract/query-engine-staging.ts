import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { LakeType } from '../../src/campus/lake-type.ts';
import type { Cell } from '../../src/ports/query-engine.ts';
import { granted } from '../granted.ts';
import { exact, specOf, toJsonLines } from '../platform/local/duckdb/lake-folder.ts';
import { at, type OpenHome, TABLE, THINGS } from './query-engine-home.ts';

/** How raw files become a table: types, the newest of what comes twice, pseudonyms, faults. */
export function stagingContract(home: OpenHome): void {
  const { raw, fresh, rows, things } = home;

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
          .replace('[1,2.5]', '[1,2.5,null]')}\n${toJsonLines([{ ts: at(1), key: { id: 3n }, value: {} }])}`,
      ),
    );

    const { version, ...counts } = await home.engine.replace(spec, [file], fresh());
    const result = await home.engine.query(
      `SELECT * FROM ${TABLE} ORDER BY id DESC`,
      granted({ [TABLE]: version }),
    );

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

    // Known answers, computed with Python's hmac: they must never change, or every pseudonym of every lake does.
    const person = 'v2-0b40973949b2cb6b2239a752b9a15293';
    const user = 'v2-29bcd7064205fa003569321bb8431b40';
    expect(await rows('SELECT * FROM canvas.logins ORDER BY id', { 'canvas.logins': version })).toEqual([
      [1n, person, user],
      [2n, person, null],
    ]);
  });

  it.each(['a key', 'a column that is never empty'] as const)(
    'names dataset, column and file of a value that does not fit %s, and keeps the value to itself',
    async (where) => {
      const isKey = where === 'a key';
      const spec = specOf(
        TABLE,
        [
          { name: 'id', type: 'bigint' },
          { name: 'logins', type: 'integer', ...(isKey ? {} : { required: true }) },
        ],
        isKey ? { key: ['id', 'logins'] } : {},
      );
      const logins = { logins: 'Ada Lovelace' };
      const record = isKey
        ? { ts: at(1), key: { id: 1n, ...logins }, value: {} }
        : { ts: at(1), key: { id: 1n }, value: logins };
      const file = await home.putRaw('raw/canvas/part-3.jsonl.gz', gzipSync(toJsonLines([record])));

      const failure = await home.engine.replace(spec, [file], fresh()).catch((error: Error) => error);

      expect(failure).toMatchObject({
        name: 'RawDataError',
        message: 'canvas.things.logins holds a value that is no integer in the raw file part-3.jsonl.gz.',
      });
      expect(String(failure)).not.toContain('Ada');
    },
  );

  it('never rounds or cuts a value to its type: what does not fit is set aside and counted, and the rest is loaded', async () => {
    const columns: [string, LakeType, [unknown, Cell][], unknown[]][] = [
      [
        'i',
        'integer',
        [
          ['7', 7],
          [-2147483648, -2147483648],
        ],
        [3.7, 2147483648, 'x', true],
      ],
      [
        'n',
        'bigint',
        [
          [exact('3.0'), 3n],
          [exact('1e3'), 1000n],
          [9223372036854775807n, 9223372036854775807n],
        ],
        [0.5, exact('1.5e0'), 9223372036854775808n, 'NaN'],
      ],
      [
        'd',
        'decimal(5,2)',
        [
          [1.25, '1.25'],
          ['12.5', '12.50'],
          [0.1 + 0.2, '0.30'],
        ],
        [1.255, 12345, 'x'],
      ],
      ['day', 'date', [['2026-01-31', '2026-01-31']], ['2026-01-31T10:00:00Z', '2026-02-30', 'soon']],
      [
        'seen_at',
        'timestamp',
        [['2026-01-31T10:00:00Z', '2026-01-31 10:00:00.000']],
        ['', '2016-13-31T00:00:00Z', '__dap_oversized_truncated__'],
      ],
      ['open', 'boolean', [[true, true]], ['perhaps']],
      ['score', 'double', [[1.5, 1.5]], ['x']],
    ];
    const spec = specOf(TABLE, [
      { name: 'id', type: 'bigint' },
      ...columns.map(([name, type]) => ({ name, type })),
    ]);
    const value = (of: (column: (typeof columns)[number]) => unknown) =>
      Object.fromEntries(columns.map((column) => [column[0], of(column)]));
    const fine = [0, 1, 2].map((i) => value(([, , given]) => given[i % given.length]![0]));
    const others = [0, 1, 2, 3].map((i) => value(([, , , misfits]) => misfits[i % misfits.length]));
    const write = (values: object[]) =>
      home.raw(values.map((each, id) => ({ ts: at(1), key: { id: BigInt(id) }, value: each as never })));
    const show = async (files: string[]) => {
      const result = await home.engine.replace(spec, files, fresh());
      return {
        ...result,
        rows: await rows(`SELECT * FROM ${TABLE} ORDER BY id`, { [TABLE]: result.version }),
      };
    };

    const whole = await show([await write(fine)]);
    const mixed = await show([await write([...fine, ...others])]);
    const merged = await home.engine.merge(whole.version, spec, [await write([...fine, ...others])], fresh());

    const cells = [0, 1, 2].map((id) => [
      BigInt(id),
      ...columns.map(([, , given]) => given[id % given.length]![1]),
    ]);
    expect(whole.rows).toEqual(cells);
    expect(whole).not.toHaveProperty('setAside');
    expect(mixed.rows).toEqual([
      ...cells,
      ...others.map((_, i) => [BigInt(3 + i), ...columns.map(() => null)]),
    ]);
    const counts = Object.fromEntries(columns.map(([name]) => [name, others.length]));
    expect(mixed.setAside).toEqual(counts);
    expect([merged.setAside, merged.version.rows]).toEqual([counts, 7]);
  });

  it('takes a record without a value for a removal, unless it says otherwise or records never have one', async () => {
    const lines = (...records: object[]) =>
      home.putRaw(
        `raw/canvas/told-${records.length}-${JSON.stringify(records).length}.jsonl.gz`,
        gzipSync(records.map((record) => `${JSON.stringify(record)}\n`).join('')),
      );
    const all = [1, 2, 3, 4, 5].map((id) => ({
      key: { id },
      value: { text: `v${id}` },
      meta: { ts: at(1) },
    }));
    const { version } = await home.engine.replace(THINGS, [await lines(...all)], fresh());
    const changes = await lines(
      { key: { id: 1 }, meta: { ts: at(2) } },
      { key: { id: 2 }, meta: { ts: at(2), action: 'd' } },
      { key: { id: 3 }, value: { text: 'new' }, meta: { ts: at(2), action: 'u' } },
      { key: { id: 4 }, value: null, meta: { ts: at(2) } },
      { key: { id: 5 }, value: {}, meta: { ts: at(2) } },
    );
    const keys = specOf(TABLE, [{ name: 'id', type: 'bigint' }]);
    const alone = await lines(
      { key: { id: 8 }, meta: { ts: at(1) } },
      { key: { id: 9 }, meta: { ts: at(1) } },
    );
    const snapshot = async (spec: typeof keys, file: string) =>
      (await home.engine.replace(spec, [file], fresh())).version.rows;

    const merged = await home.engine.merge(version, THINGS, [changes], fresh());

    expect(merged.deleted).toBe(3);
    expect(await things(merged.version)).toEqual([
      [3n, 'new'],
      [5n, null],
    ]);
    // Of a table whose values are all excluded, whether a record has any still counts.
    expect(await snapshot(keys, await lines(...all, { key: { id: 6 }, meta: { ts: at(1) } }))).toBe(5);
    expect([await snapshot(keys, alone), await snapshot({ ...keys, keyOnly: true }, alone)]).toEqual([0, 2]);
  });

  it('fails a load that says what became of a record in a word of its own', async () => {
    const { version } = await home.engine.replace(THINGS, [], fresh());
    const file = await home.putRaw(
      'raw/canvas/merged-away.jsonl.gz',
      gzipSync(
        `${JSON.stringify({ key: { id: 1 }, value: { text: 'x' }, meta: { ts: at(2), action: 'X' } })}\n`,
      ),
    );

    await expect(home.engine.merge(version, THINGS, [file], fresh())).rejects.toMatchObject({
      name: 'RawDataError',
      message:
        '1 of 1 delivered records of canvas.things say what became of them in a word that is neither U nor D.',
    });
  });

  it('keeps columns apart whose names at the source differ only in case', async () => {
    const spec = specOf(TABLE, [
      { name: 'id', type: 'bigint' },
      { name: 'name', type: 'varchar', source: 'Name' },
      { name: 'name_2', type: 'varchar', source: 'name' },
      { name: 'n', type: 'bigint', source: 'N"o' },
    ]);
    const file = await raw([
      { ts: at(1), key: { id: 1n }, value: { Name: 'A', name: 'b', 'N"o': 21070000000000001n } },
      { ts: at(1), key: { id: 2n }, value: { name: 'c' } },
    ]);

    const { version } = await home.engine.replace(spec, [file], fresh());

    expect(await rows(`SELECT * FROM ${TABLE} ORDER BY id`, { [TABLE]: version })).toEqual([
      [1n, 'A', 'b', 21070000000000001n],
      [2n, null, 'c', null],
    ]);
  });

  it('refuses records without their key, and files that are cut short', async () => {
    const keyless = await raw([{ ts: at(1), key: {}, value: { text: 'nobody' } }]);
    const whole = toJsonLines([{ ts: at(1), key: { id: 1n }, value: { text: 'x' } }]);
    const cut = await home.putRaw('raw/canvas/cut.jsonl.gz', gzipSync(whole.slice(0, -5)));

    await expect(home.engine.replace(THINGS, [keyless], fresh())).rejects.toThrow(
      '1 of 1 delivered records of canvas.things lack their key (id).',
    );
    for (const meta of [{}, { ts: 'yesterday' }]) {
      const timeless = await home.putRaw(
        'raw/canvas/timeless.jsonl.gz',
        gzipSync(`${JSON.stringify({ key: { id: 1 }, value: { text: 'x' }, meta })}\n`),
      );
      await expect(home.engine.replace(THINGS, [timeless], fresh())).rejects.toMatchObject({
        message: '1 of 1 delivered records of canvas.things lack meta.ts.',
        hint: expect.stringContaining('ask the source'),
      });
    }
    await expect(home.engine.replace(THINGS, [cut], fresh())).rejects.toMatchObject({
      name: 'RawDataError',
    });
  });
}
