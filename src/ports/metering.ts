import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What a piece of work has used. An engine reports what it knows; what it does not know is absent, never 0.
 * Durations are milliseconds, sizes bytes.
 */
export interface Usage {
  /** How long it waited before it ran: for a place in a queue, for capacity. */
  readonly queuedMs?: number;
  readonly rowsIn?: number;
  readonly rowsOut?: number;
  readonly bytesIn?: number;
  readonly bytesOut?: number;
  readonly filesIn?: number;
  readonly filesOut?: number;
  /** Written to disk because memory did not hold it. */
  readonly spilledBytes?: number;
  /** The most memory that it held at once. */
  readonly peakMemoryBytes?: number;
  /** Processor time, over all threads. */
  readonly cpuMs?: number;
  /** Memory times time, as Lambda charges it. */
  readonly gigabyteSeconds?: number;
  /** Data processing units times time, as Glue charges them. */
  readonly dpuSeconds?: number;
}

/** What only some engines tell of a run: shares are of 1. */
export interface Utilisation {
  readonly workers?: number;
  /** Glue's name for the kind, e.g. `G.1X`. */
  readonly workerType?: string;
  /** Of the processors that were there, how much was used. */
  readonly cpuShare?: number;
  /** Of the memory that was there, the most that was used. */
  readonly memoryShare?: number;
  /** Of the time that executors ran, how much went to collecting garbage. */
  readonly gcShare?: number;
  /** Of the processors that were there, how many had no task on average. */
  readonly idleShare?: number;
  /** The longest task of the worst stage, as a multiple of the median. */
  readonly skew?: number;
  readonly tasks?: number;
  readonly failedTasks?: number;
}

/** Work with a row of its own in the record of jobs: a statement, a Spark run, a copy task, a call of a function. */
export interface MeasuredWork extends Usage, Utilisation {
  readonly kind: 'statement' | 'spark' | 'copy' | 'function';
  /** What it did, as a stable name: `write campus.students`. The same work has the same name in every run. */
  readonly name: string;
  readonly engine: 'duckdb' | 'athena' | 'glue' | 'dms' | 'lambda' | 'postgres';
  /** Epoch ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly failed?: boolean;
  /** The engine's own id of it: a query execution, a job run, a request. */
  readonly reference?: string;
}

/** Takes what is reported within {@link metering}. */
export interface Meter {
  work(work: MeasuredWork): void;
  /** What the step has used besides: in a queue, of files. */
  used(usage: Usage): void;
}

const scope = new AsyncLocalStorage<Meter>();

/** Does work whose engines report to this meter. */
export const metering = <T>(meter: Meter, work: () => Promise<T>): Promise<T> => scope.run(meter, work);

/** Whether anybody takes what is reported: where nobody does, an engine need not measure. */
export const isMetered = (): boolean => scope.getStore() !== undefined;

/** Reports work that has ended to the step that asked for it. Nobody may be listening. */
export const reportWork = (work: MeasuredWork): void => scope.getStore()?.work(work);

/** Reports what the step has used that is not of one statement. */
export const reportUsage = (usage: Usage): void => scope.getStore()?.used(usage);

/**
 * The same work, which reports to the meter of whoever asks now, wherever it is run: a queue runs work in the
 * context of what ended before it.
 */
export const inThisScope = <T>(work: () => Promise<T>): (() => Promise<T>) => AsyncLocalStorage.bind(work);
