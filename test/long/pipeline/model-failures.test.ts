import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listModelRecords } from '../../../src/pipeline/model-record.ts';
import { dataset, instant, ModelLake } from './model-lake.ts';

describe('The models of a run that fail or go', () => {
  let models: ModelLake;
  beforeEach(async () => {
    models = await ModelLake.open();
  });
  afterEach(() => models.close());

  it('with a mistake cost themselves and those that need them, and are named with their line', async () => {
    await models.write('good', 'SELECT count(*) AS n FROM canvas.users');
    await models.write('torn', 'SELECT count(*) AS n\nFROM canvas.users WHERE = 1');
    await models.write('header', '-- stale: sometimes\nSELECT 1 AS x');
    await models.write('lint', 'SELECT id::varchar AS id FROM canvas.users');
    await models.write('lost', 'SELECT count(*) AS n\nFROM canvas.user');
    await models.write('ring_a', 'SELECT n FROM campus.ring_b');
    await models.write('ring_b', 'SELECT n FROM campus.ring_a');
    await models.write('needs_torn', 'SELECT n FROM campus.torn');
    await models.write('needs_ring', 'SELECT n FROM campus.ring_a');
    for (const name of ['users', 'work']) await models.load(name, [1]);

    expect(await models.run()).toEqual({
      torn: expect.stringMatching(/^torn\.sql:2:25: The SQL cannot be read at "="/),
      header: 'header.sql:1:1: A model over stale data cannot "sometimes".',
      lint: expect.stringMatching(/^lint\.sql:1:10: /),
      lost: 'lost.sql:2:6: there is no table "canvas.user"; did you mean "canvas.users"?',
      ring_a: 'ring_a.sql:1:15: models need each other: ring_a → ring_b → ring_a.',
      ring_b: 'ring_b.sql:1:15: models need each other: ring_b → ring_a → ring_b.',
      needs_torn: 'needs_torn.sql needs campus.torn, which could not be built.',
      needs_ring: 'needs_ring.sql needs campus.ring_a, which could not be built.',
    });
    expect(await models.rowsOf('campus.good')).toEqual([[1n]]);
  });

  it('that break a check keep their last version, and so do those that need them', async () => {
    const check = '-- check: { kind: range, column: n, max: 1 }';
    await models.write('first', `${check}\nSELECT count(*) AS n FROM canvas.users`);
    await models.write('second', 'SELECT n FROM campus.first');
    for (const name of ['users', 'work']) await models.load(name, [1]);
    expect(await models.run()).toEqual({});
    models.today = 1;
    for (const name of ['users', 'work']) await models.load(name, [1, 2]);

    expect(Object.keys(await models.run())).toEqual(['first', 'second']);

    for (const table of ['campus.first', 'campus.second']) {
      expect(await models.rowsOf(table)).toEqual([[1n]]);
      expect((await models.published()).facts[table]).toMatchObject({ run: 'r0', isStale: true });
    }
  });

  it('that have a mistake since keep their last version, and what was said of its columns', async () => {
    await models.write('list', '-- column n (direct): a name\nSELECT count(*) AS n FROM canvas.users');
    for (const name of ['users', 'work']) await models.load(name, [1]);
    await models.run();
    await models.write('list', '-- column n (directly): a name\nSELECT count(*) AS n FROM canvas.users');
    models.today = 1;
    for (const name of ['users', 'work']) await models.load(name, [1, 2]);

    expect(Object.keys(await models.run())).toEqual(['list']);

    expect((await models.published()).facts['campus.list']).toMatchObject({
      run: 'r0',
      asOf: instant(0),
      whyOld: 'it could not be built',
      header: { columns: [{ name: 'n', privacy: 'direct', description: 'a name' }] },
    });
    expect(await models.rowsOf('campus.list')).toEqual([[1n]]);
  });

  it('that are deleted or renamed leave the next publication, and are forgotten', async () => {
    await models.write('kept', 'SELECT count(*) AS n FROM canvas.users');
    await models.write('removed', 'SELECT count(*) AS n FROM canvas.users');
    for (const name of ['users', 'work']) await models.load(name, [1]);
    await models.run();
    await models.remove('removed');
    await models.write('renamed', 'SELECT count(*) AS n FROM canvas.users');
    models.datasets = [dataset('users')];
    models.today = 1;
    await models.load('users', [1, 2]);

    await models.run();

    const { tables, facts } = await models.published();
    expect(Object.keys(tables).sort()).toEqual(['campus.kept', 'campus.renamed', 'canvas.users']);
    expect(Object.keys(facts).sort()).toEqual(['campus.kept', 'campus.renamed', 'canvas.users']);
    expect((await listModelRecords(models.lake.platform.ledger)).map(({ model }) => model)).toEqual([
      'kept',
      'renamed',
    ]);
    await models.remove('kept');
    await models.remove('renamed');
    await models.run();
    expect(Object.keys((await models.published()).tables)).toEqual(['canvas.users']);
  });

  it('stay as they were where their folder is not there', async () => {
    await models.write('list', 'SELECT count(*) AS n FROM canvas.users');
    for (const name of ['users', 'work']) await models.load(name, [1]);
    await models.run();
    await rm(join(models.root, 'models'), { recursive: true });
    models.today = 1;
    for (const name of ['users', 'work']) await models.load(name, [1, 2]);

    await models.run();

    expect(await models.rowsOf('campus.list')).toEqual([[1n]]);
    expect((await models.published()).facts['campus.list']).toMatchObject({ run: 'r0', isStale: true });
  });
});
