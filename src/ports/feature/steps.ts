import type { Json } from '../../json.ts';
import type { MeasuredWork, Usage } from '../metering.ts';
import type { Step, Uses } from '../step.ts';

/** The parts of a lake that a feature's steps and summary may use. */
export type FeatureLake = Uses<
  | 'campus'
  | 'catalog'
  | 'session'
  | 'features'
  | 'report'
  | 'signal'
  | 'clock'
  | 'objects'
  | 'ledger'
  | 'engine'
  | 'events'
  | 'register'
>;

/**
 * Where in a run a feature's step can be: `models` after the models are built, `publish` after people see them, `end`
 * when all has been tried, before the team is told; a step of that slot comes in every run, whatever has failed.
 */
export type FeatureSlot = 'models' | 'publish' | 'end';

/**
 * A step that takes `{ run }`. It runs in a branch of its own: where it fails, the run is reported as failed and goes
 * on without it.
 *
 * @example
 * ```ts
 * import type { FeatureStep } from '../feature.ts';
 *
 * const greet: FeatureStep = {
 *   name: 'greet',
 *   after: 'publish',
 *   load: async () => ({
 *     name: 'greet',
 *     async run({ run }, { report }) {
 *       report.note('greeting', `hello from ${run}`);
 *       return {};
 *     },
 *   }),
 * };
 * ```
 */
export interface FeatureStep {
  /** Unique among all steps. */
  readonly name: string;
  readonly after: FeatureSlot;
  /** Seconds of one call on AWS, for the estimate of its costs. Default: 2. */
  readonly seconds?: number;
  load(): Promise<Step<{ run: string }, Json, FeatureLake>>;
}

/**
 * Who is told of every step of a run as it ends. What it keeps are measurements: a process that is killed may lose the
 * last of them, and one that fails costs its own records, never the run.
 */
export interface FeatureStepMeter {
  /** Opened once for a run on one machine, and for each call of a function on AWS. */
  open(lake: Uses<'clock' | 'ledger' | 'target'>, run: string): Promise<StepMeter>;
}

/** See {@link FeatureStepMeter}. */
export interface StepMeter {
  /** Takes a step that has ended. Does not wait for anything. */
  step(step: MeasuredStep): void;
  /** Takes work outside of any step. */
  work(work: MeasuredWork): void;
  /** Writes down what it has taken. */
  flush(): Promise<void>;
}

/** A step that has ended, and what it used. */
export interface MeasuredStep {
  readonly step: string;
  /** What it was about: a dataset, a model; empty for the run as a whole. */
  readonly item: string;
  /** Place in the plan, as in `ops.steps`. */
  readonly path: string;
  readonly attempt: number;
  /** When it was first tried and when it ended, epoch ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** How long of that time it was worked on or stood in a queue; the rest it waited for others. */
  readonly activeMs: number;
  /** How often it was tried: a step that is waited for says "not yet" until it is done. */
  readonly tries: number;
  readonly failed: boolean;
  /** What it answered. Absent where it failed. */
  readonly output?: Json;
  /** What it used besides its work, in parts. */
  readonly used: readonly Usage[];
  /** In the order in which it ended. */
  readonly work: readonly MeasuredWork[];
}
