import { addKnown, binaryValue, greaterKnown, lesserKnown, unaryValue } from '../language/arithmetic.ts';
import { type DataExpr, dataExprs, type Expr, grouping, isGrouped, keepsLeft } from '../language/expr.ts';
import { formatData } from '../language/format.ts';
import { javaDouble } from '../language/numbers.ts';
import { exactTags, type Tags } from '../language/query.ts';
import { type Memory, type Online, online } from './online.ts';
import { groupKey, NO_DATA, type Sample, seriesKey } from './series.ts';

/** The groups of a data expression at one step; absent: nothing belongs to it. */
export type DataOf = (expr: DataExpr) => readonly Sample[];

/** What an evaluator remembers: by stateful expression (in the order of the text), by series. */
export type EvaluatorState = readonly (readonly (readonly [
  key: string,
  tags: readonly (readonly [string, string])[],
  memory: Memory,
])[])[];

type Run = (data: DataOf) => readonly Sample[];

interface Remembered {
  readonly tags: Tags;
  readonly online: Online;
}

interface Stateful {
  readonly make: (memory?: Memory) => Online;
  states: Map<string, Remembered>;
}

/**
 * Evaluates one expression step by step: its series at a step come from the datapoints of that step and what it
 * remembers. A series without a value at a step moves on as one whose value is no number, and is not in the answer.
 */
export class Evaluator {
  readonly #run: Run;
  readonly #stateful: Stateful[] = [];
  readonly #stepMs: number;

  /** @param stepMs the length of a step. Of steps of unequal length (days, teaching days): that of a day */
  constructor(expr: Expr, stepMs: number) {
    this.#stepMs = stepMs;
    this.#run = this.#compile(expr);
  }

  /** The series of the next step. */
  next(data: DataOf): readonly Sample[] {
    return this.#run(data);
  }

  /** Whether it remembers nothing. */
  get isEmpty(): boolean {
    return this.#stateful.every(({ states }) => states.size === 0);
  }

  /** How many series it remembers. */
  get remembered(): number {
    return this.#stateful.reduce((sum, { states }) => sum + states.size, 0);
  }

  save(): EvaluatorState {
    return this.#stateful.map(({ states }) =>
      [...states].map(([key, one]) => [key, [...one.tags], one.online.save()] as const),
    );
  }

  restore(saved: EvaluatorState): void {
    for (const [i, stateful] of this.#stateful.entries())
      stateful.states = new Map(
        (saved[i] ?? []).map(([key, tags, memory]) => [
          key,
          { tags: new Map(tags), online: stateful.make(memory) },
        ]),
      );
  }

  #compile(expr: Expr): Run {
    switch (expr.kind) {
      case 'data':
        return compileData(expr);
      case 'const': {
        const only = [{ tags: new Map([['name', javaDouble(expr.value)]]), value: expr.value }];
        return () => only;
      }
      case 'unary': {
        const of = this.#compile(expr.of);
        const limit = expr.op === 'per-step' ? this.#stepMs / 1000 : (expr.limit ?? 0);
        return (data) =>
          of(data).map(({ tags, value }) => ({ tags, value: unaryValue(expr.op, value, limit) }));
      }
      case 'binary':
        return this.#binary(expr);
      case 'aggregate': {
        const of = this.#compile(expr.of);
        const exact = new Set(exactKeysOf(expr.of));
        const isBare = dataOf(expr.of) === undefined;
        return (data) => {
          const samples = of(data);
          if (samples.length === 0) return [{ tags: NO_DATA, value: Number.NaN }];
          const { tags } = samples[0]!;
          return [{ tags: isBare ? tags : only(tags, exact), value: aggregated(expr.op, samples) }];
        };
      }
      case 'regroup':
        return this.#regroup(expr);
      case 'as': {
        const of = this.#compile(expr.of);
        return (data) =>
          of(data).map(({ tags, value }) => ({ tags: renamed(tags, expr.from, expr.to), value }));
      }
      case 'stateful':
        return this.#remembering(expr);
      case 'rewrite':
        return this.#compile(expr.of);
    }
  }

  #binary(expr: Extract<Expr, { kind: 'binary' }>): Run {
    const a = this.#compile(expr.a);
    const b = this.#compile(expr.b);
    const isLeft = keepsLeft(expr);
    const few = isLeft ? expr.b : expr.a;
    const keys = isGrouped(few) ? grouping(few) : undefined;
    const keyOf = (tags: Tags) => (keys === undefined ? '' : groupKey(keys, tags));
    return (data) => {
      const left = a(data);
      const right = b(data);
      const [many, fewer] = isLeft ? [left, right] : [right, left];
      if (keys === undefined && fewer.length === 1) {
        const { value } = fewer[0]!;
        return many.map((one) => ({
          tags: one.tags,
          value: isLeft ? binaryValue(expr.op, one.value, value) : binaryValue(expr.op, value, one.value),
        }));
      }
      const byKey = new Map<string | undefined, number>();
      for (const { tags, value } of fewer) byKey.set(keyOf(tags), value);
      const joined: Sample[] = [];
      for (const { tags, value } of many) {
        const other = byKey.get(keyOf(tags));
        if (other === undefined) continue;
        joined.push({
          tags,
          value: isLeft ? binaryValue(expr.op, value, other) : binaryValue(expr.op, other, value),
        });
      }
      return joined;
    };
  }

  #regroup({ of: { op, of }, keys }: Extract<Expr, { kind: 'regroup' }>): Run {
    const inner = this.#compile(of);
    const kept = new Set([...commonExactKeys(of), ...keys]);
    return (data) => {
      const groups = new Map<string, Sample[]>();
      for (const sample of inner(data)) {
        const key = groupKey(keys, sample.tags);
        if (key === undefined) continue;
        const group = groups.get(key);
        if (group) group.push(sample);
        else groups.set(key, [sample]);
      }
      return [...groups.values()].map((group) => ({
        tags: only(group[0]!.tags, kept),
        value: aggregated(op, group),
      }));
    };
  }

  #remembering(expr: Extract<Expr, { kind: 'stateful' }>): Run {
    const of = this.#compile(expr.of);
    const own: Stateful = {
      make: (memory) => online(expr.op, expr.args, this.#stepMs, memory),
      states: new Map(),
    };
    this.#stateful.push(own);
    return (data) => {
      const samples = of(data);
      const { states } = own;
      const there = new Set<string>();
      const made = samples.map(({ tags, value }) => {
        const key = seriesKey(tags);
        there.add(key);
        const algorithm = states.get(key)?.online ?? own.make();
        const result = algorithm.next(value);
        if (algorithm.isEmpty) states.delete(key);
        else if (!states.has(key)) states.set(key, { tags, online: algorithm });
        return { tags, value: result };
      });
      if (there.size < states.size || samples.length === 0)
        for (const [key, { online: algorithm }] of states) {
          if (there.has(key)) continue;
          algorithm.next(Number.NaN);
          if (algorithm.isEmpty) states.delete(key);
        }
      return made;
    };
  }
}

