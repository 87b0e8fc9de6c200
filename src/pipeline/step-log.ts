import { LakeError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { LedgerStore, OpsRow } from '../platform/ports/ledger.ts';

/** How one step ended, as `ops.steps` keeps it. */
export interface StepRecord {
  /** Place in the plan, e.g. `main/Load canvas/canvas[canvas.users]/stage`. */
  readonly path: string;
  readonly step: string;
  /** What the step was about: a dataset, a model; empty for the run as a whole. */
  readonly item: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** A step that failed, as the notification tells it. */
export interface Failure {
  readonly step: string;
  readonly about: string;
  readonly cause: string;
  readonly next: string;
}

export interface StepLogOptions {
  readonly run: string;
  readonly attempt: number;
  /** Where several processes write for one run: which of them this is. Default: the only one. */
  readonly writer?: string;
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
  #remarks: OpsRow[] = [];
  #remarked = 0;

  private constructor(
    ledger: LedgerStore,
    { run, attempt, writer = '' }: StepLogOptions,
    done: ReadonlyMap<string, Json>,
  ) {
    this.#ledger = ledger;
    this.#run = run;
    this.#attempt = attempt;
    this.#writer = writer;
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
    const { cause, next } = describe(error);
    await this.#append(record, { status: 'failed', output: null, error: cause, next });
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
    await this.flush();
    await this.#ledger.append('steps', [row]);
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
export async function failuresOf(ledger: LedgerStore, run: string): Promise<Failure[]> {
  return (await rowsOf(ledger, run))
    .filter((row) => row.status === 'failed')
    .map((row) => ({
      step: String(row.step),
      about: String(row.item),
      cause: String(row.error),
      next: String(row.next),
    }));
}

async function rowsOf(ledger: LedgerStore, run: string): Promise<OpsRow[]> {
  return ledger.rows('steps', `${run}/`);
}

/** An error in words: what happened, with the causes below it, and what to do next. */
export function describe(error: unknown): { cause: string; next: string } {
  const messages: string[] = [];
  for (let e: unknown = error; e instanceof Error && messages.length < 4; e = e.cause) {
    if (e.message && !messages.some((m) => m.includes(e.message))) messages.push(e.message);
  }
  const hint = error instanceof LakeError ? error.hint : undefined;
  return {
    cause: messages.join(' Cause: ') || String(error),
    next: hint ?? 'Run `lake run` again; if it fails in the same way, run `lake doctor`.',
  };
}
