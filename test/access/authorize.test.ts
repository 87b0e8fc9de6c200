import { expect, it } from 'vitest';
import { ADMINISTRATOR, authorize, PIPELINE } from '../../src/access/authorize.ts';
import { queryTables } from '../../src/access/query.ts';
import type { QueryResult, Reader } from '../../src/ports/query-engine.ts';
import type { Grant, Session } from '../../src/ports/session.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import type { Warehouse } from '../../src/ports/warehouse.ts';

const WORK: TableVersion = { table: 'canvas.work', columns: [], rows: 1, storage: {} };
const SESSION: Session = { principal: 'ada', role: ADMINISTRATOR, attributes: {}, purpose: 'repair' };

it('the grant of an administrator says who asks, what for, and that all tables may be read', async () => {
  const tables = { 'canvas.work': WORK };

  expect(await authorize({ session: SESSION }, 'export', tables)).toEqual({
    session: SESSION,
    action: 'export',
    tables,
  });
});

it("a query reaches the engine with the grant of the lake's session", async () => {
  const asked: Grant[] = [];
  const result: QueryResult = { columns: [], async *batches() {} };
  const engine = {
    async query(_select: string, from: Grant) {
      asked.push(from);
      return result;
    },
  };

  const found = await queryTables({ session: SESSION, platform: { engine } }, 'SELECT 1', {
    'canvas.work': WORK,
  });

  expect(found).toBe(result);
  expect(asked).toEqual([{ session: SESSION, action: 'query', tables: { 'canvas.work': WORK } }]);
});

it('without a grant, nothing that reads rows compiles', () => {
  // Never called: the compiler refuses what is expected here to be an error.
  const without = async (reader: Reader, warehouse: Warehouse): Promise<void> => {
    const tables = { 'canvas.work': WORK };
    // @ts-expect-error tables are not a grant
    await reader.query('SELECT 1', tables);
    // @ts-expect-error tables are not a grant
    await reader.exportParquet('SELECT 1', tables, 'one.parquet');
    // @ts-expect-error tables are not a grant
    await reader.explain?.('SELECT 1', tables);
    // @ts-expect-error tables are not a grant
    await warehouse.load('p1', tables);
    // @ts-expect-error something that looks like a grant is none
    await reader.query('SELECT 1', { session: PIPELINE, action: 'query', tables });
    // @ts-expect-error nobody asks
    await authorize({}, 'query', tables);
  };
  expect(without).toBeTypeOf('function');
});
