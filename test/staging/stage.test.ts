import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import type { CatalogColumn } from '../../src/campus/catalog-schema.ts';
import { changeState, commitLoad, readState } from '../../src/loads/dataset-state.ts';
import type { LoadColumn, LoadManifest } from '../../src/loads/load.ts';
import { stagedLoadOf, stagedOf } from '../../src/loads/state.ts';
import { passed } from '../../src/loads/table-state.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openLocalEngine } from '../../src/platform/local/duckdb/engine.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import { StillRunningError } from '../../src/ports/errors.ts';
import type { Cell, QueryEngine } from '../../src/ports/query-engine.ts';
import type { Uses } from '../../src/ports/step.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { pseudonymOf } from '../../src/privacy/pseudonym.ts';
import { checksPlan } from '../../src/quality/steps.ts';
import { digestOfVersion } from '../../src/staging/definition.ts';
import { stage } from '../../src/staging/stage.ts';
import { granted } from '../granted.ts';
import { lakeOf } from '../lake-of.ts';
import { type RawRecord, toJsonLines } from '../platform/local/duckdb/lake-folder.ts';

const USERS: CatalogDataset = {
  id: 'canvas.users',
  source: 'canvas',
  name: 'users',
  namespace: 'canvas',
  table: 'users',
  key: ['id'],
  columns: [
    { name: 'id', type: 'bigint', privacy: 'quasi' },
    { name: 'name', type: 'varchar', privacy: 'direct' },
    { name: 'ssn', type: 'varchar', privacy: 'secret' },
  ],
};

const SOURCE_COLUMNS: LoadColumn[] = [
  { name: 'id', section: 'key', type: 'bigint', nullable: true },
  { name: 'name', section: 'value', type: 'varchar', nullable: true },
  { name: 'ssn', section: 'value', type: 'varchar', nullable: true },
];

const catalogOf = (dataset: CatalogDataset) => ({
  datasets: [dataset],
  get: () => dataset,
  of: () => [dataset],
});

