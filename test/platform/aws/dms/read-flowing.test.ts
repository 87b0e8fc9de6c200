import { expect, it } from 'vitest';
import type { ChangesRecord } from '../../../../src/platform/aws/dms/changes-record.ts';
import { readFlowingTables } from '../../../../src/platform/aws/dms/read-changes.ts';
import type { DmsTask, TaskCalls } from '../../../../src/platform/aws/dms/task.ts';

const NOW = Date.parse('2026-11-30T12:00:00.000Z');
const rule = (table: string, n: number) => ({
  'rule-type': 'selection',
  'rule-id': `${n}`,
  'rule-name': `${n}`,
  'object-locator': { 'schema-name': 'reg', 'table-name': table },
  'rule-action': 'explicit',
});
const RECORD: ChangesRecord = {
  source: 'sis',
  generation: 'g1',
  begunAt: '2026-11-01T02:30:00.000Z',
  folder: 'raw/sis-changes/g1',
  tasks: [
    {
      id: 't1',
      mappings: { rules: ['fee', 'hold', 'grade', 'ümlaut "q"'].map(rule) },
      resumed: { load: 'g1', times: 0 },
    },
  ],
  numbered: 1,
  tested: [],
};
const TASK = { id: 't1', status: 'running', loaded: true } as DmsTask;
const FILES: Record<string, string[]> = {
  fee: [
    'LOAD00000001.parquet',
    '20261130-111000000.parquet',
    '20261130-114959999.parquet',
    '20261130-115000000.parquet',
  ],
  hold: ['LOAD00000001.parquet', '20261130-115500000.parquet'],
  grade: ['20261130-111000000.parquet'],
  'ümlaut "q"': ['20261130-111000000.parquet'],
};

const flowing = (now: number, states: Record<string, string> = {}) =>
  readFlowingTables(
    RECORD,
    [TASK],
    {
      feeds: {
        'reg.fee': { generation: 'g1', taken: ['20261130-111000000.parquet'] },
        'reg.hold': { generation: 'g1', taken: [] },
        // Of an older full load: it is to be read from its new one on.
        'reg.grade': { generation: 'g0', taken: [] },
      },
    },
    {
      now: () => now,
      objects: {
        list: async (folder: string) => {
          const table = folder.split('/').at(-2)!;
          return FILES[table]!.map((name) => folder + name);
        },
      },
      facts: async () => ({ bytes: 10, rows: 3, columns: [{ name: 'id', type: 'bigint' }] }),
      tasks: {
        statistics: async () =>
          Object.keys(FILES).map((TableName) => ({
            SchemaName: 'reg',
            TableName,
            TableState: states[TableName] ?? 'Table completed',
          })),
      } as unknown as TaskCalls,
    },
  );

it('takes files that were begun ten minutes ago or earlier, of tables that the lake follows', async () => {
  const found = await flowing(NOW);

  expect(found.asOf).toBe('2026-11-30T11:50:00.000Z');
  expect(found.followed).toEqual(['reg.fee', 'reg.hold']);
  expect(found.tables).toMatchObject([
    {
      table: 'fee',
      increment: true,
      rows: 3,
      files: [{ key: 'raw/sis-changes/g1/reg/fee/20261130-114959999.parquet' }],
      feed: { taken: ['20261130-111000000.parquet', '20261130-114959999.parquet'] },
    },
  ]);
});

it('leaves a table with an error, and everything before its capture has begun', async () => {
  expect((await flowing(NOW, { fee: 'Table error' })).followed).toEqual(['reg.hold']);
  expect(await flowing(Date.parse(RECORD.begunAt) + 599_000)).toEqual({ asOf: '', tables: [], followed: [] });
  expect(await flowing(NOW, { fee: 'Table error', hold: 'Table error' })).toMatchObject({ asOf: '' });
});
