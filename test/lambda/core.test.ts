import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answer, type InvocationContext } from '../../lambda/core.ts';
import { LakeError } from '../../src/errors.ts';
import { jobs } from '../../src/jobs/feature.ts';
import type { Json } from '../../src/json.ts';
import { OutOfTimeError } from '../../src/out-of-time.ts';
import type { Call, Frame } from '../../src/pipeline/calls.ts';
import { readRunRecord } from '../../src/pipeline/run-record.ts';
import { failuresOf, outputsOf } from '../../src/pipeline/step-log.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import { addedTables } from '../../src/ports/feature.ts';
import type { LedgerStore } from '../../src/ports/ledger.ts';
import type { ObjectStore } from '../../src/ports/objects.ts';
import type { Lake, Step } from '../../src/ports/step.ts';
import { lakeOf } from '../lake-of.ts';

let folder: string;
let ledger: LedgerStore;
let objects: ObjectStore;
let now: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'core-'));
  ledger = openLocalLedger(join(folder, 'ledger'));
  objects = { ...openLocalObjects(join(folder, 'objects')), uri: (key) => `s3://records/${key}` };
  now = Date.UTC(2026, 10, 22, 2, 30);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Work = (input: Json, lake: Lake) => Json | Promise<Json>;

function contextFor(work: Work = (input) => input, more: Partial<InvocationContext> = {}): InvocationContext {
  const step: Step = { name: 'work', run: async (input, lake) => work(input, lake) };
  const clock = { now: () => now, sleep: async () => {} };
  const report = { note: () => {}, progress: () => {} };
  const signal = new AbortController().signal;
  return {
    lake: lakeOf({
      campus: { sources: {} },
      platform: { clock, ledger, objects },
      report,
      signal,
    }) as Lake,
    steps: new Map([['work', step]]),
    invocation: 'i1',
    isAlive: async () => true,
    done: (run) => outputsOf(ledger, run),
    ...more,
  };
}

const frame = (more: Partial<Frame> = {}): Frame => ({
  run: 'r1',
  attempt: 1,
  path: 'main',
  label: '',
  ...more,
});
const stepCall = (more: Partial<Extract<Call, { call: 'step' }>> = {}): Call => ({
  call: 'step',
  step: 'work',
  path: 'main/work',
  wait: false,
  frame: frame(),
  ...more,
});

describe('a step that is about no item', () => {
  const sources = { lms2: { kind: 'canvas' }, registrar: { kind: 'postgres' } };
  const ofCampus = (context: InvocationContext): InvocationContext => ({
    ...context,
    lake: { ...context.lake, campus: { sources } as never },
  });
  const failing = () => {
    throw new LakeError('The secret is not set.', { hint: 'Set it.' });
  };

  it('fails as one of the source that its input names', async () => {
    const call = stepCall({ input: { run: '$run', source: 'registrar' } });
    await expect(answer(call, ofCampus(contextFor(failing)))).rejects.toThrow();
    expect(await failuresOf(ledger, 'r1')).toMatchObject([{ about: '', source: 'registrar' }]);
  });

  it('fails as one of the source of its place, where its function was lost', async () => {
    const failure = { Error: 'Lambda.Unknown', path: 'main/Load registrar/sis-start', step: 'sis-start' };
    const call: Call = { call: 'failed', path: 'main', frame: frame({ failure }) };
    await answer(call, ofCampus(contextFor()));
    expect(await failuresOf(ledger, 'r1')).toMatchObject([{ about: '', source: 'registrar' }]);
  });

  it('is of no source that the campus does not have', async () => {
    const call = stepCall({ input: { source: 'Ada Lovelace' } });
    await expect(answer(call, ofCampus(contextFor(failing)))).rejects.toThrow();
    expect(await failuresOf(ledger, 'r1')).toMatchObject([{ source: '' }]);
  });
});

