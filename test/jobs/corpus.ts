import type { JobKind, JobRun } from '../../src/jobs/job-run.ts';
import type { JobFacts } from '../../src/jobs/recommend.ts';

/** A history that was made up, and the rules that are true of it. */
export interface KnownHistory {
  readonly truth: readonly string[];
  readonly runs: readonly JobRun[];
  readonly facts: JobFacts;
}

const DAY = 86_400_000;
const MB = 1_000_000;

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Kind {
  readonly truth: readonly string[];
  readonly kind: JobKind;
  readonly facts?: JobFacts;
  /** Figures of a run. @param day from 0 to 29 @param near from 0.9 to 1.1: how much chance moves a figure */
  figures(day: number, near: () => number): Partial<JobRun>;
}

const healthySpark = (near: () => number): Partial<JobRun> => ({
  workers: 8,
  cpuShare: 0.6 * near(),
  memoryShare: 0.7 * near(),
  idleShare: 0.25 * near(),
  gcShare: 0.04 * near(),
  skew: 2 * near(),
  tasks: 800,
  failedTasks: 2,
  spilledBytes: 0,
  dollars: 1.2 * near(),
  ranMs: 600_000 * near(),
});

/** What is true, what is nearly true, what was true and is no more, and what is dearer for good reasons. */
const KINDS: readonly Kind[] = [
  { truth: [], kind: 'spark', figures: (_, near) => healthySpark(near) },
  {
    truth: ['half-the-workers'],
    kind: 'spark',
    figures: (_, near) => ({ ...healthySpark(near), cpuShare: 0.15 * near(), memoryShare: 0.18 * near() }),
  },
  {
    // The processors idle, the memory does not: half the workers would not hold the data.
    truth: [],
    kind: 'spark',
    figures: (_, near) => ({ ...healthySpark(near), cpuShare: 0.12 * near(), memoryShare: 0.8 * near() }),
  },
  {
    // Quiet on most nights and full at the month's end: the 95th percentile knows.
    truth: [],
    kind: 'spark',
    figures: (day, near) => ({
      ...healthySpark(near),
      cpuShare: (day % 10 === 9 ? 0.8 : 0.15) * near(),
      memoryShare: (day % 10 === 9 ? 0.7 : 0.18) * near(),
    }),
  },
  {
    // It was too large, and has grown into its size: the later runs speak against it.
    truth: [],
    kind: 'spark',
    figures: (day, near) => ({
      ...healthySpark(near),
      gcShare: (day < 21 ? 0.14 : 0.03) * near(),
    }),
  },
  {
    truth: ['garbage'],
    kind: 'spark',
    figures: (_, near) => ({ ...healthySpark(near), gcShare: 0.16 * near() }),
  },
  { truth: ['skew'], kind: 'spark', figures: (_, near) => ({ ...healthySpark(near), skew: 16 * near() }) },
  { truth: [], kind: 'spark', figures: (_, near) => ({ ...healthySpark(near), skew: 6 * near() }) },
  {
    truth: ['idle-cores'],
    kind: 'spark',
    figures: (_, near) => ({ ...healthySpark(near), idleShare: 0.65 * near() }),
  },
  { truth: ['memory-full'], kind: 'spark', figures: () => ({ ...healthySpark(() => 1), memoryShare: 0.97 }) },
  {
    truth: ['failing-tasks'],
    kind: 'spark',
    figures: (_, near) => ({ ...healthySpark(near), failedTasks: 130 }),
  },
  {
    truth: ['small-files'],
    kind: 'spark',
    figures: (_, near) => ({ ...healthySpark(near), filesOut: 400, bytesOut: 300 * MB * near() }),
  },
  {
    // Few files may be small: nobody waits for ten.
    truth: [],
    kind: 'spark',
    figures: (_, near) => ({ ...healthySpark(near), filesOut: 10, bytesOut: 5 * MB * near() }),
  },
  {
    truth: ['spill'],
    kind: 'model',
    facts: { uses: 9 },
    figures: (day, near) => ({
      ranMs: 20_000 * near(),
      spilledBytes: 900 * MB * near(),
      rowsIn: 1e6 + day * 30_000,
    }),
  },
  {
    truth: [],
    kind: 'model',
    facts: { uses: 9 },
    figures: (day, near) => ({
      ranMs: 20_000 * near(),
      spilledBytes: day === 3 ? 2000 * MB : 0,
      rowsIn: 1e6 + day * 30_000,
    }),
  },
  {
    truth: ['rereads-everything'],
    kind: 'model',
    facts: { uses: 40 },
    figures: (day, near) => ({ ranMs: 90_000 * near(), rowsIn: 20_000_000 + day * 20_000 }),
  },
  {
    // Reads it all again, and much of it is new.
    truth: [],
    kind: 'model',
    facts: { uses: 40 },
    figures: (day, near) => ({ ranMs: 90_000 * near(), rowsIn: 1_000_000 * (1 + day * 0.2) }),
  },
  {
    // Reads it all again within two seconds: nobody gains by a change.
    truth: [],
    kind: 'model',
    facts: { uses: 4 },
    figures: (day, near) => ({ ranMs: 2000 * near(), rowsIn: 100_000 + day }),
  },
  {
    truth: ['unused-model'],
    kind: 'model',
    facts: { uses: 0 },
    figures: (day, near) => ({ ranMs: 5000 * near(), rowsIn: 1000 * (1 + day) }),
  },
  {
    truth: ['schedule-collides'],
    kind: 'statement',
    figures: (_, near) => ({ ranMs: 120_000 * near(), queuedMs: 150_000 * near() }),
  },
  {
    truth: [],
    kind: 'statement',
    figures: (_, near) => ({ ranMs: 120_000 * near(), queuedMs: 3_000 * near() }),
  },
  {
    // A long queue on three nights is chance.
    truth: [],
    kind: 'statement',
    figures: (day, near) => ({
      ranMs: 120_000 * near(),
      queuedMs: (day % 10 === 4 ? 300_000 : 1000) * near(),
    }),
  },
];

/** Histories of 30 nights of every kind, and of as many seeds; some of them with a night that failed or went wild. */
export function corpus(seeds: readonly number[]): KnownHistory[] {
  return seeds.flatMap((seed) =>
    KINDS.map(({ truth, kind, facts = {}, figures }, place): KnownHistory => {
      const random = randomOf(seed * 1000 + place);
      const near = () => 0.9 + random() * 0.2;
      const runs = Array.from({ length: 30 }, (_, day): JobRun => {
        const isWild = random() < 0.03;
        const told = figures(day, near);
        return {
          run: `night-${day}`,
          job: `job ${place}`,
          kind,
          engine: 'glue',
          status: random() < 0.03 ? 'failed' : 'succeeded',
          startedAt: day * DAY,
          ...told,
          ranMs: (told.ranMs ?? 1000) * (isWild ? 6 : 1),
        };
      });
      return { truth, runs, facts };
    }),
  );
}
