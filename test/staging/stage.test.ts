import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import { commitLoad, readState } from '../../src/loads/dataset-state.ts';
import type { LoadColumn, LoadManifest } from '../../src/loads/load.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { StillRunningError } from '../../src/platform/errors.ts';
import { openLocalEngine } from '../../src/platform/local/duckdb/engine.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { Platform } from '../../src/platform/ports/platform.ts';
import type { Cell, QueryEngine } from '../../src/platform/ports/query-engine.ts';
import { stage } from '../../src/staging/stage.ts';
import type { Lake } from '../../src/step.ts';
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

describe('the stage step', () => {
  let root: string;
  let lake: Lake;
  let notes: string[];
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'campus-lake-stage-'));
    notes = [];
    const platform = {
      clock: systemClock,
      objects: await openLocalObjects(root),
      ledger: openLocalLedger(join(root, 'ledger')),
      engine: await openLocalEngine({ root, threads: 2 }),
    } as unknown as Platform;
    lake = {
      campus: { privacy: { defaults: {} } },
      catalog: { datasets: [USERS], get: () => USERS, of: () => [USERS] },
      platform,
      report: { note: (_: string, text: string) => notes.push(text), progress: () => {} },
      signal: new AbortController().signal,
    } as unknown as Lake;
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
  ): Promise<void> {
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
      watermark: '2026-01-01T00:00:00Z',
      files: [file],
      columns,
      startedAt: '2026-01-01T00:00:00Z',
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

  async function rows(): Promise<Cell[][]> {
    const { state } = await readState(lake.platform.ledger, 'canvas.users');
    const sql = 'SELECT * FROM canvas.users ORDER BY id';
    const result = await lake.platform.engine.query(sql, { 'canvas.users': state.staged! });
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
    expect(state).toMatchObject({ stagedLoad: 'l3', pending: [] });
  });

  it('remembers in how many values something was the matter until the next load is staged', async () => {
    const day: LoadColumn = { name: 'name', section: 'value', type: 'date', nullable: true };
    const columns = SOURCE_COLUMNS.map((column) => (column.name === 'name' ? day : column));
    const dataset = {
      ...USERS,
      columns: USERS.columns.map((c) => (c.name === 'name' ? { ...c, type: 'date' as const } : c)),
    };
    Object.assign(lake.catalog, { get: () => dataset });
    const faults = async () => (await readState(lake.platform.ledger, 'canvas.users')).state.deliveredFaults;

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

  it('does nothing when it is repeated', async () => {
    await deliver('l1', 'snapshot', [user(1, 1, { name: 'a' })]);
    await stage.run({ run: 'r1', dataset: 'canvas.users' }, lake);
    const before = await readState(lake.platform.ledger, 'canvas.users');

    const again = await stage.run({ run: 'r1', dataset: 'canvas.users' }, lake);

    expect(again).toMatchObject({ rows: 1, upserted: 0, deleted: 0 });
    expect(await readState(lake.platform.ledger, 'canvas.users')).toEqual(before);
  });

  it('keeps a column that nobody has decided about out, keeps one that vanished, and tells both once', async () => {
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
      [1n, 'a'],
      [2n, null],
      [3n, null],
    ]);
    expect([second.schemaChanges, third.schemaChanges]).toEqual([2, 0]);
    const told = await lake.platform.ledger.rows('schema_changes');
    expect(
      told.map(({ id, column_name, change, new_type }) => ({ id, column_name, change, new_type })),
    ).toEqual([
      { id: 'r2:canvas.users:name', column_name: 'name', change: 'vanished', new_type: null },
      { id: 'r2:canvas.users:pronouns', column_name: 'pronouns', change: 'undecided', new_type: 'varchar' },
    ]);
    expect(notes).toHaveLength(2);
  });

  it('goes on where it was when the home stages elsewhere, and begins anew after a failure', async () => {
    // Prepare
    const { engine, ledger } = lake.platform;
    const marks: (string | undefined)[] = [];
    const answers: unknown[] = [
      new StillRunningError('Athena is still at it', { retryAfterSeconds: 20 }),
      new Error('Athena gave up'),
      new StillRunningError('Athena is still at it', { retryAfterSeconds: 20 }),
      undefined,
    ];
    const elsewhere: Pick<QueryEngine, 'begin' | 'replace'> = {
      begin: async () => null,
      async replace(spec, files, versionId, patience) {
        marks.push(patience?.mark);
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
      name: 'StagingError',
      hint: 'load a snapshot of the dataset',
    });
  });
});
