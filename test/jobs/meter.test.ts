import PQueue from 'p-queue';
import { describe, expect, it } from 'vitest';
import { jobs } from '../../src/jobs/feature.ts';
import type { Json } from '../../src/json.ts';
import { StepMeters } from '../../src/pipeline/step-meters.ts';
import type { OpsRow } from '../../src/ports/ledger.ts';
import {
  inThisScope,
  isMetered,
  type MeasuredWork,
  reportUsage,
  reportWork,
} from '../../src/ports/metering.ts';
import { lakeOf } from '../lake-of.ts';

const RUN = '20261130T023000Z-0001';

async function opened(target: 'local' | 'aws' = 'aws') {
  const rows: OpsRow[] = [];
  const append = async (_table: string, added: readonly OpsRow[]) => void rows.push(...added);
  const lake = lakeOf({
    features: [jobs],
    platform: { target, clock: { now: () => 5000 }, ledger: { append } },
  });
  return { meters: await StepMeters.open(lake, { run: RUN, attempt: 1 }), rows };
}

const statement = (of: Partial<MeasuredWork> = {}): MeasuredWork => ({
  kind: 'statement',
  name: 'write campus.students',
  engine: 'duckdb',
  startedAt: 1000,
  endedAt: 1300,
  rowsIn: 10,
  rowsOut: 4,
  peakMemoryBytes: 100,
  cpuMs: 90,
  ...of,
});

const ended = (path: string, item = '', step = 'stage') => ({
  path,
  step,
  item,
  startedAt: 1000,
  endedAt: 4000,
});

describe('The meter of steps', () => {
  it('adds up what a step used, and keeps the most memory of any of its statements', async () => {
    const { meters, rows } = await opened();
    await meters.measured('main/stage', async () => {
      reportWork(statement());
      reportWork(statement({ peakMemoryBytes: 70, endedAt: 1020 }));
      reportUsage({ queuedMs: 7, bytesIn: 500 });
    });
    meters.ended(ended('main/stage', 'canvas.users'), { rows: 99 });
    await meters.flush();
    const [step, own, ...others] = rows;
    expect(step).toMatchObject({
      id: `${RUN}/stage canvas.users`,
      job: 'stage canvas.users',
      kind: 'step',
      engine: 'duckdb',
      status: 'succeeded',
      rows_in: 20,
      rows_out: 8,
      bytes_in: 500,
      peak_memory_bytes: 100,
      cpu_ms: 180,
      queued_ms: 7,
      statements: 2,
    });
    expect(own).toMatchObject({ kind: 'statement', part_of: 'stage canvas.users', ran_ms: 300 });
    // A statement that was over in 20 ms is counted, and has no row.
    expect(others).toEqual([]);
  });

  it('takes what a queue runs for another step for that step', async () => {
    const { meters, rows } = await opened();
    const queue = new PQueue({ concurrency: 1 });
    const use = (name: string) =>
      meters.measured(name, () =>
        queue.add(
          inThisScope(async () => {
            await new Promise((done) => setTimeout(done, 2));
            reportWork(statement({ name }));
          }),
        ),
      );
    await Promise.all([use('a'), use('b'), use('c')]);
    for (const name of ['a', 'b', 'c']) meters.ended(ended(name, name), null);
    await meters.flush();
    const parts = rows.filter(({ kind }) => kind === 'statement').map(({ job, part_of: of }) => [job, of]);
    expect(parts).toEqual([
      ['a', 'stage a'],
      ['b', 'stage b'],
      ['c', 'stage c'],
    ]);
  });

  it('adds up the tries of a step that is waited for, and what waiting was', async () => {
    const { meters, rows } = await opened();
    for (let i = 0; i < 3; i++)
      await meters.measured('main/sis-poll', async () => reportUsage({ filesIn: 1 }));
    meters.ended(ended('main/sis-poll', '', 'sis-poll'), {} as Json);
    await meters.flush();
    expect(rows[0]).toMatchObject({ job: 'sis-poll', tries: 3, files_in: 3 });
    expect(rows[0]!.waited_ms).toBeGreaterThan(2900);
  });

  it('keeps each attempt and each round of one step', async () => {
    const { meters, rows } = await opened();
    for (const round of [1, 2]) {
      const path = `main/canvas[canvas.users]/round ${round}/lms-fetch`;
      await meters.measured(path, async () => undefined);
      meters.ended(ended(path, 'canvas.users', 'lms-fetch'));
    }
    await meters.flush();
    expect(rows.map(({ id, status }) => [id, status])).toEqual([
      [`${RUN}/lms-fetch canvas.users`, 'failed'],
      [`${RUN}/lms-fetch canvas.users#2`, 'failed'],
    ]);
  });

  it('prices what is charged for, once for the work and once for the step that asked', async () => {
    const { meters, rows } = await opened();
    await meters.measured('m', async () => {
      reportWork(statement({ engine: 'athena', bytesIn: 2_000_000_000_000, reference: 'q-1' }));
      reportWork(statement({ engine: 'athena', bytesIn: 1, reference: 'q-2' }));
    });
    meters.ended(ended('m', 'students', 'build-model'), null);
    await meters.flush();
    expect(rows.map(({ kind, dollars }) => [kind, dollars])).toEqual([
      ['model', 10.00005],
      ['statement', 10],
      ['statement', 0.00005],
    ]);
  });

  it('tells of this process where that is the run', async () => {
    const { meters, rows } = await opened('local');
    await meters.flush();
    expect(rows[0]).toMatchObject({ job: 'run', kind: 'run', id: `${RUN}/run` });
    expect(rows[0]!.peak_memory_bytes).toBeGreaterThan(10_000_000);
  });

  it('costs nothing where nobody measures, and never the run where it fails', async () => {
    const none = await StepMeters.open(
      lakeOf({ features: [], platform: { target: 'local', clock: {}, ledger: {} } }),
      { run: RUN, attempt: 1 },
    );
    expect(await none.measured('x', async () => isMetered())).toBe(false);
    const broken = lakeOf({
      features: [jobs],
      platform: {
        target: 'aws',
        clock: { now: () => 0 },
        ledger: { append: async () => Promise.reject(new Error('full')) },
      },
    });
    const meters = await StepMeters.open(broken, { run: RUN, attempt: 1 });
    await meters.measured('x', async () => undefined);
    meters.ended(ended('x'), null);
    await expect(meters.flush()).resolves.toBeUndefined();
  });
});
