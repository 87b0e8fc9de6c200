import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { LakeType } from '../../src/campus/lake-type.ts';
import type { Cell } from '../../src/platform/ports/query-engine.ts';
import { specOf, toJsonLines } from '../platform/local/duckdb/lake-folder.ts';
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
    const person = 'e226d6185bb25240418c0d83bcd0b9e5';
    const user = '38b79c314d0153b123ba53ca45a1b89c';
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
}
