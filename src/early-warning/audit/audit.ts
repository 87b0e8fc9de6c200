import type { Capacity, EvaluatedCase } from '../figures.ts';
import type { Groups } from '../groups.ts';
import { reached } from '../listed.ts';
import { outcomesOfAll } from '../totals.ts';
import { figuresOfTally, type GroupFigures, roundedFigures, type Tally, tallyOf } from './group-figures.ts';
import { type Attribute, type Protected, protect } from './protect.ts';
import { safeStep } from './rounding.ts';

/** One group of one attribute. */
export type GroupRow = {
  readonly attribute: string;
  readonly value: string;
} & (
  | ({ readonly hidden: false } & GroupFigures)
  | ({ readonly hidden: true } & { readonly [name in keyof GroupFigures]?: undefined })
);

/** Those who are in a group of one attribute and in a group of another. */
export interface PairRow extends GroupFigures {
  readonly values: readonly [string, string];
}

/** Two attributes together. */
export interface PairAudit {
  readonly attributes: readonly [string, string];
  /** The combinations that are shown. */
  readonly rows: readonly PairRow[];
  /** How many combinations of groups are not shown: too small, or next to such, or nobody is in them. */
  readonly hidden: number;
  /** Whether nothing of the table is shown, because what is too small would follow. */
  readonly withheld: boolean;
}

/** Who is missed by the list, by group and by two groups together. */
export interface Audit {
  readonly rows: readonly GroupRow[];
  readonly pairs: readonly PairAudit[];
}

const NOT_KNOWN = 'not known';

/** False negatives by group on the list as advisers have it, for a capacity. */
export const auditGroups = (evaluated: readonly EvaluatedCase[], groups: Groups, capacity: Capacity): Audit =>
  auditTogether([evaluated], groups, capacity)[0]!;

/**
 * The audits of several models that are shown next to each other, so that nothing follows from both either.
 * @param lists the same cases in the same order, as each model judges them
 */
export function auditTogether(
  lists: readonly (readonly EvaluatedCase[])[],
  groups: Groups,
  capacity: Capacity,
): Audit[] {
  const evaluated = lists[0]!;
  const names = [...groups.keys()];
  const attributes = names.map((name) => byGroup(evaluated, groups.get(name)!));
  const safe = protect(evaluated, attributes);
  const tellers = tellersOf(lists, capacity);
  return tellers.map((toldOf) => ({
    rows: names.flatMap((attribute, i) => rowsOf(attribute, attributes[i]!, safe.hidden[i]!, toldOf)),
    pairs: pairsOf(names, attributes, safe, toldOf),
  }));
}

function byGroup(evaluated: readonly EvaluatedCase[], values: ReadonlyMap<string, string>): Attribute {
  const found = new Map<string, EvaluatedCase[]>();
  for (const one of evaluated) {
    const value = (one.student === null ? undefined : values.get(one.student)) ?? NOT_KNOWN;
    const own = found.get(value);
    if (own) own.push(one);
    else found.set(value, [one]);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The figures of groups that do not overlap, in their order; undefined where they would tell too much. */
type Teller = (parts: readonly (readonly EvaluatedCase[])[]) => readonly GroupFigures[] | undefined;

/** For each list one that tells of parts of the first. */
function tellersOf(lists: readonly (readonly EvaluatedCase[])[], capacity: Capacity): Teller[] {
  const [evaluated] = lists as [readonly EvaluatedCase[]];
  const window = outcomesOfAll(evaluated);
  const places = new Map(evaluated.map((one, i) => [one, i]));
  const talliers = lists.map((list) => {
    const listed = reached(list, capacity);
    return (part: readonly EvaluatedCase[]): Tally => {
      const inside = new Set(part.map((one) => places.get(one)!));
      const own = list.filter((_, i) => inside.has(i));
      const others = list.filter((_, i) => !inside.has(i));
      return tallyOf(own, others, listed);
    };
  });
  return talliers.map((tally) => (parts) => {
    const own = parts.map(tally);
    if (!window) return own.map(figuresOfTally);
    const rest = evaluated.length - own.reduce((sum, { cases }) => sum + cases, 0);
    const all = talliers.map((other) => (other === tally ? own : parts.map(other)));
    const step = safeStep(all, rest, window);
    return step === undefined ? undefined : own.map((one) => roundedFigures(one, step));
  });
}

function rowsOf(
  attribute: string,
  groups: Attribute,
  hidden: ReadonlySet<string>,
  toldOf: Teller,
): GroupRow[] {
  const shown = [...groups].filter(([value]) => !hidden.has(value));
  const figures = toldOf(shown.map(([, cases]) => cases));
  return [...groups.keys()].map((value) => {
    const own = figures?.[shown.findIndex(([name]) => name === value)];
    return own ? { attribute, value, hidden: false, ...own } : { attribute, value, hidden: true };
  });
}

function pairsOf(
  names: readonly string[],
  attributes: readonly Attribute[],
  { pairs }: Protected,
  toldOf: Teller,
): PairAudit[] {
  return pairs.map(({ attributes: [first, second], shown }) => {
    const cells = [...shown].sort((a, b) =>
      a.row === b.row ? (a.column < b.column ? -1 : 1) : a.row < b.row ? -1 : 1,
    );
    const figures = toldOf(cells.map(({ cases }) => cases)) ?? [];
    const rows = figures.map((own, i): PairRow => {
      const { row, column } = cells[i]!;
      return { values: [row, column], ...own };
    });
    const combinations = attributes[first]!.size * attributes[second]!.size;
    return {
      attributes: [names[first]!, names[second]!],
      rows,
      hidden: combinations - rows.length,
      withheld: rows.length === 0,
    };
  });
}
