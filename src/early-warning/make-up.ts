import { isScored } from './evaluate.ts';
import type { Example } from './examples.ts';
import { hiddenTogether } from './hidden-together.ts';

/** One course of one term in what a model has learned from. */
export interface MakeUp {
  readonly term: string;
  readonly course: string;
  /** Whether the numbers are withheld, for they are of too few people or would give those away. */
  readonly hidden: boolean;
  /** Students with work handed in. */
  readonly cases?: number;
  /** Share of them that ended unsuccessfully. */
  readonly base?: number;
}

/** What a week's model has learned from, by term and course. */
export function makeUpOf(examples: readonly Example[]): MakeUp[] {
  const parts = new Map<
    string,
    { term: string; course: string; failed: Set<string>; succeeded: Set<string> }
  >();
  for (const { term, course, user, unsuccessful } of examples.filter(isScored)) {
    const key = JSON.stringify([term, course]);
    const part = parts.get(key) ?? { term, course, failed: new Set(), succeeded: new Set() };
    parts.set(key, part);
    part[unsuccessful ? 'failed' : 'succeeded'].add(user);
  }
  const hidden = hiddenTogether([...parts.values()]);
  return [...parts.values()].map((part) => {
    const { term, course } = part;
    const cases = part.failed.size + part.succeeded.size;
    return hidden.has(part)
      ? { term, course, hidden: true }
      : { term, course, hidden: false, cases, base: part.failed.size / cases };
  });
}
