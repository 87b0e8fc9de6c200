import { debugLog } from '../debug-log.ts';
import type { Json } from '../json.ts';
import type { StepMeter } from '../ports/feature.ts';
import { type MeasuredWork, metering, type Usage } from '../ports/metering.ts';
import type { Uses } from '../ports/step.ts';
import type { StepRecord } from './step-log.ts';

/** What a step has used so far: one that is waited for is tried several times. */
interface SoFar {
  activeMs: number;
  tries: number;
  readonly used: Usage[];
  readonly work: MeasuredWork[];
}

/** Tells the meters of features what each step has used. A meter that fails is left out from then on. */
export class StepMeters {
  readonly #attempt: number;
  readonly #soFar = new Map<string, SoFar>();
  #meters: readonly StepMeter[];

  private constructor(attempt: number, meters: readonly StepMeter[]) {
    this.#attempt = attempt;
    this.#meters = meters;
  }

  static async open(
    lake: Uses<'features' | 'clock' | 'ledger' | 'target'>,
    { run, attempt }: { readonly run: string; readonly attempt: number },
  ): Promise<StepMeters> {
    const opened: StepMeter[] = [];
    for (const { name, stepMeter } of lake.features ?? []) {
      try {
        if (stepMeter) opened.push(await stepMeter.open(lake, run));
      } catch (error) {
        debugLog(`the meter of ${name}`, error);
      }
    }
    return new StepMeters(attempt, opened);
  }

  /** Does one try of a step. */
  async measured<T>(path: string, work: () => Promise<T>): Promise<T> {
    if (this.#meters.length === 0) return work();
    const soFar = this.#soFar.get(path) ?? { activeMs: 0, tries: 0, used: [], work: [] };
    this.#soFar.set(path, soFar);
    soFar.tries += 1;
    const began = performance.now();
    const meter = {
      work: (done: MeasuredWork) => void soFar.work.push(done),
      used: (usage: Usage) => void soFar.used.push(usage),
    };
    try {
      return await metering(meter, work);
    } finally {
      soFar.activeMs += performance.now() - began;
    }
  }

  /** Passes on a step that has ended. @param output what it answered; absent where it failed */
  ended({ path, step, item, startedAt, endedAt }: StepRecord, output?: Json): void {
    const soFar = this.#soFar.get(path);
    this.#soFar.delete(path);
    if (!soFar) return;
    const used = { ...soFar, activeMs: Math.round(soFar.activeMs) };
    const of = { path, step, item, startedAt, endedAt, attempt: this.#attempt };
    const answered = output === undefined ? {} : { output };
    this.#each((meter) => meter.step({ ...of, ...used, failed: output === undefined, ...answered }));
  }

  /** Passes on work that no step has asked for: the call of a function as a whole. */
  work(work: MeasuredWork): void {
    this.#each((meter) => meter.work(work));
  }

  async flush(): Promise<void> {
    for (const meter of this.#meters)
      await meter.flush().catch((error: unknown) => debugLog('the record of jobs', error));
  }

  #each(tell: (meter: StepMeter) => void): void {
    this.#meters = this.#meters.filter((meter) => {
      try {
        tell(meter);
        return true;
      } catch (error) {
        debugLog('the record of jobs', error);
        return false;
      }
    });
  }
}
