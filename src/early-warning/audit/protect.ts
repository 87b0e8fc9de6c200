import type { Judged } from '../figures.ts';
import { hiddenTogether, partOf } from '../hidden-together.ts';
import {
  type Cell,
  type Grouped,
  HIDDEN_GROUP,
  type PairTable,
  pairTable,
  smallUnion,
} from './pair-table.ts';
import { spanOf } from './span.ts';

/** The cases of each group of an attribute. */
export type Attribute = ReadonlyMap<string, readonly Judged[]>;

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
  judged: readonly Judged[],
  attributes: readonly Attribute[],
  withheld: ReadonlySet<number> = new Set(),
): Protected {
  const hidden = attributes.map((groups, i) => {
    if (withheld.has(i)) return new Set(groups.keys());
    const parts = [...groups].map(([name, cases]) => ({ name, ...partOf(cases) }));
    return new Set([...hiddenTogether(parts)].map(({ name }) => name));
  });
  const grouped = groupedCases(judged, attributes, hidden);
  const open = attributes.flatMap((_, i) => (withheld.has(i) ? [] : [i]));
  const alone = open.flatMap((first) =>
    open.filter((second) => second > first).map((second) => pairTable(grouped, [first, second])),
  );
  const pairs = safeTogether(grouped, open, alone);
  if ('reveals' in pairs) return protect(judged, attributes, new Set([...withheld, pairs.reveals]));
  return { hidden, withheld, pairs };
}

function groupedCases(
  judged: readonly Judged[],
  attributes: readonly Attribute[],
  hidden: readonly ReadonlySet<string>[],
): Grouped[] {
  const groups = new Map(judged.map((one): [Judged, string[]] => [one, []]));
  attributes.forEach((values, i) => {
    for (const [name, cases] of values) {
      for (const one of cases) groups.get(one)![i] = hidden[i]!.has(name) ? HIDDEN_GROUP : name;
    }
  });
  return [...groups].map(([one, own]) => ({ one, groups: own }));
}

/** @returns the tables that may be shown, or an attribute whose groups give away a few people without any table */
function safeTogether(
  grouped: readonly Grouped[],
  attributes: readonly number[],
  alone: readonly PairTable[],
): readonly PairTable[] | { readonly reveals: number } {
  const combinations = [...new Map(grouped.map(({ groups }) => [JSON.stringify(groups), groups])).values()];
  const vector = (wanted: (groups: readonly string[]) => boolean) =>
    Float64Array.from(combinations, (groups) => Number(wanted(groups)));
  const ofCell = ({ attributes: [first, second] }: PairTable, { row, column }: Cell) =>
    vector((groups) => groups[first] === row && groups[second] === column);
  const ofGroups = attributes.flatMap((i) =>
    [...new Set(combinations.map((groups) => groups[i]!))].map((name) =>
      vector((groups) => groups[i] === name),
    ),
  );
  let tables = alone;
  for (;;) {
    const span = spanOf([
      ...ofGroups,
      ...tables.flatMap((table) => [...table.shown].map((cell) => ofCell(table, cell))),
    ]);
    const told = tables.find((table) => {
      const hidden = table.cells.filter((cell) => !table.shown.has(cell));
      return (
        smallUnion(
          span,
          hidden.map((cell) => ({ ...cell, vector: ofCell(table, cell) })),
        ) !== undefined
      );
    });
    if (!told) return tables;
    const withheld = told.shown.size > 0 ? told : tables.findLast(({ shown }) => shown.size > 0);
    if (!withheld) return { reveals: told.attributes[1] };
    tables = tables.map((table) => (table === withheld ? { ...table, shown: new Set<Cell>() } : table));
  }
}
