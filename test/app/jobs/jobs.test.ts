import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measuredInWords } from '../../../bin/cost/measured.ts';
import { measuredCosts } from '../../../src/app/cost/measured-costs.ts';
import {
  acceptRecommendation,
  jobCosts,
  jobTrend,
  listJobs,
  listRecommendations,
  proposedChanges,
  type Recommendation,
  runTimeline,
} from '../../../src/app/jobs/jobs.ts';
import { jobs } from '../../../src/jobs/feature.ts';
import { jobSummaries } from '../../../src/jobs/step.ts';
import { openLocalEngine } from '../../../src/platform/local/duckdb/engine.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import { addedTables } from '../../../src/ports/feature.ts';
import { type OpsRow, runStamp } from '../../../src/ports/ledger.ts';
import { lakeOf } from '../../lake-of.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 30, 12);
const startOf = (day: number) => NOW - (30 - day) * DAY;
const runOf = (day: number) => `${runStamp(startOf(day))}-0001`;
const LAST = runOf(29);

async function openLake() {
  const root = await mkdtemp(join(tmpdir(), 'lake-jobs-'));
  const engine = await openLocalEngine({ root, threads: 2 });
  const ledger = openLocalLedger(join(root, 'ledger'), { added: addedTables([jobs]) });
  const clock = { now: () => NOW, sleep: async () => undefined };
  const campus = { root, models: 'models' };
  const platform = { target: 'aws' as const, objects: {}, engine, ledger, clock };
  return {
    root,
    engine,
    ledger,
    lake: lakeOf({ campus, catalog: {}, features: [jobs], access: undefined, platform }),
  };
}

let opened: Awaited<ReturnType<typeof openLake>>;
beforeAll(async () => {
  opened = await openLake();
  const { ledger, root } = opened;
  const rows: OpsRow[] = [];
  for (let day = 0; day < 30; day++) {
    const run = runOf(day);
    const started_at = new Date(startOf(day)).toISOString();
    const of = { run, started_at, status: 'succeeded', attempt: 1 };
    const students = { job: 'build-model students', kind: 'model', engine: 'glue', dollars: 1.2 };
    rows.push(
      { id: `${run}/a`, ...of, ...students, ran_ms: 1000 * (day + 1), waited_ms: 5 },
      {
        id: `${run}/b`,
        ...of,
        ...{ job: 'spark campus.students', part_of: 'build-model students', kind: 'spark', engine: 'glue' },
        ...{
          ran_ms: 600_000,
          dollars: 1.2,
          dpu_seconds: 9818,
          workers: 8,
          cpu_share: 0.1,
          memory_share: 0.2,
        },
      },
    );
  }
  await ledger.append('job_runs', rows);
  const at = (seconds: number) => new Date(startOf(29) + seconds * 1000).toISOString();
  const step = (path: string, of: object): OpsRow => ({
    id: `${LAST}/${path}`,
    run: LAST,
    path,
    attempt: 1,
    ...of,
  });
  await ledger.append('steps', [
    step('main/a', {
      step: 'stage',
      item: 'canvas.users',
      started_at: at(0),
      ended_at: at(10),
      status: 'succeeded',
    }),
    step('main/b', {
      step: 'stage',
      item: 'canvas.courses',
      started_at: at(5),
      ended_at: at(20),
      status: 'succeeded',
      attempt: 2,
    }),
    step('main/c', {
      step: 'build-model',
      item: 'students',
      started_at: at(20),
      ended_at: at(50),
      status: 'failed',
      error: 'It could not.',
    }),
  ]);
  await writeFile(join(root, 'campus.yaml'), 'name: x # ours\naws:\n  spark: { workers: 8 } # many\n');
});
afterAll(async () => {
  await opened.engine.close();
  await rm(opened.root, { recursive: true, force: true });
});

