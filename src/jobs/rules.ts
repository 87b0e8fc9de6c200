import type { Figure, JobKind } from './job-run.ts';

/** A number of one run that a rule looks at: one that was measured, or one that follows from such. */
export type Measure =
  | Figure
  /** Bytes of the files that were written, each on average. */
  | 'bytesPerFile'
  /** Of the time between being asked for and done, the part in a queue. */
  | 'queueShare'
  /** Of the tasks, the part that failed. */
  | 'failedTaskShare'
  /** Rows read now and not in the run before, as a part of all that were read. */
  | 'newRowShare'
  /** How often the table was asked for in these days, by people and by other models. */
  | 'uses';

/** Holds where this figure of all runs is beyond the threshold. Of runs that do not tell the measure, no rule is sure. */
export interface Condition {
  readonly measure: Measure;
  readonly of: 'median' | 'p95';
  readonly is: 'below' | 'above';
  readonly than: number;
}

/**
 * What makes work dearer or slower than it need be, as data: a change of a threshold is a new version, and decisions
 * name the version that they were made by.
 */
export interface Rule {
  readonly id: string;
  readonly version: number;
  /** Whose threshold it is. */
  readonly source: string;
  readonly kinds: readonly JobKind[];
  /** All of them must hold. */
  readonly when: readonly Condition[];
  /** What is the matter, in words. */
  readonly finding: string;
  /** What to do. */
  readonly advice: string;
  /** The part of the job's cost, or of its time where it has none, that is saved. */
  readonly saves: number;
  /** The setting of campus.yaml that does it. Absent: only a person can. */
  readonly change?: SettingChange;
}

export type SettingChange =
  /** Multiplied, rounded up, and never below. */
  | {
      readonly path: readonly string[];
      readonly times: number;
      readonly least: number;
      readonly default: number;
    }
  /** A time of day, so many minutes later. */
  | { readonly path: readonly string[]; readonly minutesLater: number; readonly default: string };

/** With fewer runs a rule says nothing. */
export const LEAST_RUNS = 10;

const SPARK_WORKERS = { path: ['aws', 'spark', 'workers'], least: 2, default: 2 } as const;
const MEGABYTE = 1_000_000;

export const RULES: readonly Rule[] = [
  {
    id: 'half-the-workers',
    version: 1,
    source: 'published by the team of Grab about its Spark jobs',
    kinds: ['spark'],
    when: [
      { measure: 'cpuShare', of: 'p95', is: 'below', than: 0.25 },
      { measure: 'memoryShare', of: 'p95', is: 'below', than: 0.25 },
      { measure: 'workers', of: 'median', is: 'above', than: 2 },
    ],
    finding: 'In 19 of 20 runs less than a quarter of the processors and of the memory is used',
    advice: 'Give it half the workers',
    saves: 0.5,
    change: { ...SPARK_WORKERS, times: 0.5 },
  },
  {
    id: 'idle-cores',
    version: 1,
    source: 'DataFlint: idle cores above 50 %',
    kinds: ['spark'],
    when: [
      { measure: 'idleShare', of: 'median', is: 'above', than: 0.5 },
      { measure: 'workers', of: 'median', is: 'above', than: 2 },
    ],
    finding: 'More than half of the processors have nothing to do',
    advice: 'Give it three quarters of the workers, or more partitions than processors',
    saves: 0.25,
    change: { ...SPARK_WORKERS, times: 0.75 },
  },
  {
    id: 'skew',
    version: 1,
    source: 'DataFlint: longest task above ten times the median',
    kinds: ['spark'],
    when: [{ measure: 'skew', of: 'median', is: 'above', than: 10 }],
    finding: 'One task takes more than ten times as long as the others, which wait for it',
    advice: 'Join or group by a key whose values are spread more evenly, or leave nulls out before the join',
    saves: 0.3,
  },
  {
    id: 'garbage',
    version: 1,
    source: 'Dr. Elephant: executor GC, moderate from 0.10',
    kinds: ['spark'],
    when: [{ measure: 'gcShare', of: 'median', is: 'above', than: 0.1 }],
    finding: 'More than a tenth of the time goes to collecting garbage',
    advice: 'Read fewer columns, or give it more workers so that each holds less',
    saves: 0.1,
  },
  {
    id: 'memory-full',
    version: 1,
    source: 'DataFlint: executor memory above 95 %',
    kinds: ['spark'],
    when: [{ measure: 'memoryShare', of: 'p95', is: 'above', than: 0.95 }],
    finding: 'The memory is full: the next growth of the data ends in an error',
    advice: 'Give it a quarter more workers',
    saves: 0,
    change: { ...SPARK_WORKERS, times: 1.25 },
  },
  {
    id: 'failing-tasks',
    version: 1,
    source: 'Dr. Elephant: task failure rate, low from 0.1',
    kinds: ['spark'],
    when: [{ measure: 'failedTaskShare', of: 'median', is: 'above', than: 0.1 }],
    finding: 'More than one task in ten fails and is done again',
    advice: 'Look at the errors of its tasks: mostly memory, or a worker that is lost',
    saves: 0.1,
  },
  {
    id: 'small-files',
    version: 1,
    source: 'DataFlint: files below 3 MB on average, more than 100',
    kinds: ['spark', 'step', 'model'],
    when: [
      { measure: 'filesOut', of: 'median', is: 'above', than: 100 },
      { measure: 'bytesPerFile', of: 'median', is: 'below', than: 3 * MEGABYTE },
    ],
    finding: 'It writes many small files, which every reader opens one by one',
    advice: 'Write fewer, larger files: about 128 MB each',
    saves: 0.2,
  },
  {
    id: 'spill',
    version: 1,
    source: 'Dr. Elephant: spilled bytes; below 100 MB they cost nothing to speak of',
    kinds: ['spark', 'model', 'step'],
    when: [{ measure: 'spilledBytes', of: 'median', is: 'above', than: 100 * MEGABYTE }],
    finding: 'What it sorts or joins does not fit into memory and goes by way of the disk',
    advice: 'Read fewer columns, filter before the join, or give the machine more memory',
    saves: 0.2,
  },
  {
    id: 'rereads-everything',
    version: 1,
    source: 'the lake',
    kinds: ['model'],
    when: [
      { measure: 'newRowShare', of: 'p95', is: 'below', than: 0.01 },
      { measure: 'ranMs', of: 'median', is: 'above', than: 30_000 },
    ],
    finding: 'Every run it reads all of its tables again, and not one row in a hundred is new',
    advice:
      'Keep what is settled (past terms) in a model of its own, which is made again only when it changes',
    saves: 0.8,
  },
  {
    id: 'schedule-collides',
    version: 1,
    source: 'the lake',
    kinds: ['statement', 'spark', 'copy'],
    when: [
      { measure: 'queueShare', of: 'median', is: 'above', than: 0.33 },
      { measure: 'queuedMs', of: 'median', is: 'above', than: 60_000 },
    ],
    finding: 'It stands in a queue for more than a third of its time: others are served at the same hour',
    advice: 'Begin the night a little later than everybody else',
    saves: 0.33,
    change: { path: ['schedule', 'at'], minutesLater: 47, default: '02:30' },
  },
  {
    id: 'unused-model',
    version: 1,
    source: 'the lake',
    kinds: ['model'],
    when: [{ measure: 'uses', of: 'p95', is: 'below', than: 1 }],
    finding: 'Nobody has asked for it in these days, and no other model reads it',
    advice: 'Ask its owner whether it is needed; what reads the warehouse is not counted here',
    saves: 1,
  },
];