describe('a step', () => {
  it('is given what its template asks for and answers what changes in the frame', async () => {
    const input = { run: '$run', deep: '$last.n', of: '$item.name', fixed: 7 };
    const given = frame({ last: { n: 3 }, item: { name: 'a' }, label: 'a' });

    const changed = await answer(stepCall({ input, frame: given }), contextFor());

    expect(changed).toEqual({ last: { run: 'r1', deep: 3, of: 'a', fixed: 7 }, again: false, wait: null });
    expect(await ledger.rows('steps')).toMatchObject([
      { id: 'r1/main/work', step: 'work', item: 'a', status: 'succeeded', attempt: 1 },
    ]);
  });

  it('is measured, and so is the call of its function, by the memory that it is given', async () => {
    const added = openLocalLedger(join(folder, 'ledger'), { added: addedTables([jobs]) });
    const work: Work = () => {
      now += 4000;
      return { rows: 3 };
    };
    const { lake, ...context } = contextFor(work, { memoryMegabytes: 512 });
    const measured = {
      ...lake,
      features: [jobs],
      platform: { ...lake.platform, target: 'aws' as const, ledger: added },
    };

    await answer(stepCall(), { ...context, lake: measured });

    expect(await added.rows('job_runs')).toMatchObject([
      { job: 'work', kind: 'step', rows_out: 3 },
      // Half a gigabyte for four seconds.
      {
        job: 'function work',
        kind: 'function',
        engine: 'lambda',
        ran_ms: 4000,
        gb_seconds: 2,
        reference: 'i1',
        peak_memory_bytes: expect.any(Number),
        memory_share: expect.any(Number),
        cpu_ms: expect.any(Number),
      },
    ]);
    expect((await added.rows('job_runs'))[1]!.dollars).toBeCloseTo(2 * 0.0000133334 + 0.0000002, 12);
  });

  it('that failed is recorded with cause and next action, and its error names both', async () => {
    const failing = contextFor(() => {
      throw new LakeError('It is broken', { hint: 'Mend it', cause: new Error("O'Brien is no integer") });
    });

    const error = await answer(stepCall({ frame: frame({ label: 'b' }) }), failing).catch((e: Error) => e);

    expect(error).toMatchObject({
      name: 'StepFailed',
      message: 'It is broken. Next: Mend it.',
    });
    expect(await failuresOf(ledger, 'r1')).toMatchObject([
      { step: 'work', about: 'b', message: 'It is broken.', hint: 'Mend it.' },
    ]);
    // The runtime prints what a function throws, with its causes, into the log.
    expect(inspect(error)).not.toContain('Brien');
  });

  it('that a service of AWS failed in passing is tried again, and nothing is recorded', async () => {
    const throttled = Object.assign(new Error('Rate exceeded'), {
      name: 'ThrottlingException',
      $metadata: {},
    });
    const busy = contextFor(() => {
      throw new LakeError('Reading the ledger failed', { cause: throttled });
    });

    await expect(answer(stepCall(), busy)).rejects.toMatchObject({ name: 'TryAgain' });

    expect(await ledger.rows('steps')).toEqual([]);
  });

  it.each([
    'KMSThrottlingException',
    'KMS.ThrottlingException',
    'KMSInternalException',
    'DependencyTimeoutException',
  ])('whose key did not come (%s) is tried again', async (name) => {
    const slow = Object.assign(new Error('Try later'), { name, $metadata: { httpStatusCode: 400 } });
    const context = contextFor(() => {
      throw new LakeError('Reading s3://raw/users failed', { cause: slow });
    });

    await expect(answer(stepCall(), context)).rejects.toMatchObject({ name: 'TryAgain' });

    expect(await ledger.rows('steps')).toEqual([]);
  });

  it('whose key was taken away fails, with the reason in the ledger', async () => {
    const gone = Object.assign(new Error('disabled'), {
      name: 'KMS.DisabledException',
      $metadata: { httpStatusCode: 400 },
    });
    const context = contextFor(() => {
      throw new LakeError('Reading s3://raw/users failed: KMS.DisabledException', { cause: gone });
    });

    await expect(answer(stepCall(), context)).rejects.toMatchObject({ name: 'StepFailed' });

    expect(await ledger.rows('steps')).toMatchObject([{ status: 'failed' }]);
  });

  it('that is out of time is no failure', async () => {
    const out = new AbortController();
    const slow = contextFor(() => {
      out.abort(new OutOfTimeError('the end is near'));
      throw new Error('aborted in the middle');
    });
    const lake = { ...slow.lake, signal: out.signal };

    await expect(answer(stepCall(), { ...slow, lake })).rejects.toBeInstanceOf(OutOfTimeError);

    expect(await ledger.rows('steps')).toEqual([]);
  });

  it('that is waited for goes on in the next function when the time of this one ends, though not for ever', async () => {
    const timeIsUp = (since?: number) => {
      const out = new AbortController();
      const slow = contextFor(() => {
        out.abort(new OutOfTimeError('the end is near'));
        throw new Error('aborted in the middle');
      });
      const begun = since === undefined ? {} : { frame: frame({ wait: { since, seconds: 5 } }) };
      return answer(stepCall({ wait: true, ...begun }), {
        ...slow,
        lake: { ...slow.lake, signal: out.signal },
      });
    };
    const now = contextFor().lake.platform.clock.now();

    expect(await timeIsUp()).toMatchObject({ wait: { seconds: 5 } });
    expect(await timeIsUp(now - 3_600_000)).toMatchObject({ wait: { since: now - 3_600_000, seconds: 60 } });
    await expect(timeIsUp(now - 7 * 3_600_000)).rejects.toBeInstanceOf(OutOfTimeError);
    expect(await ledger.rows('steps')).toEqual([]);
  });

  it('that is not done yet is waited for, more rarely the longer it takes', async () => {
    const waiting = contextFor(() => ({ done: false, retryAfterSeconds: 1 }));
    const seconds: number[] = [];
    let at = frame();
    for (let polls = 0; polls < 400; polls++) {
      const { wait } = (await answer(stepCall({ wait: true, frame: at }), waiting)) as {
        wait: Frame['wait'];
      };
      seconds.push(wait!.seconds);
      now += wait!.seconds * 1000;
      at = { ...at, wait };
    }

    expect(seconds[0]).toBe(5);
    expect(seconds.at(-1)).toBe(60);
    const hours = seconds.reduce((a, b) => a + b) / 3600;
    // Seven events a look; an execution may have 25,000.
    expect((400 / hours) * 20 * 7).toBeLessThan(25_000);

    const done = await answer(
      stepCall({ wait: true, frame: at }),
      contextFor(() => ({ done: true, again: true })),
    );
    expect(done).toEqual({ last: { done: true, again: true }, again: true, wait: null });
    const [row] = await ledger.rows('steps');
    expect(row!.started_at).toBe(new Date(Date.UTC(2026, 10, 22, 2, 30)).toISOString());
  });

  it('that came short of more at once goes on without waiting', async () => {
    const wait = (await answer(
      stepCall({ wait: true }),
      contextFor(() => ({ done: false, retryAfterSeconds: 0 })),
    )) as { wait: Frame['wait'] };
    expect(wait.wait?.seconds).toBe(1);
  });

  it('that an earlier attempt has done is not done again', async () => {
    await answer(stepCall({ input: 'first' }), contextFor());
    const second = stepCall({ input: 'second', frame: frame({ attempt: 2 }) });

    expect(await answer(second, contextFor())).toMatchObject({ last: 'first' });
  });

  it('hands on a large output by name, and the next one finds it whole', async () => {
    const large = Array.from({ length: 2500 }, (_, n) => ({ dataset: `sis.table_${n}` }));

    const { last } = (await answer(
      stepCall(),
      contextFor(() => ({ tables: large })),
    )) as { last: Json };
    const next = await answer(
      { ...stepCall({ path: 'main/next', input: { all: '$last.tables' }, frame: frame({ last }) }) },
      contextFor((input) => (input as { all: Json[] }).all.length),
    );

    expect(JSON.stringify(last).length).toBeLessThan(200);
    expect(next).toMatchObject({ last: 2500 });
    await answer({ call: 'end', frame: frame() }, contextFor());
    expect(await objects.list('runs/')).toEqual([]);
  });

  it('keeps its remarks apart from those of other functions', async () => {
    const talking = (invocation: string) =>
      contextFor(
        (_input, lake) => {
          lake.report.note('canvas.users', `said by ${invocation}`);
          return { done: false, retryAfterSeconds: 9 };
        },
        { invocation },
      );

    await answer(stepCall({ wait: true }), talking('i1'));
    await answer(stepCall({ wait: true }), talking('i2'));

    expect((await ledger.rows('remarks')).map((row) => row.text)).toEqual(['said by i1', 'said by i2']);
  });
});