describe('What the record of jobs tells', () => {
  it('is how every job goes: exact p95, and whether it takes longer and longer', async () => {
    const { jobs: found } = await listJobs(opened.lake);
    const students = found.find(({ job }) => job === 'build-model students')!;
    expect(students).toMatchObject({ runs: 30, failed: 0, trend: { direction: 'rising' } });
    expect(students.ranMsP95).toBeCloseTo(28_550, 6);
    expect(students.trend.perDay).toBeCloseTo(1000, 6);
    const { runs, summary } = await jobTrend(opened.lake, 'build-model students');
    expect([runs.length, summary?.runs]).toEqual([30, 30]);
    expect(runs.at(-1)).toMatchObject({ ranMs: 30_000, startedAt: new Date(startOf(29)).toISOString() });
  });

  it('is what the work cost, each dollar once', async () => {
    const costs = await jobCosts(opened.lake);
    expect(costs.dollars).toBeCloseTo(36, 6);
    expect(costs.byJob.map(({ name, runs }) => [name, runs])).toEqual([['build-model students', 30]]);
    expect(costs.byDay).toHaveLength(30);
    expect(costs.dollarsPerMonth).toBeCloseTo(36, 6);
  });

  it('is what was measured beside an estimate, in words that say that it is a part of it', async () => {
    const measured = await measuredCosts(opened.lake);
    expect(measured).toMatchObject({ days: 30, byEngine: [{ runs: 30 }] });
    const words = measuredInWords(measured);
    expect(words).toContain('on 30 days with runs');
    expect(words).toContain('36.00 dollars in all; 36.00 a month at this rate. It is a part of the estimate');
    expect(measuredInWords({ since: measured.since, days: 0, dollars: 0, byEngine: [] })).toContain(
      'nothing yet',
    );
    const own = { ...measured, dollars: 0, byEngine: [{ name: 'duckdb', runs: 1, ranMs: 36e5, dollars: 0 }] };
    expect(measuredInWords(own)).toContain('A machine of your own has no price');
  });

  it('is where the time of a run went, and what failed or was done again', async () => {
    const timeline = await runTimeline(opened.lake);
    expect(timeline).toMatchObject({ run: LAST, count: 3, failed: 1 });
    expect(timeline.where.map(({ step, busyMs, totalMs }) => [step, busyMs, totalMs])).toEqual([
      ['build-model', 30_000, 30_000],
      ['stage', 20_000, 25_000],
    ]);
    expect(timeline.steps.map(({ job, attempt, waitedMs }) => [job, attempt, waitedMs])).toEqual([
      ['stage canvas.users', 1, undefined],
      ['stage canvas.courses', 2, undefined],
      ['build-model students', 1, 5],
    ]);
    const one = await runTimeline(opened.lake, LAST, 1);
    expect([one.count, one.steps.map(({ status }) => status)]).toEqual([3, ['failed']]);
  });

  it('is summarised once a day: a later run of the day replaces it', async () => {
    for (let i = 0; i < 2; i++) await jobSummaries.run({ run: LAST }, opened.lake);
    const rows = await opened.ledger.rows('job_summaries');
    expect(rows.map(({ job, day, runs, ran_ms_p95: p95 }) => [job, day, runs, p95])).toEqual([
      ['build-model students', '2026-11-30', 30, 28_550],
      ['spark campus.students', '2026-11-30', 30, 600_000],
    ]);
  });

  it('is what would make it cheaper; a person accepts it once, and what it saved is told', async () => {
    const file = join(opened.root, 'campus.yaml');
    const campusText = await readFile(file, 'utf8');
    const { recommendations } = await listRecommendations(opened.lake, { campusText });
    const told = ({ rule, job }: Recommendation) => [rule, job];
    expect(recommendations.map(told)).toEqual([['half-the-workers', 'spark campus.students']]);
    const { id, patch } = recommendations[0]!;
    expect(patch).toEqual({ setting: 'aws.spark.workers', before: 8, after: 4 });

    const proposed = await proposedChanges(opened.lake, file);
    expect(proposed.changes.map((one) => [one.id, one.diff])).toEqual([
      [
        id,
        [
          { sign: ' ', text: 'name: x # ours' },
          { sign: ' ', text: 'aws:' },
          { sign: '-', text: '  spark: { workers: 8 } # many' },
          { sign: '+', text: '  spark: { workers: 4 } # many' },
          { sign: ' ', text: '' },
        ],
      ],
    ]);
    await writeFile(file, `${campusText}# somebody else was here\n`);
    await expect(acceptRecommendation(opened.lake, id, file, proposed.seen)).rejects.toThrow(
      'has changed since',
    );
    expect(await readFile(file, 'utf8')).toContain('workers: 8');
    await writeFile(file, campusText);
    await acceptRecommendation(opened.lake, id, file, proposed.seen);
    expect(await readFile(file, 'utf8')).toBe('name: x # ours\naws:\n  spark: { workers: 4 } # many\n');
    const after = await listRecommendations(opened.lake, { campusText });
    expect(after.recommendations).toEqual([]);
    expect(after.accepted).toMatchObject([{ recommendation: id, by: 'test', unit: 'dollars', runsSince: 0 }]);
    await expect(acceptRecommendation(opened.lake, id, file)).rejects.toThrow(`no recommendation "${id}"`);
  });
});
