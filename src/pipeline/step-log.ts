import { debugLog } from '../debug-log.ts';
import { type Failure, failureOf, RUN_AGAIN } from '../failure.ts';
import type { Json } from '../json.ts';
import { LedgerUnusableError } from '../ports/errors.ts';
import type { LedgerStore, OpsRow } from '../ports/ledger.ts';
import { sourceAt } from './plan.ts';

/** How one step ended, as `ops.steps` keeps it. */
export interface StepRecord {
  /** Place in the plan, e.g. `main/Load canvas/canvas[canvas.users]/stage`. */
  readonly path: string;
  readonly step: string;
  /** What the step was about: a dataset, a model; empty for the run as a whole. */
  readonly item: string;
  /** The source that its input names, which may be no source of the campus. Default: that of its place in the plan. */
  readonly source?: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** The failure of one step of a run. */
export type StepFailure = Failure & { readonly step: string };

export interface StepLogOptions {
  readonly run: string;
  readonly attempt: number;
  /** Where several processes write for one run: which of them this is. Default: the only one. */
  readonly writer?: string;
  /** Names of the sources in campus.yaml: a failure names the one that it is of. Default: none. */
  readonly sources?: readonly string[];
  /** What earlier attempts have done, where it is known. Default: read from the ledger. */
  readonly done?: ReadonlyMap<string, Json>;
}

/**
 * The steps of one run in the ledger: what has succeeded is not done again when the run is continued, and what
 * has failed is what the notification tells.
 */
export class StepLog {
  readonly #ledger: LedgerStore;
  readonly #run: string;
  readonly #attempt: number;
  readonly #done: ReadonlyMap<string, Json>;
  readonly #writer: string;
  readonly #sources: readonly string[];
  readonly #failures: StepFailure[] = [];
  #fault: LedgerUnusableError | undefined;
  #remarks: OpsRow[] = [];
  #remarked = 0;

  private constructor(
    ledger: LedgerStore,
    { run, attempt, writer = '', sources = [] }: StepLogOptions,
    done: ReadonlyMap<string, Json>,
  ) {
    this.#ledger = ledger;
    this.#run = run;
    this.#attempt = attempt;
    this.#writer = writer;
    this.#sources = sources;
    this.#done = done;
  }

  static async open(ledger: LedgerStore, options: StepLogOptions): Promise<StepLog> {
    const done = options.done ?? (options.attempt > 1 ? await outputsOf(ledger, options.run) : new Map());
    return new StepLog(ledger, options, done);
  }

  /** What the step at this place answered in an earlier attempt of the run. */
  outputOf(path: string): Json | undefined {
    return this.#done.get(path);
  }

  /** Why the ledger takes no more. From then on nothing is written to it, and no step is begun. */
  get fault(): LedgerUnusableError | undefined {
    return this.#fault;
  }

  /** The failures of this attempt, whether or not the ledger has them. */
  get failures(): readonly StepFailure[] {
    return this.#failures;
  }

  /** Keeps a remark; it is written with the next step that ends, or by `flush`. */
  remark(about: string, text: string, at: number): void {
    const id = `${this.#run}/${this.#attempt}/${this.#writer}${++this.#remarked}`;
    this.#remarks.push({ id, run: this.#run, about, text, at: new Date(at).toISOString() });
  }

  async succeeded(record: StepRecord, output: Json): Promise<void> {
    await this.#append(record, {
      status: 'succeeded',
      output: JSON.stringify(output),
      error: null,
      next: null,
    });
  }

  async failed(record: StepRecord, error: unknown): Promise<void> {
    const { step, item, path } = record;
    debugLog(`${this.#run} ${path}`, error);
    const sources = this.#sources;
    const source = sources.find((name) => name === record.source) ?? sourceAt(path, sources);
    const failure = failureOf(error, { step, item, sources, ...(source === undefined ? {} : { source }) });
    this.#failures.push({ ...failure, step });
    await this.#append(record, { status: 'failed', output: null, ...columnsOf(failure) });
  }

  async #append(record: StepRecord, outcome: { [column: string]: Json }): Promise<void> {
    const row: OpsRow = {
      id: `${this.#run}/${record.path}`,
      run: this.#run,
      path: record.path,
      step: record.step,
      item: record.item,
      attempt: this.#attempt,
      started_at: new Date(record.startedAt).toISOString(),
      ended_at: new Date(record.endedAt).toISOString(),
      ...outcome,
    };
    if (this.#fault) throw this.#fault;
    try {
      await this.flush();
      await this.#ledger.append('steps', [row]);
    } catch (error) {
      if (error instanceof LedgerUnusableError) this.#fault ??= error;
      throw error;
    }
  }

  /** Writes the remarks that are not written yet. */
  async flush(): Promise<void> {
    const remarks = this.#remarks;
    this.#remarks = [];
    if (remarks.length > 0) await this.#ledger.append('remarks', remarks);
  }
}

/** What every step that has succeeded in a run answered, by its place. */
export async function outputsOf(ledger: LedgerStore, run: string): Promise<Map<string, Json>> {
  const succeeded = (await rowsOf(ledger, run)).filter((row) => row.status === 'succeeded');
  return new Map(succeeded.map((row) => [String(row.path), JSON.parse(String(row.output)) as Json]));
}

/** The failures of a run, in the order in which they came. */
export async function failuresOf(ledger: LedgerStore, run: string): Promise<StepFailure[]> {
  return (await rowsOf(ledger, run)).filter((row) => row.status === 'failed').map(failureOfRow);
}

/** A step that failed, with its place and time. */
export type FailedStep = StepFailure & {
  readonly path: string;
  /** When it was first tried, ISO 8601 UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
};

/** The failures of a run with the places and times of their steps, in the order in which they came. */
export async function failedStepsOf(ledger: Pick<LedgerStore, 'rows'>, run: string): Promise<FailedStep[]> {
  const failed = (await ledger.rows('steps', `${run}/`)).filter((row) => row.status === 'failed');
  return failed.map((row) => ({
    ...failureOfRow(row),
    path: String(row.path),
    startedAt: String(row.started_at),
    endedAt: String(row.ended_at),
  }));
}

/** A failure as the columns of `ops.steps`; `error` and `next` hold what a person reads. */
function columnsOf(failure: Failure): { [column: string]: Json } {
  const { code, class: kind, about, source, retryable, reach, message, hint, file, line, column } = failure;
  return {
    error: message,
    next: hint,
    code,
    class: kind,
    about,
    source,
    retryable,
    reach,
    file: file ?? null,
    line: line ?? null,
    file_column: column ?? null,
  };
}

/** Rows of older versions have no code; their text was not held to the lake's own words, so it goes no further. */
function failureOfRow(row: OpsRow): StepFailure {
  const text = (column: string) => String(row[column] ?? '');
  const old = typeof row.code !== 'string';
  return {
    step: text('step'),
    code: old ? 'recorded-earlier' : text('code'),
    class: old ? 'Error' : text('class'),
    about: text('about') || text('item'),
    source: text('source'),
    retryable: row.retryable === true,
    reach: row.reach === 'source' || row.reach === 'lake' ? row.reach : 'item',
    message: old ? 'Recorded by an older version of the lake; `ops.steps` holds its text.' : text('error'),
    hint: old ? RUN_AGAIN : text('next'),
    ...(row.file ? { file: text('file') } : {}),
    ...(row.line ? { line: Number(row.line) } : {}),
    ...(row.file_column ? { column: Number(row.file_column) } : {}),
  };
}

async function rowsOf(ledger: LedgerStore, run: string): Promise<OpsRow[]> {
  return ledger.rows('steps', `${run}/`);
}