describe('a list', () => {
  const items = Array.from({ length: 3 }, (_, n) => ({ name: `t${n}` }));
  const list = (inline: boolean, more: Partial<Frame> = {}): Call => ({
    call: 'list',
    path: 'main/Load/tables',
    failurePath: 'main',
    items: '$last.items',
    label: 'name',
    inline,
    frame: frame({ last: { items }, ...more }),
  });
  const frames = items.map((item, n) => ({
    run: 'r1',
    attempt: 1,
    path: `main/Load/tables[t${n}]`,
    label: `t${n}`,
    item,
    last: item,
  }));

  it('becomes a frame for each item', async () => {
    const changed = await answer(list(true), contextFor());
    expect(changed).toEqual({ list: { count: 3, items: frames }, last: null, again: false });
  });

  it('lies in the object store where Step Functions reads it from there', async () => {
    const { list: told } = (await answer(list(false), contextFor())) as {
      list: { count: number; bucket: string; key: string };
    };
    expect(told).toMatchObject({ count: 3, bucket: 'records' });
    expect(JSON.parse((await objects.getText(told.key))!)).toEqual(frames);
  });

  it('that is not there fails as the runner fails: at the place that spares it', async () => {
    const error = await answer(list(true, { last: {} }), contextFor()).catch((e: Error) => e);
    expect(error).toMatchObject({ name: 'StepFailed' });
    expect(await ledger.rows('steps')).toMatchObject([
      { path: 'main', step: 'plan', status: 'failed', error: expect.stringContaining('$last.items') },
    ]);
  });
});

