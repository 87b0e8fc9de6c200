import { describe, expect, it } from 'vitest';
import type { CatalogColumn } from '../../src/campus/catalog-schema.ts';
import { changeState } from '../../src/loads/dataset-state.ts';
import type { LoadColumn } from '../../src/loads/load.ts';
import { passed } from '../../src/loads/table-state.ts';
import { pseudonymOf } from '../../src/privacy/pseudonym.ts';
import { checksPlan } from '../../src/quality/steps.ts';
import { digestOfVersion } from '../../src/staging/definition.ts';
import { catalogOf, SOURCE_COLUMNS, user, useUsers } from './users.ts';

const users = useUsers();

describe('when the catalog makes another table of the dataset', () => {
  const all = { name: 'a', ssn: '1' };

  /** A snapshot of three rows, and an increment that changes the first. */
  async function loaded(): Promise<void> {
    await users.deliver(
      'l1',
      'snapshot',
      [1, 2, 3].map((id) => user(id, 1, { ...all, name: `n${id}` })),
    );
    await users.stage('r1');
    await users.deliver('l2', 'increment', [user(1, 2, { ...all, name: 'n1b' })]);
    await users.stage('r2');
  }
  const restage = (run = 'r3') => users.stage(run);

  it('leaves no value behind of a column that is excluded from now on', async () => {
    await loaded();
    const { version: staged } = await users.table();
    users.decide({ name: { privacy: 'secret' } });

    expect(await restage()).toMatchObject({ rows: 3, upserted: 0, schemaChanges: 1 });

    expect(await users.columnsNow()).toEqual(['id']);
    expect(await users.rows()).toEqual([[1n], [2n], [3n]]);
    const state = await users.state();
    expect(state.narrowed).toEqual([{ digest: digestOfVersion(staged) }]);
    expect(users.notes).toContain('name is no longer kept');
  });

  it('does so with the increment of the same night', async () => {
    await loaded();
    users.decide({ name: { privacy: 'secret' } });
    await users.deliver('l3', 'increment', [user(2, 3), user(4, 3, { name: 'd' })]);

    expect(await restage()).toMatchObject({ rows: 3, upserted: 1, deleted: 1 });

    expect(await users.rows()).toEqual([[1n], [3n], [4n]]);
    expect((await users.state()).pending).toEqual([]);
  });

  it('makes pseudonyms of every value, and others by another key', async () => {
    await loaded();
    users.decide({ name: { treatment: 'pseudonym' } });
    users.lake.campus.privacy.key = { env: 'KEY' };

    await restage();
    const first = (await users.rows()).map(([, name]) => name);
    users.secret = 'another key of this college';
    const told = await restage('r4');
    const second = (await users.rows()).map(([, name]) => name);

    const pseudonyms = (key: string) =>
      ['n1b', 'n2', 'n3'].map((name) => pseudonymOf(name, 'name', [Buffer.from(key)]));
    expect(first).toEqual(pseudonyms('a key of this college'));
    expect(second).toEqual(pseudonyms(users.secret));
    expect(told).toMatchObject({ schemaChanges: 1 });
    const { version: staged } = await users.table();
    expect(JSON.stringify(staged.definition)).not.toContain(users.secret);
  });

  it('re-keys pseudonyms by a further key, though the raw zone has lost what they were made of', async () => {
    await loaded();
    users.decide({ name: { treatment: 'pseudonym' } });
    users.lake.campus.privacy.key = { env: 'KEY' };
    await restage();
    const { objects } = users.lake.platform;
    await objects.delete(await objects.list('raw/canvas/canvas/users/'));
    const keys = [Buffer.from(users.secret), Buffer.from('the key of next year')];
    users.further = 'the key of next year';
    users.lake.campus.privacy.rotations = [{ env: 'NEXT' }];

    const told = await restage('r4');

    const expected = ['n1b', 'n2', 'n3'].map((name) => pseudonymOf(name, 'name', keys));
    expect((await users.rows()).map(([, name]) => name)).toEqual(expected);
    expect(told).toMatchObject({ rows: 3, schemaChanges: 1 });
    expect(users.notes).toContain('the pseudonyms in name are of key version 2');
    // What showed the old ones counts as showing too much.
    expect((await users.state()).narrowed).toHaveLength(2);
    await users.deliver('l3', 'increment', [user(2, 3), user(4, 3, { name: 'n3' })]);
    await users.stage('r5');
    expect((await users.rows()).map(([, name]) => name)).toEqual([expected[0], expected[2], expected[2]]);
  });

  it('masks every value, the same of a later load, and by another mask on request', async () => {
    await loaded();
    const { version: staged } = await users.table();
    users.decide({ name: { mask: 'first_letter' } });

    await restage();

    expect((await users.rows()).map(([, name]) => name)).toEqual(['n***', 'n***', 'n***']);
    expect((await users.state()).narrowed).toEqual([{ digest: digestOfVersion(staged) }]);
    expect(users.notes).toContain('name is now stored by the mask first_letter');

    await users.deliver('l3', 'increment', [user(2, 3, { name: 'Zoe' })]);
    await users.stage('r4');
    expect((await users.rows()).map(([, name]) => name)).toEqual(['n***', 'Z***', 'n***']);

    users.decide({ name: { mask: 'redact' } });
    await restage('r5');
    expect((await users.rows()).map(([, name]) => name)).toEqual(Array(3).fill('[redacted]'));

    users.decide({ name: {} });
    await restage('r6');
    expect((await users.rows()).map(([, name]) => name)).toEqual(['n1b', 'Zoe', 'n3']);
    expect(users.notes).toContain('name is no longer masked');
  });

  it('fills a column that is kept from now on in every row', async () => {
    await loaded();
    users.decide({ ssn: { privacy: 'none' } });

    await restage();

    expect(await users.rows()).toEqual([
      [1n, 'n1b', '1'],
      [2n, 'n2', '1'],
      [3n, 'n3', '1'],
    ]);
    expect((await users.state()).narrowed).toBeUndefined();
  });

  it('renames, widens and takes another key in every row', async () => {
    await loaded();
    users.decide({ id: { type: 'varchar', name: 'user_id', source: 'id' } }, ['user_id']);

    expect(await restage()).toMatchObject({ rows: 3, schemaChanges: 3 });

    expect((await users.rows('user_id')).map(([id]) => id)).toEqual(['1', '2', '3']);
  });

  it('asks for a snapshot where the raw files were made before the source had the column', async () => {
    await loaded();
    const columns: LoadColumn[] = [
      ...SOURCE_COLUMNS,
      { name: 'status', section: 'value', type: 'varchar', nullable: true },
    ];
    await users.deliver('l3', 'increment', [user(1, 3, { ...all, status: 's' })], columns);
    await users.stage('r3');
    users.decide({ status: {} });

    // Only more is to be shown: the table stays as it is until then.
    expect(await restage('r4')).toMatchObject({ rows: 3, schemaChanges: 0 });
    expect(await users.columnsNow()).toEqual(['id', 'name']);

    await users.deliver('l4', 'snapshot', [user(1, 4, { ...all, status: 's' }), user(2, 4, all)], columns);
    await restage('r5');
    expect(await users.rows()).toEqual([
      [1n, 'a', 's'],
      [2n, 'a', null],
    ]);
  });

  it.each([
    [
      'a file',
      async () => users.lake.platform.objects.delete(['raw/canvas/canvas/users/l1/part-0.jsonl.gz']),
    ],
    [
      'a manifest',
      async () => users.lake.platform.objects.delete(['raw/canvas/canvas/users/l1/manifest.json']),
    ],
  ])('says that it needs a snapshot where the raw zone lost %s', async (_, lose) => {
    await loaded();
    users.decide({ name: { privacy: 'secret' } });
    await lose();

    await expect(restage()).rejects.toMatchObject({
      name: 'NeedsSnapshotError',
      message: expect.stringContaining('name is no longer kept'),
    });

    const state = await users.state();
    expect(state.snapshotNext).toBe(true);
  });

  it('has a version by another definition checked, though it holds no new load', async () => {
    await loaded();
    await changeState(users.lake.platform.ledger, 'canvas.users', (state) => passed(state, 'l2'));
    users.decide({ name: { privacy: 'secret' } });

    await restage();

    expect(await checksPlan.run({ run: 'r3' }, users.lake)).toMatchObject({
      rounds: [{ datasets: [{ dataset: 'canvas.users' }] }],
    });
  });

  it('writes nothing over what an earlier version is made of', async () => {
    await loaded();
    const { version: staged } = await users.table();
    users.decide({ name: { treatment: 'pseudonym' } });
    users.lake.campus.privacy.key = { env: 'KEY' };

    await restage();

    const before = await users.rows('id', staged);
    expect(before).toEqual([
      [1n, 'n1b'],
      [2n, 'n2'],
      [3n, 'n3'],
    ]);
  });

  it('keeps the rows of a source that has only its last days, where the raw zone does not hold them', async () => {
    await loaded();
    const windowed = (more: Partial<CatalogColumn>) => {
      users.decide({ name: more });
      const { get } = users.lake.catalog;
      Object.assign(users.lake, { catalog: catalogOf({ ...get('canvas.users'), namespace: 'canvas_logs' }) });
    };
    windowed({ treatment: 'pseudonym' });
    await expect(restage()).rejects.toMatchObject({ hint: expect.stringContaining('its last days only') });

    windowed({ privacy: 'secret' });
    await users.deliver('l3', 'increment', [user(4, 3, { name: 'd' })]);
    expect(await restage('r4')).toMatchObject({ rows: 4, upserted: 1 });
    expect(await users.rows()).toEqual([[1n], [2n], [3n], [4n]]);
  });

  it('stages again on request what is as it should be', async () => {
    await loaded();
    await changeState(users.lake.platform.ledger, 'canvas.users', (state) => ({ ...state, restage: true }));

    expect(await restage()).toMatchObject({ rows: 3, schemaChanges: 0 });

    expect((await users.state()).restage).toBeUndefined();
  });
});
