import { createHash, randomUUID } from 'node:crypto';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { nameOfUnexpected } from '../../../failure.ts';
import { StillRunningError } from '../../../ports/errors.ts';
import { type MeasuredWork, reportWork } from '../../../ports/metering.ts';
import type { Clock } from '../../../ports/platform.ts';
import type { WaitBudget } from '../../../ports/query-engine.ts';
import { called, isNamed } from '../errors.ts';
import { AthenaError } from './errors.ts';

/** What it takes to run statements. */
export interface StatementRunner {
  readonly athena: AthenaClient;
  readonly workgroup: string;
  readonly clock: Clock;
  /** Told of the bytes that each statement scanned: what Athena bills. */
  readonly onScanned?: (bytes: number, about: string) => void;
  /** How long statements are waited for, and the mark by which they are found again. Default: to their end. */
  readonly budget?: WaitBudget;
}

export interface StatementOptions {
  /** What is being done, to which table: the beginning of an error's message. */
  readonly doing: string;
  /** The dataset or model that it is about. */
  readonly about?: string;
  readonly signal?: AbortSignal;
}

/** A statement that has succeeded. */
export interface Finished {
  readonly id: string;
  readonly scanned: number;
}

/** Athena counts statements that wait as well: it says so when there are too many, and is asked again. */
const BUSY = ['TooManyRequestsException', 'ThrottlingException', 'Throttling'];
const PATIENCE_WHEN_BUSY_MS = 10 * 60_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/**
 * Another writer has committed to the Iceberg table meanwhile: nothing of the statement counts, and it may be run again.
 * https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-troubleshooting.html
 */
const LOST_RACE = /ICEBERG_COMMIT_ERROR/;
const COMMITS = 5;
const COMMIT_PAUSE_MS = 2_000;

/** How long to wait before asking again about a running statement. */
const ASK_AGAIN_SECONDS = 20;

/**
 * Runs one statement to its end, or to the end of the runner's wait budget. When the signal is aborted the statement is stopped in Athena too, and the
 * promise rejects with the signal's reason.
 * @throws StatementFailed when Athena says that it failed
 * @throws StillRunningError where it goes on; the same statement with the same mark is then the same execution
 */
export async function runStatement(
  runner: StatementRunner,
  sql: string,
  options: StatementOptions,
): Promise<Finished> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(asAttempt(runner, attempt), sql, options);
    } catch (error) {
      const lostRace = error instanceof StatementFailed && LOST_RACE.test(error.said);
      if (!lostRace || attempt >= COMMITS) throw error;
      await runner.clock.sleep(jittered(COMMIT_PAUSE_MS * 2 ** (attempt - 1)), options.signal);
    }
  }
}

/** The same statement once more is another execution, also to a caller who knows it by its token. */
function asAttempt(runner: StatementRunner, attempt: number): StatementRunner {
  const { budget } = runner;
  if (!budget || attempt === 1) return runner;
  return { ...runner, budget: { ...budget, resumeToken: `${budget.resumeToken}#${attempt}` } };
}

async function runOnce(runner: StatementRunner, sql: string, options: StatementOptions): Promise<Finished> {
  const id = await startStatement(runner, sql, options);
  if (runner.budget) {
    const ended = await statementWithin(runner, id, options, runner.budget.waitMs);
    if (ended) return ended;
    throw new StillRunningError(`${options.doing}: Athena is still at it`, {
      about: options.about,
      retryAfterSeconds: ASK_AGAIN_SECONDS,
    });
  }
  return finished(runner, id, await untilEnded(runner, id, options), options);
}

/**
 * Waits for a statement that was started, here or by another process, and leaves it running where it takes longer.
 * @returns undefined when it still runs after `waitMs`
 * @throws StatementFailed when Athena says that it failed; AwsCallError when Athena does not answer
 */
export async function statementWithin(
  runner: StatementRunner,
  id: string,
  options: StatementOptions,
  waitMs: number,
): Promise<Finished | undefined> {
  const until = runner.clock.now() + waitMs;
  for (let wait = FIRST_WAIT_MS; ; wait = longer(wait)) {
    const execution = await called(`${options.doing}: asking after its query`, id, endOf(runner, id));
    if (execution) return finished(runner, id, execution, options);
    if (runner.clock.now() + wait > until) return undefined;
    await runner.clock.sleep(jittered(wait), options.signal);
  }
}

function finished(
  runner: StatementRunner,
  id: string,
  execution: QueryExecution,
  options: StatementOptions,
): Finished {
  const { State: state } = execution.Status ?? {};
  const scanned = execution.Statistics?.DataScannedInBytes ?? 0;
  runner.onScanned?.(scanned, options.about ?? options.doing);
  reportWork(measuredStatement(execution, options.doing));
  if (state === 'SUCCEEDED') return { id, scanned };
  throw new StatementFailed(options, id, execution);
}

/**
 * What Athena tells of a statement that has ended. What it scans is all that it charges for.
 * https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecutionStatistics.html
 */
