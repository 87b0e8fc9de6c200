import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { expect, it } from 'vitest';
import { DataApi } from '../../../../src/platform/aws/warehouse/data-api.ts';
import { takeStatements } from '../../../../src/platform/aws/warehouse/statement-history.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import type { LoggedStatement } from '../../../../src/ports/warehouse-access.ts';

interface Asked {
  readonly id: number;
  readonly end: string;
  readonly user?: string;
  readonly status?: string;
  readonly sql: string;
}

/** Redshift as far as its history of statements goes; a text is cut at 4,000 characters. */
function openHistory(asked: readonly Asked[]) {
  const redshift = new RedshiftDataClient({ region: 'us-east-1' });
  let answer: string[][] = [];
  redshift.send = (async (command: unknown) => {
    if (command instanceof ExecuteStatementCommand) {
      const { Sql = '', Parameters = [] } = command.input;
      const until = Parameters[0]?.value ?? '';
      answer = Sql.includes('sys_query_text')
        ? asked
            .filter(({ id }) => Sql.includes(`(${id})`))
            .flatMap(({ id, sql }) => (sql.match(/.{1,4000}/gs) ?? []).map((part) => [String(id), part]))
        : asked
            .filter(({ end, status = 'success' }) => end > until && status !== 'running')
            .map(({ id, end, user = 'zoe', status = 'success', sql }) => [
              ...[String(id), '2026-11-30 08:00:00.5', end, user, status, sql.slice(0, 4_000)],
            ]);
      return { Id: 'x' };
    }
    if (command instanceof DescribeStatementCommand)
      return { Status: 'FINISHED', HasResultSet: answer.length > 0 };
    return { Records: answer.map((row) => row.map((stringValue) => ({ stringValue }))) };
  }) as RedshiftDataClient['send'];
  return new DataApi({ redshift, workgroup: 'lake', database: 'lake', clock: systemClock });
}

function openObjects() {
  const kept = new Map<string, string>();
  return {
    getText: async (key: string) => kept.get(key),
    putText: async (key: string, text: string) => void kept.set(key, text),
  };
}

const taken = async (asked: readonly Asked[], objects = openObjects()): Promise<LoggedStatement[]> => {
  const found: LoggedStatement[] = [];
  await takeStatements(openHistory(asked), objects as never, async (some) => void found.push(...some));
  return found;
};

it('hands on who asked what and how it ended, long statements whole', async () => {
  const long = `SELECT ${'1, '.repeat(3_000)}2 FROM campus.students`;
  expect(
    await taken([
      { id: 7, end: '2026-11-30 08:00:02', sql: 'SELECT * FROM campus.grades' },
      { id: 8, end: '2026-11-30 08:00:03', user: 'dashboard', status: 'failed', sql: long },
      { id: 9, end: '', status: 'running', sql: 'SELECT 1' },
    ]),
  ).toEqual([
    {
      id: '7',
      at: Date.parse('2026-11-30T08:00:00.500Z'),
      login: 'zoe',
      sql: 'SELECT * FROM campus.grades',
      outcome: 'answered',
    },
    expect.objectContaining({ id: '8', login: 'dashboard', sql: long, outcome: 'failed' }),
  ]);
});

it('hands on each once, and again what could not be put on record', async () => {
  const objects = openObjects();
  const first = { id: 1, end: '2026-11-30 08:00:01', sql: 'SELECT 1' };
  const api = openHistory([first]);
  const failing = takeStatements(api, objects as never, () => Promise.reject(new Error('full')));
  await expect(failing).rejects.toThrow('full');
  expect((await taken([first], objects)).map(({ id }) => id)).toEqual(['1']);
  const second = { id: 2, end: '2026-11-30 09:00:00', sql: 'SELECT 2' };
  expect((await taken([first, second], objects)).map(({ id }) => id)).toEqual(['2']);
  expect(await taken([first, second], objects)).toEqual([]);
});