describe('a failure outside of every function', () => {
  const failed = (failure: Frame['failure']): Call => ({
    call: 'failed',
    path: 'main/x[a]',
    frame: frame({ failure, label: 'a' }),
  });

  it('is recorded where it happened, with what AWS says', async () => {
    const Cause = JSON.stringify({
      errorType: 'Sandbox.Timedout',
      errorMessage: 'Task timed out after 900.00 seconds',
    });
    await answer(
      failed({ Error: 'Sandbox.Timedout', Cause, path: 'main/x[a]/stage', step: 'stage' }),
      contextFor(),
    );

    expect(await ledger.rows('steps')).toMatchObject([
      {
        path: 'main/x[a]/stage',
        step: 'stage',
        item: 'a',
        status: 'failed',
        error: 'stage did not end: Sandbox.Timedout: Task timed out after 900.00 seconds.',
      },
    ]);
  });

  it('of a body that asks for itself too often is told as the runner tells it', async () => {
    await answer(failed({ repeated: { about: 'canvas.users', rounds: 4 } }), contextFor());
    expect(await failuresOf(ledger, 'r1')).toMatchObject([
      { step: 'plan', about: 'a', message: 'canvas.users asked to be repeated 4 times.' },
    ]);
  });
});

describe('a run', () => {
  const open = (holder: string, fresh = false): Call => ({ call: 'open', holder, fresh });

  it('is opened once by an execution, however often it is asked', async () => {
    const first = await answer(open('e1'), contextFor());
    expect(await answer(open('e1'), contextFor())).toEqual(first);
    expect(first).toMatchObject({ attempt: 1, path: 'main', label: '' });
  });

  it('is not opened while another execution has one, and continued when that one is dead', async () => {
    const first = (await answer(open('e1'), contextFor())) as Frame;

    await expect(answer(open('e2'), contextFor())).rejects.toThrow(/is under way since .*e1/);
    const continued = await answer(open('e2'), contextFor(undefined, { isAlive: async () => false }));

    expect(continued).toMatchObject({ run: first.run, attempt: 2 });
    expect((await readRunRecord(ledger))?.value.holder).toBe('e2');
  });

  it('ends as the ledger says, and names its first failures', async () => {
    const opened = (await answer(open('e1'), contextFor())) as unknown as Frame;
    const failing = contextFor(() => {
      throw new LakeError('It is broken', { hint: 'Mend it' });
    });
    for (const label of ['a', 'b', 'c', 'd']) {
      const call = stepCall({ path: `main/${label}/work`, frame: { ...opened, label } });
      await answer(call, failing).catch(() => {});
    }

    const ended = await answer({ call: 'end', frame: opened }, contextFor());

    expect(ended).toEqual({
      run: opened.run,
      status: 'failed',
      cause: `${['a', 'b', 'c'].map((l) => `${l}: It is broken. Next: Mend it.`).join('\n')}\n… and 1 more`,
    });
    expect((await readRunRecord(ledger))?.value).toMatchObject({ status: 'failed', run: opened.run });
    const next = await answer(open('e2'), contextFor());
    expect(next).toMatchObject({ attempt: 1 });
  });
});
