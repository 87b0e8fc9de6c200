import type { CellValue, Change, Row, SystemHistory, TableShape } from './college.ts';

/** Column names and types; a type that ends in `?` is nullable. */
export type Columns = Readonly<Record<string, string>>;
/** A row with exactly the columns declared. */
type RowOf<C extends Columns> = { readonly [K in keyof C]: CellValue };

/**
 * The rows of a table, made from the lives of things. A thing says at which instants its row changed and how the
 * row stood then; nothing is kept but one number for each change, so a large history costs little memory and a
 * narrow range of it little time.
 */
export interface Lives<E, R> {
  /** The things, or how to list them when the table is first read. */
  readonly things: readonly E[] | (() => readonly E[]);
  /** Instants (epoch ms, whole seconds) at which the row appeared, changed or went; undefined ones are skipped. */
  readonly moments: (thing: E) => readonly (number | undefined)[];
  /** The row from that instant on; undefined when it has been deleted. Pure. */
  readonly row: (thing: E, at: number) => R | undefined;
}

export interface LifeTable<E, C extends Columns> extends Lives<E, RowOf<C>> {
  readonly namespace: string;
  readonly name: string;
  readonly columns: C;
  /** Default: `id`. */
  readonly key?: readonly (keyof C & string)[];
  /** Foreign keys: `column -> namespace.table.column`, or several columns with `+` between them. */
  readonly references?: Readonly<Record<string, string>>;
}

export interface LivingTable extends TableShape {
  /** See `SystemHistory.changes`. */
  changesBetween(after: number, upTo: number, wanted?: 'all' | 'newest'): Iterable<Change>;
}

export function lifeTable<E, C extends Columns>(table: LifeTable<E, C>): LivingTable {
  return living<E>(shapeOf(table.namespace, table.name, table.columns, table.key, table.references), table);
}

/** A table of a known shape. */
export function living<E>(shape: TableShape, lives: Lives<E, Row>): LivingTable {
  let things: readonly E[] = [];
  let index: MomentIndex | undefined;
  return {
    ...shape,
    *changesBetween(after, upTo, wanted = 'all') {
      if (index === undefined) {
        things = typeof lives.things === 'function' ? lives.things() : lives.things;
        index = indexMoments(things, lives.moments);
      }
      const places = wanted === 'newest' ? newestBetween(index, after, upTo) : between(index, after, upTo);
      for (const place of places) {
        const { at, thing } = momentAt(index, place);
        const subject = things[thing]!;
        const row = lives.row(subject, at);
        if (row) {
          yield { at, op: 'U', row };
          continue;
        }
        const before = lives.row(subject, at - 1);
        if (before) yield { at, op: 'D', row: keyOnly(shape.key, before) };
      }
    },
  };
}

export function shapeOf(
  namespace: string,
  name: string,
  columns: Columns,
  key: readonly string[] = ['id'],
  references: Readonly<Record<string, string>> = {},
): TableShape {
  return {
    namespace,
    name,
    key,
    columns: Object.entries(columns).map(([column, type]) => ({
      name: column,
      type: type.replace(/\?$/, ''),
      nullable: type.endsWith('?'),
    })),
    references: Object.entries(references).map(([from, target]) => {
      const [schema, parent, to] = target.split('.') as [string, string, string];
      return { columns: from.split('+'), namespace: schema, table: parent, to: to.split('+') };
    }),
  };
}

/** One system's tables; without anything that would happen after `closes`. */
export function systemHistory(tables: readonly LivingTable[], closes: number): SystemHistory {
  const byName = new Map(tables.map((table) => [`${table.namespace}.${table.name}`, table]));
  return {
    tables,
    changes(table, after, upTo, wanted) {
      const known = byName.get(`${table.namespace}.${table.name}`);
      return known?.changesBetween(after, Math.min(upTo, closes), wanted) ?? [];
    },
  };
}

/** One number a change: `seconds since the first * things + thing`, ascending. */
interface MomentIndex {
  readonly keys: Float64Array;
  readonly base: number;
  readonly things: number;
}

function indexMoments<E>(
  things: readonly E[],
  moments: (thing: E) => readonly (number | undefined)[],
): MomentIndex {
  const seconds: number[] = [];
  const owners: number[] = [];
  let base = Number.POSITIVE_INFINITY;
  things.forEach((thing, owner) => {
    for (const moment of moments(thing)) {
      if (moment === undefined) continue;
      const second = moment / 1000;
      if (!Number.isInteger(second)) throw new RangeError(`A moment of ${moment} ms is not a whole second`);
      base = Math.min(base, second);
      seconds.push(second);
      owners.push(owner);
    }
  });
  const count = Math.max(things.length, 1);
  const keys = Float64Array.from(seconds, (second, i) => (second - base) * count + owners[i]!).sort();
  return { keys: keys.filter((key, i) => i === 0 || key !== keys[i - 1]), base, things: count };
}

interface Moment {
  readonly at: number;
  readonly thing: number;
}

/** The places in the index of the moments in a range. */
function* between(index: MomentIndex, after: number, upTo: number): Iterable<number> {
  const [from, end] = rangeOf(index, after, upTo);
  for (let place = from; place < end; place += 1) yield place;
}

/** Likewise, only the last moment of each thing: the rows before it need not be made. */
function newestBetween(index: MomentIndex, after: number, upTo: number): Iterable<number> {
  const [from, end] = rangeOf(index, after, upTo);
  const seen = new Uint8Array(index.things);
  // Filled from its end, since the newest are met first.
  const newest = new Uint32Array(Math.min(end - from, index.things));
  let free = newest.length;
  for (let place = end - 1; place >= from; place -= 1) {
    const thing = index.keys[place]! % index.things;
    if (seen[thing]) continue;
    seen[thing] = 1;
    free -= 1;
    newest[free] = place;
  }
  return newest.subarray(free);
}

/** The places in the index of the moments after one instant and not after another. */
function rangeOf(index: MomentIndex, after: number, upTo: number): [number, number] {
  const from = (Math.floor(after / 1000) + 1 - index.base) * index.things;
  const end = (Math.floor(upTo / 1000) + 1 - index.base) * index.things;
  return [lowerBound(index.keys, from), lowerBound(index.keys, end)];
}

function momentAt({ keys, base, things }: MomentIndex, place: number): Moment {
  const key = keys[place]!;
  const thing = key % things;
  return { at: ((key - thing) / things + base) * 1000, thing };
}

function lowerBound(keys: Float64Array, value: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function keyOnly(key: readonly string[], row: Row): Row {
  return Object.fromEntries(key.map((column) => [column, row[column] ?? null]));
}
