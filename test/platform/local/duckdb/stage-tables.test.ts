import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pseudonymOf } from '../../../../src/privacy/pseudonym.ts';
import { openTestLake, specOf, type TestLake, toJsonLines } from './lake-folder.ts';

const USERS = specOf('canvas.users', [
  { name: 'id', type: 'bigint' },
  { name: 'name', type: 'varchar' },
  { name: 'logins', type: 'integer' },
  { name: 'created_at', type: 'timestamp' },
  { name: 'settings', type: 'varchar' },
]);

describe('staging of DAP records', () => {
  let lake: TestLake;
  beforeEach(async () => {
    lake = await openTestLake();
  });
  afterEach(() => lake.close());

  it('keeps 17-digit ids, absent values, nested objects, instants and placeholders exactly', async () => {
    // Prepare
    const file = await lake.writeRaw('users', [
      {
        ts: '2026-01-01T00:00:00Z',
        key: { id: 21070000000000001n },
        value: {
          name: '__dap_unspecified__',
          logins: 3,
          created_at: '2026-01-01T02:00:00.123456+02:00',
          settings: { a: '1', b: [1, 2] },
        },
      },
      { ts: '2026-01-01T00:00:00Z', key: { id: 21070000000000003n }, value: {} },
    ]);

    // Act
    const { version, read, upserted } = await lake.engine.replace(USERS, [file], 'v1');

    // Assess
    expect({ read, upserted, rows: version.rows }).toEqual({ read: 2, upserted: 2, rows: 2 });
    expect(await lake.rows('SELECT * FROM canvas.users ORDER BY id', { 'canvas.users': version })).toEqual([
      [21070000000000001n, '__dap_unspecified__', 3, '2026-01-01 00:00:00.123456', '{"a":"1","b":[1,2]}'],
      [21070000000000003n, null, null, null, null],
    ]);
  });

  it('takes the newest of records that come twice, in whichever order and file', async () => {
    const older = { ts: '2026-01-01T00:00:00Z', key: { id: 1n }, value: { name: 'old' } };
    const newer = { ts: '2026-01-02T00:00:00Z', key: { id: 1n }, value: { name: 'new' } };
    const a = await lake.writeRaw('a', [newer, older]);
    const b = await lake.writeRaw('b', [older]);

    const { version } = await lake.engine.replace(USERS, [a, b], 'v1');

    expect(await lake.rows('SELECT id, name FROM canvas.users', { 'canvas.users': version })).toEqual([
      [1n, 'new'],
    ]);
  });

  it('names dataset, column and file of a value that does not fit, and keeps the value to itself', async () => {
    const file = await lake.writeRaw('part-3', [
      { ts: '2026-01-01T00:00:00Z', key: { id: 1n }, value: { logins: 'Ada Lovelace' } },
    ]);

    const columns = USERS.columns.map((column) => ({ ...column, required: column.name === 'logins' }));

    const failure = await lake.engine
      .replace({ ...USERS, columns }, [file], 'v1')
      .catch((error: Error) => error);

    expect(failure).toMatchObject({
      name: 'RawDataError',
      message: 'canvas.users.logins holds a value that is no integer in the raw file part-3.jsonl.gz.',
    });
    expect(String(failure)).not.toContain('Ada');
    expect(await readdir(join(lake.root, 'staged')).catch(() => [])).toEqual([]);
  });

  it('says that a file is damaged', async () => {
    const whole = toJsonLines([{ ts: '2026-01-01T00:00:00Z', key: { id: 1n }, value: { name: 'x' } }]);
    const file = await lake.writeBytes('cut.jsonl', Buffer.from(whole.slice(0, -20)));

    await expect(lake.engine.replace(USERS, [file], 'v1')).rejects.toThrow(
      /cut\.jsonl of canvas\.users cannot be read/,
    );
  });

  it('refuses records without their key', async () => {
    const file = await lake.writeRaw('users', [
      { ts: '2026-01-01T00:00:00Z', key: {}, value: { name: 'nobody' } },
    ]);

    await expect(lake.engine.replace(USERS, [file], 'v1')).rejects.toThrow(
      '1 of 1 delivered records of canvas.users lack their key (id).',
    );
  });

  it('makes an empty table of no files', async () => {
    const { version } = await lake.engine.replace(USERS, [], 'v1');

    expect(version.rows).toBe(0);
    expect(await lake.rows('SELECT count(*) FROM canvas.users', { 'canvas.users': version })).toEqual([[0n]]);
  });

  it('turns ids into the pseudonyms that the key gives, the same for every way of writing one', async () => {
    // Prepare
    const key = Buffer.from('correct horse battery staple');
    const keyed = await openTestLake({ pseudonymKeys: async () => [key] });
    const spec = specOf('canvas.pseudonyms', [
      { name: 'id', type: 'bigint' },
      { name: 'sis_user_id', type: 'varchar', treatment: 'pseudonym', pseudonymKind: 'person' },
      { name: 'user_id', type: 'varchar', treatment: 'pseudonym', pseudonymKind: 'canvas_user' },
    ]);
    const file = await keyed.writeRaw('p', [
      {
        ts: '2026-01-01T00:00:00Z',
        key: { id: 1n },
        value: { sis_user_id: ' S001', user_id: 21070000000000001n },
      },
      { ts: '2026-01-01T00:00:00Z', key: { id: 2n }, value: { sis_user_id: 's001' } },
    ]);

    // Act
    const { version } = await keyed.engine.replace(spec, [file], 'v1');

    // Assess
    const person = pseudonymOf('S001', 'person', [key]);
    expect(person).toMatch(/^[0-9a-f]{32}$/);
    expect(
      await keyed.rows('SELECT * FROM canvas.pseudonyms ORDER BY id', { 'canvas.pseudonyms': version }),
    ).toEqual([
      [1n, person, pseudonymOf('21070000000000001', 'canvas_user', [key])],
      [2n, person, null],
    ]);
    await keyed.close();
  });
});
