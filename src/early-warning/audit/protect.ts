import type { EvaluatedCase } from '../figures.ts';
import { hiddenTogether, partOf } from '../hidden-together.ts';
import {
  type Cell,
  type Grouped,
  HIDDEN_GROUP,
  type PairTable,
  pairTable,
  smallUnion,
} from './pair-table.ts';
import { shortened, spanOf } from './span.ts';

/** The cases of each group of an attribute. */
export type Attribute = ReadonlyMap<string, readonly EvaluatedCase[]>;

/** What may be shown of groups so that nothing follows of those that are too small. */
export interface Protected {
  /** By the place of the attribute: the groups whose numbers are hidden. */
  readonly hidden: readonly ReadonlySet<string>[];
  /** Attributes that are hidden whole, for beside another one they would tell of a few people. */
  readonly withheld: ReadonlySet<number>;
  /** Of each two attributes. */
  readonly pairs: readonly PairTable[];
}

/**
 * Each table is made safe by itself; then all are looked at together, for the numbers of one attribute can follow
 * from those of others where groups lie within one another (every age over 30 is an age over 25). Tables through
 * which a small group would follow are withheld whole; where it follows without them, so is the later attribute.
 */
export function protect(
  evaluated: readonly EvaluatedCase[],
  attributes: readonly Attribute[],
  withheld: ReadonlySet<number> = new Set(),
): Protected {
  const hidden = attributes.map((groups, i) => {
    if (withheld.has(i)) return new Set(groups.keys());
    const parts = [...groups].map(([name, cases]) => ({ name, ...partOf(cases) }));
    return new Set([...hiddenTogether(parts)].map(({ name }) => name));
  });
  const grouped = groupedCases(evaluated, attributes, hidden);
  const open = attributes.flatMap((_, i) => (withheld.has(i) ? [] : [i]));
  const alone = open.flatMap((first) =>
    open.filter((second) => second > first).map((second) => pairTable(grouped, [first, second])),
  );
  const without = alone.map((table) => ({ ...table, shown: new Set<Cell>() }));
  const reveals = toldThrough(grouped, open, without)[0];
  if (reveals) return protect(evaluated, attributes, new Set([...withheld, reveals.attributes[1]]));
  return { hidden, withheld, pairs: safeTogether(grouped, open, alone) };
}

function groupedCases(
  evaluated: readonly EvaluatedCase[],
  attributes: readonly Attribute[],
  hidden: readonly ReadonlySet<string>[],
): Grouped[] {
  const groups = new Map(evaluated.map((one): [EvaluatedCase, string[]] => [one, []]));
  attributes.forEach((values, i) => {
    for (const [name, cases] of values) {
      for (const one of cases) groups.get(one)![i] = hidden[i]!.has(name) ? HIDDEN_GROUP : name;
    }
  });
  return [...groups].map(([one, own]) => ({ one, groups: own }));
}

/** Withholds tables until nothing small follows from those that are left, each attribute, and the totals. */
function safeTogether(
  grouped: readonly Grouped[],
  attributes: readonly number[],
  alone: readonly PairTable[],
): readonly PairTable[] {
  let tables = alone;
  for (;;) {
    const told = toldThrough(grouped, attributes, tables);
    if (told.length === 0) return tables;
    const shown = told.filter(({ shown }) => shown.size > 0);
    // Of a table that is withheld already it is others that tell: those that share an attribute with it.
    const withheld = new Set(
      shown.length > 0
        ? shown
        : tables.filter(({ attributes: own }) =>
            told.some((other) => own.some((attribute) => other.attributes.includes(attribute))),
          ),
    );
    const isLeft = [...withheld].some(({ shown }) => shown.size > 0);
    tables = tables.map((table) =>
      !isLeft || withheld.has(table) ? { ...table, shown: new Set<Cell>() } : table,
    );
  }
}

/** The tables of which something small follows from what all of them show, each attribute, and the totals. */
function toldThrough(
  grouped: readonly Grouped[],
  attributes: readonly number[],
  tables: readonly PairTable[],
): PairTable[] {
  const combinations = [...new Map(grouped.map(({ groups }) => [JSON.stringify(groups), groups])).values()];
  const ofGroups = attributes.flatMap((i) => [...placesBy(combinations, (groups) => groups[i]!).values()]);
  const ofCells = tables.map(({ attributes: [first, second] }) =>
    placesBy(combinations, (groups) => JSON.stringify([groups[first], groups[second]])),
  );
  const placesOf = (table: number, { row, column }: Cell) =>
    ofCells[table]!.get(JSON.stringify([row, column]))!;
  const known = [
    ...ofGroups,
    ...tables.flatMap((table, i) => [...table.shown].map((cell) => placesOf(i, cell))),
  ];
  const vector = shortened(combinations.length, known.length + 8);
  const span = spanOf(known.map(vector));
  return tables.filter((table, i) => {
    const hidden = table.cells.filter((cell) => !table.shown.has(cell));
    return (
      smallUnion(
        span,
        hidden.map((cell) => ({ ...cell, vector: vector(placesOf(i, cell)) })),
      ) !== undefined
    );
  });
}

function placesBy(
  combinations: readonly (readonly string[])[],
  keyOf: (groups: readonly string[]) => string,
): Map<string, number[]> {
  const found = new Map<string, number[]>();
  combinations.forEach((groups, i) => {
    const key = keyOf(groups);
    const own = found.get(key);
    if (own) own.push(i);
    else found.set(key, [i]);
  });
  return found;
}