describe('the stage step', () => {
  let root: string;
  let lake: Uses<
    | 'session'
    | 'signal'
    | 'report'
    | 'campus'
    | 'catalog'
    | 'clock'
    | 'objects'
    | 'ledger'
    | 'engine'
    | 'secrets'
  >;
  let notes: string[];
  let secret: string;
  let delivered: number;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'campus-lake-stage-'));
    notes = [];
    delivered = 0;
    secret = 'a key of this college';
    const platform = {
      clock: systemClock,
      objects: await openLocalObjects(root),
      ledger: openLocalLedger(join(root, 'ledger')),
      engine: await openLocalEngine({ root, threads: 2, pseudonymKey: async () => Buffer.from(secret) }),
      secrets: { get: async () => secret },
    };
    lake = lakeOf({
      campus: { privacy: { defaults: {} }, sources: { canvas: { kind: 'canvas' } } },
      catalog: catalogOf(USERS),
      platform,
      report: { note: (_: string, text: string) => notes.push(text), progress: () => {} },
      signal: new AbortController().signal,
    });
  });
  afterEach(async () => {
    await (lake.platform.engine as unknown as { close(): Promise<void> }).close();
    await rm(root, { recursive: true, force: true });
  });

  /** Puts a load into the raw zone and commits it. */
  async function deliver(
    load: string,
    kind: LoadManifest['kind'],
    records: readonly RawRecord[],
    columns: LoadColumn[] = SOURCE_COLUMNS,
    more: Partial<LoadManifest> = {},
  ): Promise<void> {
    const time = (days: number) => new Date(Date.UTC(2026, 0, days)).toISOString();
    delivered += 1;
    const { objects, ledger } = lake.platform;
    const prefix = `raw/canvas/canvas/users/${load}`;
    const bytes = gzipSync(toJsonLines(records));
    const file = await objects.put(`${prefix}/part-0.jsonl.gz`, Readable.from([bytes]));
    const manifest: LoadManifest = {
      load,
      dataset: 'canvas.users',
      kind,
      layout: 'dap',
      format: 'jsonl',
      ...(kind === 'increment' ? { since: time(delivered - 1) } : {}),
      watermark: time(delivered),
      files: [file],
      columns,
      startedAt: '2026-01-01T00:00:00Z',
      ...more,
    };
    await objects.putText(`${prefix}/manifest.json`, JSON.stringify(manifest));
    await commitLoad(ledger, manifest, `${prefix}/manifest.json`);
  }

  const user = (id: number, day: number, value?: RawRecord['value']): RawRecord => ({
    ts: `2026-01-0${day}T00:00:00Z`,
    action: value ? 'U' : 'D',
    key: { id: BigInt(id) },
    value,
  });

  async function rows(key = 'id', version?: TableVersion): Promise<Cell[][]> {
    const { state } = await readState(lake.platform.ledger, 'canvas.users');
    const sql = `SELECT * FROM canvas.users ORDER BY ${key}`;
    const result = await lake.platform.engine.query(
      sql,
      granted({ 'canvas.users': version ?? stagedOf(state)!.version }),
    );
    const found: Cell[][] = [];
    for await (const batch of result.batches()) found.push(...batch);
    return found;
  }

  it('takes a snapshot and the increments after it in order, and leaves secrets behind', async () => {
    // Prepare
    await deliver('l1', 'snapshot', [
      user(1, 1, { name: 'a', ssn: '123-45-6789' }),
      user(2, 1, { name: 'b' }),
    ]);
    await deliver('l2', 'increment', [user(2, 2, { name: 'b2' }), user(3, 2, { name: 'c' })]);
    await deliver('l3', 'increment', [user(1, 3), user(2, 3, { name: 'b3' })]);

    // Act
    const done = await stage.run({ run: 'r1', dataset: 'canvas.users' }, lake);

    // Assess
    expect(done).toEqual({ dataset: 'canvas.users', rows: 2, upserted: 5, deleted: 1, schemaChanges: 0 });
    expect(await rows()).toEqual([
      [2n, 'b3'],
      [3n, 'c'],
    ]);
    const { state } = await readState(lake.platform.ledger, 'canvas.users');
    expect(stagedLoadOf(state)).toBe('l3');
    expect(state.pending).toEqual([]);
  });

  /** From here on a name is a day, in the catalog and in the columns that it gives. */
  function datedNames(): LoadColumn[] {
    const dated = <C extends { readonly name: string }>(column: C) =>
      column.name === 'name' ? { ...column, type: 'date' as const } : column;
    Object.assign(lake, { catalog: catalogOf({ ...USERS, columns: USERS.columns.map(dated) }) });
    return SOURCE_COLUMNS.map(dated);
  }
  const table = async () => stagedOf((await readState(lake.platform.ledger, 'canvas.users')).state)!;
  const faults = async () => (await table()).deliveredFaults;

  it('remembers in how many values something was the matter until the next load is staged', async () => {
    const columns = datedNames();

    await deliver(
      'l1',
      'snapshot',
      [user(1, 1, { name: 'soon' }), user(2, 1, { name: '2026-01-31' })],
      columns,
    );
    await stage.run({ run: 'r1', dataset: 'canvas.users' }, lake);
    const first = await faults();
    const cells = await rows();
    await deliver('l2', 'increment', [user(1, 2, { name: '2026-02-01' })], columns);
    await stage.run({ run: 'r2', dataset: 'canvas.users' }, lake);

    expect(cells).toEqual([
      [1n, null],
      [2n, '2026-01-31'],
    ]);
    expect([first, await faults()]).toEqual([{ setAside: { name: 1 }, replaced: {} }, undefined]);

    const required = columns.map((column) => ({ ...column, nullable: false }));
    await deliver('l3', 'increment', [user(1, 3, { name: 'soon' })], required);
    await expect(stage.run({ run: 'r3', dataset: 'canvas.users' }, lake)).rejects.toThrow(
      'canvas.users.name holds a value that is no date',
    );
  });

  it('adds up what was the matter with loads that are staged together', async () => {
    const columns = datedNames();
    await deliver('l1', 'snapshot', [user(1, 1, { name: 'soon' }), user(2, 1, { name: 'never' })], columns);
    await deliver('l2', 'increment', [user(3, 2, { name: 'soon' })], columns);
    await deliver('l3', 'increment', [user(4, 3, { name: '2026-01-31' })], columns);

    await stage.run({ run: 'r1', dataset: 'canvas.users' }, lake);

    expect(await faults()).toEqual({ setAside: { name: 3 }, replaced: {} });
  });

  it('knows a table to which nothing happens for as long as its source says', async () => {
    const knownUpTo = '2026-01-05T00:00:00Z';
    await deliver('l1', 'snapshot', [user(1, 1, { name: 'a' })], undefined, { knownUpTo });

    await stage.run({ run: 'r1', dataset: 'canvas.users' }, lake);

    const { state } = await readState(lake.platform.ledger, 'canvas.users');
    expect(stagedOf(state)?.time).toEqual({ asOf: knownUpTo, loadedAt: '2026-01-01T00:00:00Z' });
  });

  it('knows the rows at the source of a snapshot, and not of the changes after it', async () => {
    const rowsAtSource = async () => (await table()).rowsAtSource;
    await deliver('l1', 'snapshot', [user(1, 1, { name: 'a' }), user(2, 1, { name: 'b' })], undefined, {
      rows: 2,
    });
    await stage.run({ run: 'r1', dataset: 'canvas.users' }, lake);
    expect(await rowsAtSource()).toBe(2);

    await deliver('l2', 'increment', [user(3, 2, { name: 'c' })], undefined, { rows: 1 });
    await stage.run({ run: 'r2', dataset: 'canvas.users' }, lake);
    expect(await rowsAtSource()).toBeUndefined();
  });

  it('leaves a load waiting that is committed while it stages', async () => {
    await deliver('l1', 'snapshot', [user(1, 1, { name: 'a' })]);
    const { replace } = lake.platform.engine;
    Object.assign(lake.platform.engine, {
      replace: async (...given: Parameters<typeof replace>) => {
        const staged = await replace.apply(lake.platform.engine, given);
        await deliver('l2', 'increment', [user(2, 2, { name: 'b' })]);
        return staged;
      },
    });
    await stage.run({ run: 'r1', dataset: 'canvas.users' }, lake);

    const { state } = await readState(lake.platform.ledger, 'canvas.users');
    expect(stagedLoadOf(state)).toBe('l1');
    expect(state.pending.map(({ load }) => load)).toEqual(['l2']);
  });

  it('does nothing when it is repeated', async () => {
    await deliver('l1', 'snapshot', [user(1, 1, { name: 'a' })]);
    await stage.run({ run: 'r1', dataset: 'canvas.users' }, lake);
    const before = await readState(lake.platform.ledger, 'canvas.users');

    const again = await stage.run({ run: 'r1', dataset: 'canvas.users' }, lake);

    expect(again).toMatchObject({ rows: 1, upserted: 0, deleted: 0 });
    expect(await readState(lake.platform.ledger, 'canvas.users')).toEqual(before);
  });

  it('keeps a column that nobody has decided about out, empties one that vanished in every row, and tells both once', async () => {
    // Prepare
    await deliver('l1', 'snapshot', [user(1, 1, { name: 'a' })]);
    await stage.run({ run: 'r1', dataset: 'canvas.users' }, lake);
    const changed: LoadColumn[] = [
      SOURCE_COLUMNS[0]!,
      SOURCE_COLUMNS[2]!,
      { name: 'pronouns', section: 'value', type: 'varchar', nullable: true },
    ];
    await deliver('l2', 'increment', [user(2, 2, { pronouns: 'they' })], changed);

    // Act
    const second = await stage.run({ run: 'r2', dataset: 'canvas.users' }, lake);
    await deliver('l3', 'increment', [user(3, 3, { pronouns: 'she' })], changed);
    const third = await stage.run({ run: 'r3', dataset: 'canvas.users' }, lake);

    // Assess
    expect(await rows()).toEqual([
      [1n, null],
      [2n, null],
      [3n, null],
    ]);
    expect([second.schemaChanges, third.schemaChanges]).toEqual([2, 0]);
    const told = await lake.platform.ledger.rows('schema_changes');
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
    expect(notes).toHaveLength(2);
  });

  /** The catalog from here on: the given columns are what they are said to be, the others as they were. */
  function decide(columns: Readonly<Record<string, Partial<CatalogColumn>>>, key = USERS.key): void {
    const known = USERS.columns.map((column) => ({ ...column, ...columns[column.name] }));
    const names = new Set(USERS.columns.map(({ name }) => name));
    const others = Object.entries(columns).filter(([name]) => !names.has(name));
    const fresh = others.map(
      ([name, more]) => ({ name, type: 'varchar', privacy: 'none', ...more }) as const,
    );
    Object.assign(lake, { catalog: catalogOf({ ...USERS, key, columns: [...known, ...fresh] }) });
  }

  const columnsNow = async () => (await table()).version.columns.map(({ name }) => name);

  describe('when the catalog makes another table of the dataset', () => {
    const all = { name: 'a', ssn: '1' };

    /** A snapshot of three rows, and an increment that changes the first. */
    async function loaded(): Promise<void> {
      await deliver(
        'l1',
        'snapshot',
        [1, 2, 3].map((id) => user(id, 1, { ...all, name: `n${id}` })),
      );
      await stage.run({ run: 'r1', dataset: 'canvas.users' }, lake);
      await deliver('l2', 'increment', [user(1, 2, { ...all, name: 'n1b' })]);
      await stage.run({ run: 'r2', dataset: 'canvas.users' }, lake);
    }
    const restage = (run = 'r3') => stage.run({ run, dataset: 'canvas.users' }, lake);

    it('leaves no value behind of a column that is excluded from now on', async () => {
      await loaded();
      const { version: staged } = await table();
      decide({ name: { privacy: 'secret' } });

      expect(await restage()).toMatchObject({ rows: 3, upserted: 0, schemaChanges: 1 });

      expect(await columnsNow()).toEqual(['id']);
      expect(await rows()).toEqual([[1n], [2n], [3n]]);
      const { state } = await readState(lake.platform.ledger, 'canvas.users');
      expect(state.narrowed).toEqual([{ digest: digestOfVersion(staged) }]);
      expect(notes).toContain('name is no longer kept');
    });

    it('does so with the increment of the same night', async () => {
      await loaded();
      decide({ name: { privacy: 'secret' } });
      await deliver('l3', 'increment', [user(2, 3), user(4, 3, { name: 'd' })]);

      expect(await restage()).toMatchObject({ rows: 3, upserted: 1, deleted: 1 });

      expect(await rows()).toEqual([[1n], [3n], [4n]]);
      expect((await readState(lake.platform.ledger, 'canvas.users')).state.pending).toEqual([]);
    });

    it('makes pseudonyms of every value, and others by another key', async () => {
      await loaded();
      decide({ name: { treatment: 'pseudonym' } });
      lake.campus.privacy.key = { env: 'KEY' };

      await restage();
      const first = (await rows()).map(([, name]) => name);
      secret = 'another key of this college';
      const told = await restage('r4');
      const second = (await rows()).map(([, name]) => name);

      const pseudonyms = (key: string) =>
        ['n1b', 'n2', 'n3'].map((name) => pseudonymOf(name, 'name', Buffer.from(key)));
      expect(first).toEqual(pseudonyms('a key of this college'));
      expect(second).toEqual(pseudonyms(secret));
      expect(told).toMatchObject({ schemaChanges: 1 });
      const { version: staged } = await table();
      expect(JSON.stringify(staged.definition)).not.toContain(secret);
    });

    it('fills a column that is kept from now on in every row', async () => {
      await loaded();
      decide({ ssn: { privacy: 'none' } });

      await restage();

      expect(await rows()).toEqual([
        [1n, 'n1b', '1'],
        [2n, 'n2', '1'],
        [3n, 'n3', '1'],
      ]);
      expect((await readState(lake.platform.ledger, 'canvas.users')).state.narrowed).toBeUndefined();
    });

    it('renames, widens and takes another key in every row', async () => {
      await loaded();
      decide({ id: { type: 'varchar', name: 'user_id', source: 'id' } }, ['user_id']);

      expect(await restage()).toMatchObject({ rows: 3, schemaChanges: 3 });

      expect((await rows('user_id')).map(([id]) => id)).toEqual(['1', '2', '3']);
    });

    it('asks for a snapshot where the raw files were made before the source had the column', async () => {
      await loaded();
      const columns: LoadColumn[] = [
        ...SOURCE_COLUMNS,
        { name: 'status', section: 'value', type: 'varchar', nullable: true },
      ];
      await deliver('l3', 'increment', [user(1, 3, { ...all, status: 's' })], columns);
      await stage.run({ run: 'r3', dataset: 'canvas.users' }, lake);
      decide({ status: {} });

      // Only more is to be shown: the table stays as it is until then.
      expect(await restage('r4')).toMatchObject({ rows: 3, schemaChanges: 0 });
      expect(await columnsNow()).toEqual(['id', 'name']);

      await deliver('l4', 'snapshot', [user(1, 4, { ...all, status: 's' }), user(2, 4, all)], columns);
      await restage('r5');
      expect(await rows()).toEqual([
        [1n, 'a', 's'],
        [2n, 'a', null],
      ]);
    });

    it.each([
      ['a file', async () => lake.platform.objects.delete(['raw/canvas/canvas/users/l1/part-0.jsonl.gz'])],
      ['a manifest', async () => lake.platform.objects.delete(['raw/canvas/canvas/users/l1/manifest.json'])],
    ])('says that it needs a snapshot where the raw zone lost %s', async (_, lose) => {
      await loaded();
      decide({ name: { privacy: 'secret' } });
      await lose();

      await expect(restage()).rejects.toMatchObject({
        name: 'NeedsSnapshotError',
        message: expect.stringContaining('name is no longer kept'),
      });

      const { state } = await readState(lake.platform.ledger, 'canvas.users');
      expect(state.snapshotNext).toBe(true);
    });

    it('has a version by another definition checked, though it holds no new load', async () => {
      await loaded();
      await changeState(lake.platform.ledger, 'canvas.users', (state) => passed(state, 'l2'));
      decide({ name: { privacy: 'secret' } });

      await restage();

      expect(await checksPlan.run({ run: 'r3' }, lake)).toMatchObject({
        rounds: [{ datasets: [{ dataset: 'canvas.users' }] }],
      });
    });

    it('writes nothing over what an earlier version is made of', async () => {
      await loaded();
      const { version: staged } = await table();
      decide({ name: { treatment: 'pseudonym' } });
      lake.campus.privacy.key = { env: 'KEY' };

      await restage();

      const before = await rows('id', staged);
      expect(before).toEqual([
        [1n, 'n1b'],
        [2n, 'n2'],
        [3n, 'n3'],
      ]);
    });

    it('keeps the rows of a source that has only its last days, where the raw zone does not hold them', async () => {
      await loaded();
      const windowed = (more: Partial<CatalogColumn>) => {
        decide({ name: more });
        const { get } = lake.catalog;
        Object.assign(lake, { catalog: catalogOf({ ...get('canvas.users'), namespace: 'canvas_logs' }) });
      };
      windowed({ treatment: 'pseudonym' });
      await expect(restage()).rejects.toMatchObject({ hint: expect.stringContaining('its last days only') });

      windowed({ privacy: 'secret' });
      await deliver('l3', 'increment', [user(4, 3, { name: 'd' })]);
      expect(await restage('r4')).toMatchObject({ rows: 4, upserted: 1 });
      expect(await rows()).toEqual([[1n], [2n], [3n], [4n]]);
    });

    it('stages again on request what is as it should be', async () => {
      await loaded();
      await changeState(lake.platform.ledger, 'canvas.users', (state) => ({ ...state, restage: true }));

      expect(await restage()).toMatchObject({ rows: 3, schemaChanges: 0 });

      expect((await readState(lake.platform.ledger, 'canvas.users')).state.restage).toBeUndefined();
    });
  });

  it('goes on where it was when the home stages elsewhere, and begins again after a failure', async () => {
    // Prepare
    const { engine, ledger } = lake.platform;
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
    Object.assign(lake.platform, {
      engine: Object.assign(Object.create(engine, {}), {
        ...elsewhere,
        close: () => (engine as unknown as { close(): Promise<void> }).close(),
      }),
    });
    await deliver('l1', 'snapshot', [user(1, 1, { name: 'a' })]);
    const input = { run: 'r1', dataset: 'canvas.users' };

    // Act
    const first = await stage.run(input, lake);
    await expect(stage.run(input, lake)).rejects.toThrow('Athena gave up');
    const third = await stage.run(input, lake);
    const last = await stage.run(input, lake);

    // Assess
    expect([first, third]).toEqual(Array(2).fill({ done: false, retryAfterSeconds: 20 }));
    expect(last).toMatchObject({ dataset: 'canvas.users', rows: 1 });
    expect(marks[0]).toMatch(/^[0-9a-f]{10}$/);
    expect(marks).toEqual([marks[0], marks[0], marks[2], marks[2]]);
    expect(marks[2]).not.toBe(marks[0]);
    expect(await ledger.list('staging/')).toEqual([]);
  });

  it('stops where there are only changes and no table to merge them into', async () => {
    await deliver('l2', 'increment', [user(1, 1, { name: 'a' })]);

    await expect(stage.run({ run: 'r1', dataset: 'canvas.users' }, lake)).rejects.toMatchObject({
      name: 'NeedsSnapshotError',
      message: expect.stringContaining('a new snapshot has to be loaded'),
    });
    expect((await readState(lake.platform.ledger, 'canvas.users')).state.snapshotNext).toBe(true);
  });
});
