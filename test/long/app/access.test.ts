import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dictionaryTables } from '../../../src/app/dictionary/readable.ts';
import type { TypedModel } from '../../../src/app/dictionary/typed-model.ts';
import { explainQuery, exportParquet, queryLake } from '../../../src/app/query/query-lake.ts';
import { lakeStatus } from '../../../src/app/status/lake-status.ts';
import { describeTable } from '../../../src/app/tables/describe-table.ts';
import { listTables } from '../../../src/app/tables/list-tables.ts';
import { exportTables } from '../../../src/export/parquet/export-tables.ts';
import { publish } from '../../../src/pipeline/publication.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../../src/platform/local/objects.ts';
import type { Grant, Session } from '../../../src/ports/session.ts';
import type { Uses } from '../../../src/ports/step.ts';
import type { TableVersion } from '../../../src/ports/tables.ts';
import { loadWarehouse } from '../../../src/warehouse/load.ts';
import { lakeOf } from '../../lake-of.ts';

/**
 * A policy that hides every table with `secret` in its name. A module can be replaced only in the slow suites: files of
 * the fast one share what they have imported.
 */
vi.mock('../../../src/access/authorize.ts', () => ({
  ADMINISTRATOR: 'administrator',
  authorize: async ({ session }: { session: Session }, action: string, tables: object) => ({
    session,
    action,
    tables: Object.fromEntries(Object.entries(tables).filter(([name]) => !name.includes('secret'))),
  }),
}));

const SESSION: Session = { principal: 'ada', role: 'adviser', attributes: {}, purpose: 'advising' };
const version = (table: string): TableVersion => ({
  table,
  columns: [{ name: 'id', type: 'bigint' }],
  rows: 1,
  storage: {},
});
const TABLES = Object.fromEntries(
  ['campus.open', 'campus.secret', 'canvas.open', 'canvas.secret'].map((name) => [name, version(name)]),
);
const OPEN = ['campus.open', 'canvas.open'];

describe('A table that the policy hides from a session', () => {
  let root: string;
  let lake: Uses<
    | 'session'
    | 'signal'
    | 'report'
    | 'campus'
    | 'catalog'
    | 'clock'
    | 'ledger'
    | 'objects'
    | 'engine'
    | 'warehouse'
    | 'target'
  >;
  const grants: Grant[] = [];
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'access-'));
    const dataset = (id: string) => ({ id, key: ['id'], load: 'incremental', columns: [] });
    const take = async (_select: string, from: Grant) => {
      grants.push(from);
      return { columns: [], tables: [], steps: [], async *batches() {} };
    };
    lake = lakeOf({
      session: SESSION,
      campus: { root, models: 'models', privacy: { defaults: {} } },
      catalog: { datasets: [dataset('canvas.open'), dataset('canvas.secret')] },
      platform: {
        target: 'local',
        clock: { now: () => Date.parse('2026-10-09T12:00:00Z') },
        ledger: openLocalLedger(join(root, 'ledger')),
        objects: openLocalObjects(root),
        engine: { query: take, explain: take, exportParquet: take, opsTables: async () => ({}) },
        warehouse: {
          async load(_id: string, from: Grant) {
            grants.push(from);
            return { rows: 1 };
          },
        },
      },
    });
    const at = '2026-10-09T11:00:00.000Z';
    await publish(lake.platform, { id: 'r1', run: 'r1', at, asOf: at, tables: TABLES, facts: {} });
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  it('is in no list, in no status and in no dictionary', async () => {
    const models = ['campus.open', 'campus.secret'].map(
      (table) => ({ model: { table }, columns: [], checks: [] }) as unknown as TypedModel,
    );

    expect((await listTables(lake)).map(({ table }) => table)).toEqual(OPEN);
    expect((await lakeStatus(lake)).datasets.map(({ dataset }) => dataset)).toEqual(['canvas.open']);
    const tables = await dictionaryTables(lake, models, lake.catalog.datasets);
    expect(Object.keys(tables.models.tables)).toEqual(['campus.open']);
    expect(Object.keys(tables.datasets.tables)).toEqual(['canvas.open']);
  });

  it.each(['campus.secret', 'canvas.secret'])('is described as if it did not exist: %s', async (table) => {
    expect(await describeTable(lake, table.replace('secret', 'open'))).toMatchObject({ rows: 1 });
    await expect(describeTable(lake, table)).rejects.toThrow(`There is no table "${table}"`);
  });

  it('reaches neither the engine nor the warehouse, which learn who asks and what for', async () => {
    const question = { sql: 'SELECT id FROM campus.open' };

    await queryLake(lake, question);
    await explainQuery(lake, question, false);
    await exportParquet(lake, question, join(root, 'one.parquet'));
    await loadWarehouse(lake, { id: 'r1', tables: TABLES, listed: [] });

    expect(
      grants.map(({ action, session, tables }) => [action, session.principal, Object.keys(tables)]),
    ).toEqual([
      ['query', 'ada', OPEN],
      ['explain', 'ada', OPEN],
      ['export', 'ada', OPEN],
      ['serve', 'ada', ['campus.open']],
    ]);
  });

  it('is not written by an export of all tables', async () => {
    const written: string[] = [];
    const engine = {
      async exportParquet(_select: string, from: Grant, path: string) {
        expect(Object.keys(from.tables)).toEqual(OPEN);
        await writeFile(path, '');
        written.push(path);
        return 1;
      },
    };

    await exportTables(
      { session: SESSION, platform: { engine } },
      { id: 'r1', tables: TABLES },
      join(root, 'out'),
    );

    expect(written.map((path) => path.split('/').slice(-2).join('.'))).toEqual([
      'campus.open.parquet',
      'canvas.open.parquet',
    ]);
  });
});
