import { QueryIndex } from '../index/query-index.ts';
import { isTrue } from '../language/arithmetic.ts';
import { type DataExpr, dataExprs, type Expr } from '../language/expr.ts';
import { Gathered, type Summary } from './aggregate.ts';
import type { Axis } from './axis.ts';
import type { Datapoint, DatapointSink } from './datapoint.ts';
import { dataKey, Evaluator, type EvaluatorState } from './evaluator.ts';
import { type Sample, seriesKey } from './series.ts';

/** An expression that is evaluated at every step of an axis. */
export interface Rule {
  /** Unique. */
  readonly name: string;
  readonly expr: Expr;
  readonly axis: Axis;
}

/**
 * What an expression gives at a step. `provisional`: shortly after the step has ended; `final`: when nothing that
 * belongs to it is waited for any more; `correction`: a final one by which other series are true than were said to be.
 */
export interface Verdict {
  readonly rule: string;
  readonly kind: 'provisional' | 'final' | 'correction';
  readonly step: number;
  /** When the step ended, epoch ms. */
  readonly at: number;
  readonly samples: readonly Sample[];
  /** Data expressions that had more groups than they may, and were evaluated as if they had none. */
  readonly over: readonly string[];
}

export interface StreamOptions {
  /** How long after its step a datapoint may come, ms. Default: 0, then there is no provisional verdict. */
  readonly latenessMs?: number;
  /** How long after the end of a step its provisional verdict is given, ms. Default: 60,000. */
  readonly provisionalMs?: number;
  /** Groups of one data expression at one step. Default: 100,000. */
  readonly mostGroups?: number;
  /** Where steps begin, epoch ms. Default: the step of the first datapoint, or of the first progress of time. */
  readonly from?: number;
  readonly onVerdict: (verdict: Verdict) => void;
}

/** Datapoints of the same tags in one step, as a database gives them. */
export interface Summarised {
  readonly tags: Datapoint['tags'];
  /** An instant in the step, epoch ms. */
  readonly time: number;
  readonly summary: Summary;
}

/** A clock may be so far ahead of another. */
const FUTURE_MS = 86_400_000;

interface Subscription {
  readonly key: string;
  readonly data: DataExpr;
  readonly clock: Clock;
  readonly users: Working[];
  readonly steps: Map<number, Gathered>;
  /** The step that was added to last. */
  last: number;
  lastGathered: Gathered | undefined;
}

interface Working {
  readonly rule: Rule;
  readonly subscriptions: ReadonlyMap<DataExpr, Subscription>;
  readonly final: Evaluator;
  readonly provisional: Evaluator | undefined;
  /** Whether it has to be evaluated also where nothing belongs to it: it remembers something, or says something. */
  isAwake: boolean;
  isProvisionallyAwake: boolean;
}

/** The steps of one axis: which are final, which have a provisional verdict. */
interface Clock {
  readonly axis: Axis;
  readonly rules: Working[];
  /** The next step to be made final. Undefined: time has not begun. */
  next: number | undefined;
  /** The next step to get a provisional verdict. */
  nextProvisional: number | undefined;
  /** A step with a provisional verdict, or one before such, has changed since. */
  isDirty: boolean;
  /** By step and rule, the series that a provisional verdict said to be true. */
  readonly told: Map<number, Map<string, string>>;
  /** By step, the rules to which something belongs. */
  readonly touched: Map<number, Set<Working>>;
}

/** What a stream has to remember over a restart, as JSON. */
export interface StreamCheckpoint {
  readonly now: number | null;
  readonly clocks: readonly {
    readonly axis: string;
    readonly next: number | null;
    readonly nextProvisional: number | null;
    readonly told: readonly (readonly [number, readonly (readonly [string, string])[]])[];
  }[];
  readonly rules: readonly (readonly [name: string, isAwake: boolean, state: EvaluatorState])[];
  readonly steps: readonly {
    readonly axis: string;
    readonly data: string;
    readonly step: number;
    readonly isOver: boolean;
    readonly groups: readonly (readonly [readonly (readonly [string, string])[], number | string])[];
  }[];
}