function compileData(expr: DataExpr): Run {
  if (expr.keys !== undefined || expr.aggregate === 'all') return (data) => data(expr);
  // Under the name that it has with datapoints: what remembers the series goes on with it.
  const tags = expr.query.kind === 'false' ? NO_DATA : tagsOfUngrouped(expr);
  const nothing = [{ tags, value: Number.NaN }];
  return (data) => {
    const samples = data(expr);
    return samples.length === 0 ? nothing : samples;
  };
}

/** The tags of the one series of an aggregate over datapoints: what its query fixes. */
export function tagsOfUngrouped(expr: DataExpr): Tags {
  const exact = exactTags(expr.query);
  return exact.size === 0 ? UNKNOWN : exact;
}

const UNKNOWN: Tags = new Map([['name', 'unknown']]);

/** What tells data expressions apart. */
export const dataKey = formatData;

function aggregated(op: 'sum' | 'count' | 'min' | 'max', samples: readonly Sample[]): number {
  let value = Number.NaN;
  if (op === 'count') {
    for (const sample of samples) if (!Number.isNaN(sample.value)) value = addKnown(value, 1);
    return value;
  }
  const join = op === 'sum' ? addKnown : op === 'min' ? lesserKnown : greaterKnown;
  for (const sample of samples) value = join(value, sample.value);
  return value;
}

const only = (tags: Tags, keys: ReadonlySet<string>): Tags =>
  new Map([...tags].filter(([key]) => keys.has(key)));

function renamed(tags: Tags, from: string, to: string): Tags {
  const value = tags.get(from);
  if (value === undefined) return tags;
  const others = [...tags].filter(([key]) => key !== from && key !== to);
  return new Map([...others, [to, value]]);
}

/** The first data expression, whose query tells which tags are fixed. */
const dataOf = (expr: Expr): DataExpr | undefined => dataExprs(expr)[0];

function exactKeysOf(expr: Expr): string[] {
  const first = dataOf(expr);
  return first ? [...exactTags(first.query).keys()] : [];
}

function commonExactKeys(expr: Expr): string[] {
  const [first, ...others] = dataExprs(expr).map(({ query }) => new Set(exactTags(query).keys()));
  return first ? [...first].filter((key) => others.every((keys) => keys.has(key))) : [];
}