export function measuredStatement(execution: QueryExecution, doing: string): MeasuredWork {
  const { Statistics: told = {}, Status: status = {}, QueryExecutionId: reference } = execution;
  const total = told.TotalExecutionTimeInMillis ?? 0;
  const endedAt = status.CompletionDateTime?.getTime() ?? Date.now();
  return {
    kind: 'statement',
    name: doing,
    engine: 'athena',
    startedAt: status.SubmissionDateTime?.getTime() ?? endedAt - total,
    endedAt,
    ...(told.QueryQueueTimeInMillis === undefined ? {} : { queuedMs: told.QueryQueueTimeInMillis }),
    ...(told.DataScannedInBytes === undefined ? {} : { bytesIn: told.DataScannedInBytes }),
    ...(status.State === 'SUCCEEDED' ? {} : { failed: true }),
    ...(reference === undefined ? {} : { reference }),
  };
}

/** Athena ended a statement without success. `said` is its own message: it may quote values, and goes no further. */
export class StatementFailed extends AthenaError {
  readonly said: string;

  constructor({ doing, about }: StatementOptions, id: string, execution: QueryExecution) {
    const { StateChangeReason: reason = '', AthenaError: error, State: state } = execution.Status ?? {};
    const said = reason || error?.ErrorMessage || String(state);
    super(`${doing} failed in Athena: ${found(said)}`, {
      about,
      hint: hintFor(said, error?.ErrorCategory, id),
    });
    this.said = said;
  }
}

/**
 * What Athena found, as far as it is sure to hold no value: its own name for the error, the action or the right that
 * was missing, the limit that was reached.
 */
function found(said: string): string {
  const action = /not authorized to perform:? ([a-z0-9-]{2,40}:[A-Za-z]{2,60})\b/.exec(said)?.[1];
  if (action !== undefined) return `not authorized to perform ${action}`;
  const right =
    /^Insufficient Lake Formation permission\(s\): Required ([A-Za-z, ]{2,80}) on ([\w.]{1,200})/.exec(said);
  if (right) return `Lake Formation does not grant ${right[1]} on ${right[2]}`;
  if (/access denied/i.test(said)) return 'access was denied';
  if (/bytes scanned limit/i.test(said)) return 'the limit of bytes scanned was reached';
  if (/^Query exhausted resources/.test(said)) return 'the query exhausted its resources';
  return /^([A-Z][A-Z0-9_]{2,60})(?::|$)/.exec(said)?.[1] ?? 'it gave a reason that is not repeated here';
}

function hintFor(said: string, category: number | undefined, id: string): string {
  const look = `the query ${id} in the Athena console holds all of it`;
  if (/access denied|not authorized|Insufficient Lake Formation/i.test(said)) {
    return `give the pipeline's role the right that is named; ${look}`;
  }
  if (/bytes scanned limit/i.test(said))
    return "raise the workgroup's limit of bytes scanned, or ask for less";
  if (category === 1) return `AWS itself failed: run again; ${look}`;
  return look;
}

/** @returns the id of the query. @throws AthenaError when Athena does not take it */
export async function startStatement(
  runner: StatementRunner,
  sql: string,
  options: StatementOptions,
): Promise<string> {
  const { clock } = runner;
  // One token for every try: however often the call is made, the statement runs once.
  const command = new StartQueryExecutionCommand({
    QueryString: sql,
    ClientRequestToken: tokenOf(runner, sql),
    WorkGroup: runner.workgroup,
  });
  const until = clock.now() + PATIENCE_WHEN_BUSY_MS;
  for (let wait = FIRST_WAIT_MS; ; wait = longer(wait)) {
    options.signal?.throwIfAborted();
    try {
      const { QueryExecutionId: id } = await runner.athena.send(command);
      return id!;
    } catch (error) {
      if (isNamed(error, ...BUSY) && clock.now() < until) {
        await clock.sleep(jittered(wait), options.signal);
        continue;
      }
      throw new AthenaError(
        `${options.doing}: Athena did not take the statement: ${nameOfUnexpected(error)}`,
        {
          about: options.about,
          cause: error,
          hint: `look at the workgroup ${runner.workgroup}, its limits and its result location`,
        },
      );
    }
  }
}

/** By the same token Athena knows a statement again, and runs it no second time. */
function tokenOf({ budget }: StatementRunner, sql: string): string {
  return budget ? createHash('sha256').update(`${budget.resumeToken}\n${sql}`).digest('hex') : randomUUID();
}

/** The execution if it has ended. */
async function endOf({ athena }: StatementRunner, id: string): Promise<QueryExecution | undefined> {
  const { QueryExecution: execution } = await athena.send(
    new GetQueryExecutionCommand({ QueryExecutionId: id }),
  );
  const state = execution?.Status?.State;
  return state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED' ? execution : undefined;
}

async function untilEnded(
  runner: StatementRunner,
  id: string,
  { signal, doing, about }: StatementOptions,
): Promise<QueryExecution> {
  const { athena, clock } = runner;
  try {
    for (let wait = FIRST_WAIT_MS; ; wait = longer(wait)) {
      signal?.throwIfAborted();
      const execution = await endOf(runner, id);
      if (execution) return execution;
      await clock.sleep(jittered(wait), signal);
    }
  } catch (error) {
    // Nobody will read its result: it need not go on costing.
    await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id })).catch(() => undefined);
    if (signal?.aborted) throw signal.reason;
    throw new AthenaError(`${doing}: Athena stopped answering about the query ${id}.`, {
      about,
      cause: error,
      hint: 'run again; what it may still do is done again',
    });
  }
}

const longer = (wait: number): number => Math.min(wait * 1.6, LONGEST_WAIT_MS);
/** So that many that wait do not all ask at one moment. */
const jittered = (wait: number): number => Math.round(wait * (0.75 + Math.random() / 2));
