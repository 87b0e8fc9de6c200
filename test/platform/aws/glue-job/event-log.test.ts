import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rowOfWork } from '../../../../src/jobs/rows.ts';
import { EventLog } from '../../../../src/platform/aws/glue-job/event-log.ts';
import { measuredRun } from '../../../../src/platform/aws/glue-job/measured-run.ts';
import { readEvents } from '../../../../src/platform/aws/glue-job/read-events.ts';

/** Of a real Spark 3.5 with two cores: 400,000 rows written, read and grouped. Fields that nobody reads are cut out. */
const TEXT = readFileSync(join(import.meta.dirname, 'event-log.jsonl'), 'utf8');

const usageOf = (text: string) => {
  const log = new EventLog();
  for (const line of text.split('\n')) log.line(line);
  return log.usage();
};

const objects = (files: { readonly [key: string]: string }) => ({
  objects: {
    list: async (prefix: string) => Object.keys(files).filter((key) => key.startsWith(prefix)),
    getText: async (key: string) => files[key],
  } as never,
});

describe('The event log of Spark', () => {
  it('tells tasks, processor, memory, rows and bytes of the run', () => {
    const usage = usageOf(TEXT);
    expect(usage).toMatchObject({ tasks: 11, failedTasks: 0, rowsOut: 400_097, spilledBytes: 0 });
    for (const share of [usage.cpuShare, usage.memoryShare, usage.gcShare, usage.idleShare]) {
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    const run = { Id: 'jr_1', JobRunState: 'SUCCEEDED', ExecutionTime: 60, MaxCapacity: 2 } as const;
    expect(rowOfWork('r', { ...usage, ...measuredRun(run, 'campus.x') })).toMatchObject({
      kind: 'spark',
      engine: 'glue',
      dpu_seconds: 120,
      tasks: 11,
      memory_share: expect.any(Number),
      reference: 'jr_1',
    });
  });

  it('that was cut short, or is none, tells what there is', () => {
    expect(usageOf(TEXT.slice(0, TEXT.length / 2)).tasks).toBeLessThan(11);
    expect(usageOf('no log\n{"Event":"SparkListenerTaskEnd"')).toEqual({});
    expect(usageOf('')).toEqual({});
  });

  it('is skewed where one task of a stage takes many times as long as the others', () => {
    const task = (stage: number, ms: number) =>
      JSON.stringify({
        Event: 'SparkListenerTaskEnd',
        'Stage ID': stage,
        'Task Info': { Failed: ms === 0 },
        'Task Metrics': { 'Executor Run Time': ms },
      });
    const stage = (...times: number[]) => usageOf(times.map((ms) => task(1, ms)).join('\n'));
    expect(stage(1000, 1000, 1000, 20_000)).toMatchObject({ skew: 20, tasks: 4 });
    expect(stage(1000, 20_000)).not.toHaveProperty('skew');
    expect(stage(10, 10, 10, 200)).not.toHaveProperty('skew');
    expect(stage(1000, 0).failedTasks).toBe(1);
  });

  it('is read from one file, or from parts in their order, and where it is missing tells nothing', async () => {
    const half = TEXT.indexOf('\n', TEXT.length / 2) + 1;
    const folder = 'spark-tasks/x.events/eventlog_v2_a/';
    const parts = {
      [`${folder}events_2_a`]: TEXT.slice(half),
      [`${folder}events_1_a`]: TEXT.slice(0, half),
      [`${folder}appstatus_a`]: '',
    };
    const whole = await readEvents(objects({ 'spark-tasks/x.events/app-1': TEXT }), 'spark-tasks/x.json');
    expect(whole).toEqual({ usage: usageOf(TEXT), keys: ['spark-tasks/x.events/app-1'] });
    expect((await readEvents(objects(parts), 'spark-tasks/x.json')).usage).toEqual(whole.usage);
    expect((await readEvents(objects(parts), 'spark-tasks/x.json')).keys).toHaveLength(3);
    expect(await readEvents(objects({}), 'spark-tasks/x.json')).toEqual({ usage: {}, keys: [] });
    expect(await readEvents({ objects: {} as never }, 'spark-tasks/x.json')).toEqual({ usage: {}, keys: [] });
  });
});