/**
 * Evaluates rules over datapoints that come in any order, step by step. Each datapoint is looked up in an index of what
 * the rules read, and added to the steps that are still open; the order within a step does not matter.
 */
export class AlertStream implements DatapointSink {
  readonly #options: Required<Omit<StreamOptions, 'from' | 'onVerdict'>> & StreamOptions;
  readonly #index = new QueryIndex<Subscription>();
  readonly #clocks = new Map<string, Clock>();
  readonly #subscriptions = new Map<string, Subscription>();
  #now: number | undefined;
  #late = 0;
  #future = 0;

  constructor(rules: readonly Rule[], options: StreamOptions) {
    this.#options = { latenessMs: 0, provisionalMs: 60_000, mostGroups: 100_000, ...options };
    for (const rule of rules) this.#addRule(rule);
    if (options.from !== undefined) for (const clock of this.#clocks.values()) begin(clock, options.from);
  }

  /** Datapoints that came after the step to which they belong was final. */
  get late(): number {
    return this.#late;
  }

  /** Datapoints more than a day after now, which nobody can have measured. */
  get future(): number {
    return this.#future;
  }

  /** @param axis only the rules of this axis. Default: all */
  add({ tags, time, value }: Datapoint, axis?: string): void {
    if (this.#isFuture(time)) return;
    for (const subscription of this.#index.find(tags))
      if (axis === undefined || subscription.clock.axis.name === axis)
        this.#gathered(subscription, time)?.add(tags, value);
  }

  /** Takes datapoints of the same tags and of one step as one. */
  addSummary({ tags, time, summary }: Summarised): void {
    if (this.#isFuture(time)) return;
    for (const subscription of this.#index.find(tags))
      this.#gathered(subscription, time)?.addSummary(tags, summary);
  }

  #isFuture(time: number): boolean {
    const is = this.#now !== undefined && time > this.#now + FUTURE_MS;
    if (is) this.#future++;
    return is;
  }

  /** Whether any rule reads a datapoint of these tags. */
  reads(tags: Datapoint['tags']): boolean {
    return this.#index.find(tags).length > 0;
  }

  advance(now: number): void {
    if (this.#now !== undefined && now <= this.#now) return;
    this.#now = now;
    for (const clock of this.#clocks.values()) this.#advance(clock, now);
  }

  #advance(clock: Clock, now: number): void {
    if (clock.next === undefined) begin(clock, now);
    const { axis } = clock;
    const { latenessMs, provisionalMs } = this.#options;
    const waits = latenessMs > 0;
    // In the order in which they come due, so that it does not matter in how many calls time goes on.
    for (;;) {
      const end = axis.startOf(axis.after(clock.next!));
      const finalDue = end + latenessMs;
      const provisionalDue = waits
        ? axis.startOf(axis.after(clock.nextProvisional!)) + Math.min(provisionalMs, latenessMs)
        : Number.POSITIVE_INFINITY;
      if (Math.min(finalDue, provisionalDue) > now) return;
      if (provisionalDue <= finalDue) this.#provisional(clock);
      else this.#final(clock, end);
    }
  }

  #gathered(subscription: Subscription, time: number): Gathered | undefined {
    const { clock } = subscription;
    const step = clock.axis.stepAt(time);
    if (clock.next === undefined) begin(clock, time);
    if (step < clock.next!) {
      this.#late++;
      return undefined;
    }
    if (step < clock.nextProvisional!) clock.isDirty = true;
    if (subscription.last === step && subscription.lastGathered) return subscription.lastGathered;
    let gathered = subscription.steps.get(step);
    if (!gathered) {
      gathered = new Gathered(subscription.data, this.#options.mostGroups);
      subscription.steps.set(step, gathered);
      touch(clock, step, subscription.users);
    }
    subscription.last = step;
    subscription.lastGathered = gathered;
    return gathered;
  }

  #provisional(clock: Clock): void {
    const step = clock.nextProvisional!;
    if (clock.isDirty) this.#rebuild(clock, step);
    const at = clock.axis.startOf(clock.axis.after(step));
    const told = new Map<string, string>();
    for (const working of due(clock, step, 'isProvisionallyAwake')) {
      const { samples, isQuiet } = evaluate(working, working.provisional!, step);
      working.isProvisionallyAwake = !isQuiet;
      told.set(working.rule.name, trueSeries(samples));
      this.#tell(working, 'provisional', step, at, samples);
    }
    clock.told.set(step, told);
    clock.nextProvisional = clock.axis.after(step);
  }

  /** What is remembered after the steps before this one, as they are now. */
  #rebuild(clock: Clock, until: number): void {
    for (const working of clock.rules) {
      working.provisional!.restore(working.final.save());
      working.isProvisionallyAwake = working.isAwake;
    }
    for (let step = clock.next!; step < until; step = clock.axis.after(step))
      for (const working of due(clock, step, 'isProvisionallyAwake'))
        working.isProvisionallyAwake = !evaluate(working, working.provisional!, step).isQuiet;
    clock.isDirty = false;
  }

  #final(clock: Clock, at: number): void {
    const step = clock.next!;
    const told = clock.told.get(step);
    const said = new Set<string>();
    for (const working of due(clock, step, 'isAwake')) {
      const { samples, isQuiet } = evaluate(working, working.final, step);
      working.isAwake = !isQuiet;
      const before = told?.get(working.rule.name) ?? '';
      said.add(working.rule.name);
      const isOther = told !== undefined && trueSeries(samples) !== before;
      this.#tell(working, isOther ? 'correction' : 'final', step, at, samples);
    }
    // What was said of a rule that, by what is known now, has nothing to say.
    for (const [name, before] of told ?? [])
      if (!said.has(name) && before !== '')
        this.#options.onVerdict({ rule: name, kind: 'correction', step, at, samples: [], over: [] });
    for (const working of clock.touched.get(step) ?? [])
      for (const subscription of working.subscriptions.values()) {
        subscription.steps.delete(step);
        if (subscription.last === step) subscription.lastGathered = undefined;
      }
    clock.touched.delete(step);
    clock.told.delete(step);
    clock.next = clock.axis.after(step);
    if (clock.nextProvisional! < clock.next) clock.nextProvisional = clock.next;
  }

  #tell(working: Working, kind: Verdict['kind'], step: number, at: number, samples: readonly Sample[]): void {
    const over: string[] = [];
    for (const { key, steps } of working.subscriptions.values()) if (steps.get(step)?.isOver) over.push(key);
    this.#options.onVerdict({ rule: working.rule.name, kind, step, at, samples, over });
  }

  #addRule(rule: Rule): void {
    const { axis, expr } = rule;
    let clock = this.#clocks.get(axis.name);
    if (!clock) {
      clock = {
        axis,
        rules: [],
        next: undefined,
        nextProvisional: undefined,
        isDirty: false,
        told: new Map(),
        touched: new Map(),
      };
      this.#clocks.set(axis.name, clock);
    }
    const subscriptions = new Map<DataExpr, Subscription>();
    const working: Working = {
      rule,
      subscriptions,
      final: new Evaluator(expr, axis.stepMs),
      provisional: this.#options.latenessMs > 0 ? new Evaluator(expr, axis.stepMs) : undefined,
      isAwake: true,
      isProvisionallyAwake: true,
    };
    clock.rules.push(working);
    for (const data of dataExprs(expr)) {
      const key = dataKey(data);
      const id = `${axis.name} ${key}`;
      let subscription = this.#subscriptions.get(id);
      if (!subscription) {
        subscription = {
          key,
          data,
          clock,
          users: [],
          steps: new Map(),
          last: Number.NaN,
          lastGathered: undefined,
        };
        this.#subscriptions.set(id, subscription);
        this.#index.add(data.query, subscription);
      }
      if (subscription.users.at(-1) !== working) subscription.users.push(working);
      subscriptions.set(data, subscription);
    }
  }

