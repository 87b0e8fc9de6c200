import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach } from 'vitest';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import type { CatalogColumn } from '../../src/campus/catalog-schema.ts';
import { commitLoad, readState } from '../../src/loads/dataset-state.ts';
import type { LoadColumn, LoadManifest } from '../../src/loads/load.ts';
import { stagedOf } from '../../src/loads/state.ts';
import type { Cell } from '../../src/ports/query-engine.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { pseudonymKeys } from '../../src/privacy/pseudonym-keys.ts';
import { stage } from '../../src/staging/stage.ts';
import { granted } from '../granted.ts';
import { openPipelineLake, type PipelineLake } from '../pipeline-lake.ts';
import { type RawRecord, toJsonLines } from '../platform/local/duckdb/lake-folder.ts';

/** A dataset of Canvas with a name and a secret, and the lake in which its loads are staged. */

export const USERS: CatalogDataset = {
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

export const SOURCE_COLUMNS: LoadColumn[] = [
  { name: 'id', section: 'key', type: 'bigint', nullable: true },
  { name: 'name', section: 'value', type: 'varchar', nullable: true },
  { name: 'ssn', section: 'value', type: 'varchar', nullable: true },
];

export const catalogOf = (dataset: CatalogDataset) => ({
  datasets: [dataset],
  get: () => dataset,
  of: () => [dataset],
});

export const user = (id: number, day: number, value?: RawRecord['value']): RawRecord => ({
  ts: `2026-01-0${day}T00:00:00Z`,
  action: value ? 'U' : 'D',
  key: { id: BigInt(id) },
  value,
});

const KEY = 'a key of this college';

/** The lake of the test that runs, another for each. */
export class StagedUsers {
  opened: PipelineLake | undefined;
  /** Of pseudonyms. */
  secret = KEY;
  /** The key that `privacy.rotations` names. */
  further = '';
  #delivered = 0;

  get lake() {
    return this.opened!.lake;
  }

  /** What steps noted of the dataset. */
  get notes(): string[] {
    return this.opened!.notes.map((note) => note.replace(/^canvas\.users: /, ''));
  }

  /** Puts a load into the raw zone and commits it. */
  async deliver(
    load: string,
    kind: LoadManifest['kind'],
    records: readonly RawRecord[],
    columns: LoadColumn[] = SOURCE_COLUMNS,
    more: Partial<LoadManifest> = {},
  ): Promise<void> {
    const time = (days: number) => new Date(Date.UTC(2026, 0, days)).toISOString();
    this.#delivered += 1;
    const { objects, ledger } = this.lake.platform;
    const prefix = `raw/canvas/canvas/users/${load}`;
    const bytes = gzipSync(toJsonLines(records));
    const file = await objects.put(`${prefix}/part-0.jsonl.gz`, Readable.from([bytes]));
    const manifest: LoadManifest = {
      load,
      dataset: 'canvas.users',
      kind,
      layout: 'dap',
      format: 'jsonl',
      ...(kind === 'increment' ? { since: time(this.#delivered - 1) } : {}),
      watermark: time(this.#delivered),
      files: [file],
      columns,
      startedAt: '2026-01-01T00:00:00Z',
      ...more,
    };
    await objects.putText(`${prefix}/manifest.json`, JSON.stringify(manifest));
    await commitLoad(ledger, manifest, `${prefix}/manifest.json`);
  }

  stage(run: string) {
    return stage.run({ run, dataset: 'canvas.users' }, this.lake);
  }

  async state() {
    return (await readState(this.lake.platform.ledger, 'canvas.users')).state;
  }

  async table() {
    return stagedOf(await this.state())!;
  }

  async rows(key = 'id', version?: TableVersion): Promise<Cell[][]> {
    const sql = `SELECT * FROM canvas.users ORDER BY ${key}`;
    const tables = granted({ 'canvas.users': version ?? (await this.table()).version });
    const result = await this.lake.platform.engine.query(sql, tables);
    const found: Cell[][] = [];
    for await (const batch of result.batches()) found.push(...batch);
    return found;
  }

  async columnsNow(): Promise<string[]> {
    return (await this.table()).version.columns.map(({ name }) => name);
  }

  /** The catalog from here on: the given columns are what they are said to be, the others as they were. */
  decide(columns: Readonly<Record<string, Partial<CatalogColumn>>>, key = USERS.key): void {
    const known = USERS.columns.map((column) => ({ ...column, ...columns[column.name] }));
    const names = new Set(USERS.columns.map(({ name }) => name));
    const others = Object.entries(columns).filter(([name]) => !names.has(name));
    const fresh = others.map(
      ([name, more]) => ({ name, type: 'varchar', privacy: 'none', ...more }) as const,
    );
    Object.assign(this.lake, { catalog: catalogOf({ ...USERS, key, columns: [...known, ...fresh] }) });
  }
}

/** Opens a lake before each test of a file and closes it afterwards. */
export function useUsers(): StagedUsers {
  const users = new StagedUsers();
  beforeEach(async () => {
    users.secret = KEY;
    users.opened = await openPipelineLake({
      campus: () => ({ privacy: { defaults: {} }, sources: { canvas: { kind: 'canvas' } } }),
      catalog: catalogOf(USERS),
      engine: { pseudonymKeys: () => pseudonymKeys(users.lake) },
      secrets: { get: async (ref) => ('env' in ref && ref.env === 'NEXT' ? users.further : users.secret) },
    });
  });
  afterEach(() => users.opened?.close());
  return users;
}
