import type { AthenaClient } from '@aws-sdk/client-athena';
import { describe, expect, it } from 'vitest';
import {
  runStatement,
  StatementFailed,
  statementWithin,
} from '../../../../src/platform/aws/athena/run-statement.ts';
import type { Clock } from '../../../../src/ports/platform.ts';

/** What a service is asked and answers, in order: a name of a command, and an answer or an error's name. */
type Script = readonly (readonly [command: string, answer: object | string])[];

function scripted(script: Script) {
  const asked: { command: string; input: Record<string, unknown> }[] = [];
  const answers = [...script];
  const athena = {
    async send(command: { constructor: { name: string }; input: Record<string, unknown> }) {
      asked.push({ command: command.constructor.name.replace('Command', ''), input: command.input });
      const [expected, answer] = answers.shift() ?? ['nothing', {}];
      if (expected !== asked.at(-1)!.command) throw new Error(`${asked.at(-1)!.command}, not ${expected}`);
      if (typeof answer === 'string') throw Object.assign(new Error(answer), { name: answer });
      return answer;
    },
  } as unknown as AthenaClient;
  const waits: number[] = [];
  let now = 0;
  const clock: Clock = {
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
  };
  return { runner: { athena, clock, workgroup: 'pipeline' }, asked, waits };
}

const state = (State: string, more: object = {}) =>
  [
    'GetQueryExecution',
    { QueryExecution: { Status: { State, ...more }, Statistics: { DataScannedInBytes: 7 } } },
  ] as const;
const started = ['StartQueryExecution', { QueryExecutionId: 'q1' }] as const;
const options = { doing: 'Building campus.students', about: 'campus.students' };

describe('a statement in Athena', () => {
  it('is asked about, ever less often, until it has ended', async () => {
    const { runner, waits } = scripted([
      started,
      state('QUEUED'),
      state('RUNNING'),
      // Athena may put a running statement back.
      state('QUEUED'),
      ...Array.from({ length: 10 }, () => state('RUNNING')),
      state('SUCCEEDED'),
    ]);

    expect(await runStatement(runner, 'SELECT 1', options)).toEqual({ id: 'q1', scanned: 7 });
    expect(waits).toHaveLength(13);
    expect(Math.max(...waits)).toBeLessThanOrEqual(6250);
    expect(waits.at(-1)).toBeGreaterThan(waits[0]! * 5);
  });

  it('is started again with the same token while Athena is busy', async () => {
    const { runner, asked } = scripted([
      ['StartQueryExecution', 'TooManyRequestsException'],
      ['StartQueryExecution', 'ThrottlingException'],
      started,
      state('SUCCEEDED'),
    ]);

    await runStatement(runner, 'SELECT 1', options);

    const tokens = new Set(asked.slice(0, 3).map(({ input }) => input.ClientRequestToken));
    expect(tokens.size).toBe(1);
    expect(String([...tokens][0]).length).toBeGreaterThanOrEqual(32);
  });

  it('is stopped in Athena when nobody waits for it any more', async () => {
    const stop = new AbortController();
    const { runner, asked } = scripted([started, ['StopQueryExecution', {}]]);
    const waiting = runStatement(runner, 'SELECT 1', { ...options, signal: stop.signal });
    stop.abort(new Error('enough'));

    await expect(waiting).rejects.toThrow('enough');
    expect(asked.map(({ command }) => command)).toEqual(['StartQueryExecution', 'StopQueryExecution']);
  });

  it('fails with what was done, what Athena says, and what to do', async () => {
    const reason = 'TABLE_NOT_FOUND: line 1:15: Table x does not exist';
    const { runner } = scripted([started, state('FAILED', { StateChangeReason: reason })]);

    await expect(runStatement(runner, 'SELECT 1', options)).rejects.toMatchObject({
      name: 'StatementFailed',
      message: 'Building campus.students failed in Athena: TABLE_NOT_FOUND',
      about: 'campus.students',
      hint: 'the query q1 in the Athena console holds all of it',
    });
  });

  it('never repeats a value of the data', async () => {
    const reason = "INVALID_CAST_ARGUMENT: Cannot cast 'Ada Lovelace' to INT";
    const { runner } = scripted([started, state('FAILED', { StateChangeReason: reason })]);

    const failure = await runStatement(runner, 'SELECT 1', options).catch((error: Error) => error);

    expect((failure as Error).message).toContain('INVALID_CAST_ARGUMENT');
    expect((failure as Error).message).not.toContain('Ada');
  });
});

