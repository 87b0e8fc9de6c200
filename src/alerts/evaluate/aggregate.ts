import { addKnown, greaterKnown, lesserKnown } from '../language/arithmetic.ts';
import type { DataExpr } from '../language/expr.ts';
import { exactTags, type Tags } from '../language/query.ts';
import { tagsOfUngrouped } from './evaluator.ts';
import { groupKey, type Sample, seriesKey } from './series.ts';

/** Groups of one data expression that may be held at one step; of those beyond, none is evaluated. */
const MOST_GROUPS = 100_000;

/** Datapoints of the same tags, added up, counted and compared. */
export interface Summary {
  readonly sum: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
}

interface Group {
  readonly tags: Tags;
  value: number;
}

/**
 * The datapoints of one step as a data expression sees them. In which order they are added does not matter, but for
 * the rounding of a sum.
 */
export class Gathered {
  readonly #expr: DataExpr;
  readonly #groups = new Map<string, Group>();
  readonly #most: number;
  #isOver = false;

  /** @param most groups that it may have */
  constructor(expr: DataExpr, most: number = MOST_GROUPS) {
    this.#expr = expr;
    this.#most = most;
  }

  /** Takes a datapoint that fulfils the query. */
  add(tags: Tags, value: number): void {
    this.#join(tags, this.#expr.aggregate === 'count' ? (Number.isNaN(value) ? Number.NaN : 1) : value);
  }

  /** Takes several datapoints of the same tags at once. */
  addSummary(tags: Tags, summary: Summary): void {
    const { aggregate } = this.#expr;
    this.#join(tags, summary[aggregate === 'all' ? 'sum' : aggregate]);
  }

  #join(tags: Tags, value: number): void {
    const { aggregate, keys } = this.#expr;
    const key = aggregate === 'all' ? seriesKey(tags) : keys === undefined ? '' : groupKey(keys, tags);
    if (key === undefined || this.#isOver) return;
    const group = this.#groups.get(key);
    if (group) {
      group.value = joined(aggregate, group.value, value);
    } else if (this.#groups.size >= this.#most) {
      this.#isOver = true;
      this.#groups.clear();
    } else {
      this.#groups.set(key, { tags: tagsOfGroup(this.#expr, tags), value });
    }
  }

  /** Whether it had more groups than it may: then it has none. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** As they are now: datapoints that come later do not change what was given. */
  get samples(): readonly Sample[] {
    return [...this.#groups.values()].map(({ tags, value }) => ({ tags, value }));
  }

  /** Takes what another had gathered. */
  restore(samples: readonly Sample[], isOver: boolean): void {
    const { aggregate, keys } = this.#expr;
    for (const { tags, value } of samples) {
      const key = aggregate === 'all' ? seriesKey(tags) : keys === undefined ? '' : groupKey(keys, tags)!;
      this.#groups.set(key, { tags, value });
    }
    this.#isOver = isOver;
  }
}

/** Tags of the group to which a datapoint belongs: those that the query fixes, and the keys. */
function tagsOfGroup(expr: DataExpr, tags: Tags): Tags {
  if (expr.aggregate === 'all') return tags;
  if (expr.keys === undefined) return tagsOfUngrouped(expr);
  const own = new Map(fixedBy(expr));
  for (const key of expr.keys) own.set(key, tags.get(key)!);
  return own;
}

const FIXED = new WeakMap<DataExpr, Tags>();

function fixedBy(expr: DataExpr): Tags {
  let fixed = FIXED.get(expr);
  if (!fixed) {
    fixed = exactTags(expr.query);
    FIXED.set(expr, fixed);
  }
  return fixed;
}

function joined(aggregate: DataExpr['aggregate'], a: number, b: number): number {
  switch (aggregate) {
    case 'min':
      return lesserKnown(a, b);
    case 'max':
      return greaterKnown(a, b);
    default:
      return addKnown(a, b);
  }
}