  /** Everything that a restart has to know, to go on as if there had been none. */
  save(): StreamCheckpoint {
    const clocks = [...this.#clocks.values()];
    return {
      now: this.#now ?? null,
      clocks: clocks.map(({ axis, next, nextProvisional, told }) => ({
        axis: axis.name,
        next: next ?? null,
        nextProvisional: nextProvisional ?? null,
        told: [...told].map(([step, series]) => [step, [...series]] as const),
      })),
      rules: clocks.flatMap(({ rules }) =>
        rules.map(({ rule, isAwake, final }) => [rule.name, isAwake, final.save()] as const),
      ),
      steps: [...this.#subscriptions.values()].flatMap(({ key, clock, steps }) =>
        [...steps].map(([step, gathered]) => ({
          axis: clock.axis.name,
          data: key,
          step,
          isOver: gathered.isOver,
          groups: gathered.samples.map(
            ({ tags, value }) => [[...tags], Number.isFinite(value) ? value : String(value)] as const,
          ),
        })),
      ),
    };
  }

  /** Takes up where another of the same rules has ended. Of a rule that it did not have, nothing is remembered. */
  restore(saved: StreamCheckpoint): void {
    this.#now = saved.now ?? undefined;
    for (const { axis, next, nextProvisional, told } of saved.clocks) {
      const clock = this.#clocks.get(axis);
      if (!clock) continue;
      clock.next = next ?? undefined;
      clock.nextProvisional = nextProvisional ?? undefined;
      for (const [step, series] of told) clock.told.set(step, new Map(series));
      clock.isDirty = true;
    }
    const rules = new Map(saved.rules.map(([name, ...rest]) => [name, rest]));
    for (const { rules: own } of this.#clocks.values())
      for (const working of own) {
        const found = rules.get(working.rule.name);
        if (!found) continue;
        working.isAwake = found[0];
        working.final.restore(found[1]);
      }
    for (const { axis, data, step, isOver, groups } of saved.steps) {
      const subscription = this.#subscriptions.get(`${axis} ${data}`);
      if (!subscription) continue;
      const gathered = new Gathered(subscription.data, this.#options.mostGroups);
      gathered.restore(
        groups.map(([tags, value]) => ({ tags: new Map(tags), value: Number(value) })),
        isOver,
      );
      subscription.steps.set(step, gathered);
      touch(subscription.clock, step, subscription.users);
    }
  }
}

function begin(clock: Clock, time: number): void {
  const step = clock.axis.stepAt(time);
  clock.next = step;
  clock.nextProvisional = step;
}

function touch({ touched }: Clock, step: number, users: readonly Working[]): void {
  let there = touched.get(step);
  if (!there) {
    there = new Set();
    touched.set(step, there);
  }
  for (const user of users) there.add(user);
}

/** The rules that have something to say at a step. */
function due(clock: Clock, step: number, awake: 'isAwake' | 'isProvisionallyAwake'): Working[] {
  const touched = clock.touched.get(step);
  return clock.rules.filter((working) => working[awake] || touched?.has(working));
}

function evaluate(
  { subscriptions }: Working,
  evaluator: Evaluator,
  step: number,
): { samples: readonly Sample[]; isQuiet: boolean } {
  let hasData = false;
  const samples = evaluator.next((data) => {
    const gathered = subscriptions.get(data)?.steps.get(step);
    if (!gathered) return [];
    hasData = true;
    return gathered.samples;
  });
  // Without data and memory, it would give at the next step what it gave at this one.
  const isQuiet = !hasData && evaluator.isEmpty && !samples.some(({ value }) => isTrue(value));
  return { samples, isQuiet };
}

/** The series that are true, as a text to be compared. */
function trueSeries(samples: readonly Sample[]): string {
  const keys: string[] = [];
  for (const { tags, value } of samples) if (isTrue(value)) keys.push(seriesKey(tags));
  return keys.sort().join('\n');
}