describe('a statement that another process has started', () => {
  it('is waited for as long as is allowed, and left running', async () => {
    const { runner, asked, waits } = scripted(Array.from({ length: 50 }, () => state('RUNNING')));

    expect(await statementWithin(runner, 'q1', options, 20_000)).toBeUndefined();

    const waited = waits.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThan(10_000);
    expect(waited).toBeLessThanOrEqual(25_000);
    expect(new Set(asked.map(({ command }) => command))).toEqual(new Set(['GetQueryExecution']));
  });

  it('is the same execution for whoever comes again with the same mark', async () => {
    const budget = { resumeToken: '0123456789', waitMs: 0 };
    const { runner, asked } = scripted([
      started,
      state('RUNNING'),
      started,
      state('SUCCEEDED'),
      started,
      state('SUCCEEDED'),
    ]);
    const resumable = { ...runner, budget };

    await expect(runStatement(resumable, 'SELECT 1', options)).rejects.toMatchObject({
      name: 'StillRunningError',
      retryAfterSeconds: 20,
    });
    expect(await runStatement(resumable, 'SELECT 1', options)).toEqual({ id: 'q1', scanned: 7 });
    await runStatement(
      { ...resumable, budget: { ...budget, resumeToken: '9876543210' } },
      'SELECT 1',
      options,
    );

    const tokens = asked.flatMap(({ input }) => (input.ClientRequestToken as string | undefined) ?? []);
    expect(tokens[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(tokens[1]).toBe(tokens[0]);
    expect(tokens[2]).not.toBe(tokens[0]);
  });

  it('is run again, as another execution, where another writer has committed to its table first', async () => {
    const lost = state('FAILED', { StateChangeReason: 'ICEBERG_COMMIT_ERROR: Failed to commit' });
    const { runner, asked, waits } = scripted([started, lost, started, lost, started, state('SUCCEEDED')]);
    const budget = { resumeToken: '0123456789', waitMs: 1_000 };

    expect(await runStatement({ ...runner, budget }, 'MERGE', options)).toEqual({ id: 'q1', scanned: 7 });

    const tokens = asked.flatMap(({ input }) => (input.ClientRequestToken as string | undefined) ?? []);
    expect(new Set(tokens).size).toBe(3);
    expect(waits[1]!).toBeGreaterThan(waits[0]!);
    const hopeless = scripted(Array.from({ length: 5 }, () => [started, lost]).flat());
    await expect(runStatement(hopeless.runner, 'MERGE', options)).rejects.toThrow('ICEBERG_COMMIT_ERROR');
  });

  it('is looked at once where nothing may wait', async () => {
    const { runner, asked, waits } = scripted([state('QUEUED')]);
    expect(await statementWithin(runner, 'q1', options, 0)).toBeUndefined();
    expect([asked.length, waits.length]).toEqual([1, 0]);
  });

  it('is told of when it has ended', async () => {
    const ended = scripted([state('RUNNING'), state('SUCCEEDED')]);
    expect(await statementWithin(ended.runner, 'q1', options, 60_000)).toEqual({ id: 'q1', scanned: 7 });
    const failed = scripted([state('FAILED', { StateChangeReason: 'DIVISION_BY_ZERO: / by zero' })]);
    await expect(statementWithin(failed.runner, 'q1', options, 0)).rejects.toBeInstanceOf(StatementFailed);
  });

  it('goes on where Athena could not be asked', async () => {
    const { runner, asked } = scripted([['GetQueryExecution', 'InternalServerException']]);
    await expect(statementWithin(runner, 'q1', options, 60_000)).rejects.not.toBeInstanceOf(StatementFailed);
    expect(asked.map(({ command }) => command)).toEqual(['GetQueryExecution']);
  });
});
