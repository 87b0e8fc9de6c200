import { describe, expect, it } from 'vitest';
import { readState } from '../../src/loads/dataset-state.ts';
import type { LoadColumn } from '../../src/loads/load.ts';
import { stagedLoadOf, stagedOf } from '../../src/loads/state.ts';
import { StillRunningError } from '../../src/ports/errors.ts';
import type { QueryEngine } from '../../src/ports/query-engine.ts';
import { stage } from '../../src/staging/stage.ts';
import { catalogOf, SOURCE_COLUMNS, USERS, user, useUsers } from './users.ts';

const users = useUsers();

describe('the stage step', () => {
  it('takes a snapshot and the increments after it in order, and leaves secrets behind', async () => {
    // Prepare
    await users.deliver('l1', 'snapshot', [
      user(1, 1, { name: 'a', ssn: '123-45-6789' }),
      user(2, 1, { name: 'b' }),
    ]);
    await users.deliver('l2', 'increment', [user(2, 2, { name: 'b2' }), user(3, 2, { name: 'c' })]);
    await users.deliver('l3', 'increment', [user(1, 3), user(2, 3, { name: 'b3' })]);

    // Act
    const done = await users.stage('r1');

    // Assess
    expect(done).toEqual({ dataset: 'canvas.users', rows: 2, upserted: 5, deleted: 1, schemaChanges: 0 });
    expect(await users.rows()).toEqual([
      [2n, 'b3'],
      [3n, 'c'],
    ]);
    const state = await users.state();
    expect(stagedLoadOf(state)).toBe('l3');
    expect(state.pending).toEqual([]);
  });

  /** From here on a name is a day, in the catalog and in the columns that it gives. */
  function datedNames(): LoadColumn[] {
    const dated = <C extends { readonly name: string }>(column: C) =>
      column.name === 'name' ? { ...column, type: 'date' as const } : column;
    Object.assign(users.lake, { catalog: catalogOf({ ...USERS, columns: USERS.columns.map(dated) }) });
    return SOURCE_COLUMNS.map(dated);
  }
  const faults = async () => (await users.table()).deliveredFaults;

  it('remembers in how many values something was the matter until the next load is staged', async () => {
    const columns = datedNames();

    await users.deliver(
      'l1',
      'snapshot',
      [user(1, 1, { name: 'soon' }), user(2, 1, { name: '2026-01-31' })],
      columns,
    );
    await users.stage('r1');
    const first = await faults();
    const cells = await users.rows();
    await users.deliver('l2', 'increment', [user(1, 2, { name: '2026-02-01' })], columns);
    await users.stage('r2');

    expect(cells).toEqual([
      [1n, null],
      [2n, '2026-01-31'],
    ]);
    expect([first, await faults()]).toEqual([{ setAside: { name: 1 }, replaced: {} }, undefined]);

    const required = columns.map((column) => ({ ...column, nullable: false }));
    await users.deliver('l3', 'increment', [user(1, 3, { name: 'soon' })], required);
    await expect(users.stage('r3')).rejects.toThrow('canvas.users.name holds a value that is no date');
  });

  it('adds up what was the matter with loads that are staged together', async () => {
    const columns = datedNames();
    await users.deliver(
      'l1',
      'snapshot',
      [user(1, 1, { name: 'soon' }), user(2, 1, { name: 'never' })],
      columns,
    );
    await users.deliver('l2', 'increment', [user(3, 2, { name: 'soon' })], columns);
    await users.deliver('l3', 'increment', [user(4, 3, { name: '2026-01-31' })], columns);

    await users.stage('r1');

    expect(await faults()).toEqual({ setAside: { name: 3 }, replaced: {} });
  });

  it('knows a table to which nothing happens for as long as its source says', async () => {
    const knownUpTo = '2026-01-05T00:00:00Z';
    await users.deliver('l1', 'snapshot', [user(1, 1, { name: 'a' })], undefined, { knownUpTo });

    await users.stage('r1');

    const state = await users.state();
    expect(stagedOf(state)?.time).toEqual({ asOf: knownUpTo, loadedAt: '2026-01-01T00:00:00Z' });
  });

  it('knows the rows at the source of a snapshot, and not of the changes after it', async () => {
    const rowsAtSource = async () => (await users.table()).rowsAtSource;
    await users.deliver('l1', 'snapshot', [user(1, 1, { name: 'a' }), user(2, 1, { name: 'b' })], undefined, {
      rows: 2,
    });
    await users.stage('r1');
    expect(await rowsAtSource()).toBe(2);

    await users.deliver('l2', 'increment', [user(3, 2, { name: 'c' })], undefined, { rows: 1 });
    await users.stage('r2');
    expect(await rowsAtSource()).toBeUndefined();
  });

  it('leaves a load waiting that is committed while it stages', async () => {
    await users.deliver('l1', 'snapshot', [user(1, 1, { name: 'a' })]);
    const { replace } = users.lake.platform.engine;
    Object.assign(users.lake.platform.engine, {
      replace: async (...given: Parameters<typeof replace>) => {
        const staged = await replace.apply(users.lake.platform.engine, given);
        await users.deliver('l2', 'increment', [user(2, 2, { name: 'b' })]);
        return staged;
      },
    });
    await users.stage('r1');

    const state = await users.state();
    expect(stagedLoadOf(state)).toBe('l1');
    expect(state.pending.map(({ load }) => load)).toEqual(['l2']);
  });

  it('does nothing when it is repeated', async () => {
    await users.deliver('l1', 'snapshot', [user(1, 1, { name: 'a' })]);
    await users.stage('r1');
    const before = await readState(users.lake.platform.ledger, 'canvas.users');

    const again = await users.stage('r1');

    expect(again).toMatchObject({ rows: 1, upserted: 0, deleted: 0 });
    expect(await readState(users.lake.platform.ledger, 'canvas.users')).toEqual(before);
  });

  it('keeps a column that nobody has decided about out, empties one that vanished in every row, and tells both once', async () => {
    // Prepare
    await users.deliver('l1', 'snapshot', [user(1, 1, { name: 'a' })]);
    await users.stage('r1');
    const changed: LoadColumn[] = [
      SOURCE_COLUMNS[0]!,
      SOURCE_COLUMNS[2]!,
      { name: 'pronouns', section: 'value', type: 'varchar', nullable: true },
    ];
    await users.deliver('l2', 'increment', [user(2, 2, { pronouns: 'they' })], changed);

    // Act
    const second = await users.stage('r2');
    await users.deliver('l3', 'increment', [user(3, 3, { pronouns: 'she' })], changed);
    const third = await users.stage('r3');

    // Assess
    expect(await users.rows()).toEqual([
      [1n, null],
      [2n, null],
      [3n, null],
    ]);
    expect([second.schemaChanges, third.schemaChanges]).toEqual([2, 0]);
    const told = await users.lake.platform.ledger.rows('schema_changes');
    expect(
      told.map(({ id, column_name, change, new_type }) => ({ id, column_name, change, new_type })),
    ).toEqual([
      { id: 'r2:canvas.users:name:vanished', column_name: 'name', change: 'vanished', new_type: null },
      {
        id: 'r2:canvas.users:pronouns:undecided',
        column_name: 'pronouns',
        change: 'undecided',
        new_type: 'varchar',
      },
    ]);
    expect(users.notes).toHaveLength(2);
  });

  it('goes on where it was when the home stages elsewhere, and begins again after a failure', async () => {
    // Prepare
    const { engine, ledger } = users.lake.platform;
    const marks: (string | undefined)[] = [];
    const answers: unknown[] = [
      new StillRunningError('Athena is still at it', { retryAfterSeconds: 20 }),
      new Error('Athena gave up'),
      new StillRunningError('Athena is still at it', { retryAfterSeconds: 20 }),
      undefined,
    ];
    const elsewhere: Pick<QueryEngine, 'capabilities' | 'replace'> = {
      capabilities: { background: true },
      async replace(spec, files, versionId, budget) {
        marks.push(budget?.resumeToken);
        const error = answers.shift();
        if (error) throw error;
        return engine.replace(spec, files, versionId);
      },
    };
    Object.assign(users.lake.platform, {
      engine: Object.assign(Object.create(engine, {}), {
        ...elsewhere,
        close: () => (engine as unknown as { close(): Promise<void> }).close(),
      }),
    });
    await users.deliver('l1', 'snapshot', [user(1, 1, { name: 'a' })]);
    const input = { run: 'r1', dataset: 'canvas.users' };

    // Act
    const first = await stage.run(input, users.lake);
    await expect(stage.run(input, users.lake)).rejects.toThrow('Athena gave up');
    const third = await stage.run(input, users.lake);
    const last = await stage.run(input, users.lake);

    // Assess
    expect([first, third]).toEqual(Array(2).fill({ done: false, retryAfterSeconds: 20 }));
    expect(last).toMatchObject({ dataset: 'canvas.users', rows: 1 });
    expect(marks[0]).toMatch(/^[0-9a-f]{10}$/);
    expect(marks).toEqual([marks[0], marks[0], marks[2], marks[2]]);
    expect(marks[2]).not.toBe(marks[0]);
    expect(await ledger.list('staging/')).toEqual([]);
  });

  it('stops where there are only changes and no table to merge them into', async () => {
    await users.deliver('l2', 'increment', [user(1, 1, { name: 'a' })]);

    await expect(users.stage('r1')).rejects.toMatchObject({
      name: 'NeedsSnapshotError',
      message: expect.stringContaining('a new snapshot has to be loaded'),
    });
    expect((await users.state()).snapshotNext).toBe(true);
  });
});
