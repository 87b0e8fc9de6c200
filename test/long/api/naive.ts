/** An evaluator of the API's questions over rows in memory, as plain as it can be: a second opinion on the SQL. */

export type Value = null | string | number | boolean;
export type Row = { readonly [column: string]: Value };
export type Tables = { readonly [table: string]: readonly Row[] };

/** True, false, or null for what SQL does not know. */
type Truth = boolean | null;

const not = (truth: Truth): Truth => (truth === null ? null : !truth);
const all = (truths: readonly Truth[]): Truth =>
  truths.includes(false) ? false : truths.includes(null) ? null : true;
const any = (truths: readonly Truth[]): Truth =>
  truths.includes(true) ? true : truths.includes(null) ? null : false;

export interface Link {
  readonly to: string;
  readonly kind: 'object' | 'array';
  readonly own: string;
  readonly theirs: string;
}

/** What a role sees. */
export interface Naive {
  readonly tables: Tables;
  /** By table, then name. */
  readonly links: { readonly [table: string]: { readonly [name: string]: Link } };
  /** By table: the key by which rows that are alike are ordered. */
  readonly keys: { readonly [table: string]: readonly string[] };
  readonly limits: { readonly [table: string]: number | undefined };
}

const compare = (a: Value, b: Value): number =>
  a === b ? 0 : (a as number | string) < (b as number | string) ? -1 : 1;

const COMPARE: { readonly [operator: string]: (a: Value, b: Value) => boolean } = {
  _eq: (a, b) => a === b,
  _neq: (a, b) => a !== b,
  _gt: (a, b) => compare(a, b) > 0,
  _lt: (a, b) => compare(a, b) < 0,
  _gte: (a, b) => compare(a, b) >= 0,
  _lte: (a, b) => compare(a, b) <= 0,
};

const like = (text: string, pattern: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('%', '.*')
      .replaceAll('_', '.')}$`,
    's',
  ).test(text);

// biome-ignore lint/suspicious/noExplicitAny: questions of every shape
type Json = any;

const related = (world: Naive, table: string, row: Row, name: string): readonly Row[] => {
  const { to, own, theirs } = world.links[table]![name]!;
  return world.tables[to]!.filter((other) => row[own] !== null && other[theirs] === row[own]);
};

export function holds(world: Naive, table: string, row: Row, where: Json): Truth {
  return all(
    Object.entries(where).map(([name, value]: [string, Json]): Truth => {
      if (name === '_and') return all(value.map((one: Json) => holds(world, table, row, one)));
      if (name === '_or') return any(value.map((one: Json) => holds(world, table, row, one)));
      if (name === '_not') return not(holds(world, table, row, value));
      const link = world.links[table]?.[name];
      if (link)
        return related(world, table, row, name).some((other) => holds(world, link.to, other, value) === true);
      if (name.endsWith('_aggregate')) {
        const list = name.slice(0, -'_aggregate'.length);
        const { to } = world.links[table]![list]!;
        const { filter = {}, predicate } = value.count;
        const count = related(world, table, row, list).filter(
          (o) => holds(world, to, o, filter) === true,
        ).length;
        return operators(count, predicate);
      }
      return operators(row[name]!, value);
    }),
  );
}

const operators = (cell: Value, by: Json): Truth =>
  all(
    Object.entries(by).map(([operator, operand]: [string, Json]): Truth => {
      if (operator === '_is_null') return (cell === null) === operand;
      if (operator === '_in' || operator === '_nin') {
        if (operand.length === 0) return operator === '_nin';
        if (cell === null) return null;
        return operand.includes(cell) === (operator === '_in');
      }
      if (cell === null) return null;
      if (operator === '_like') return like(cell as string, operand);
      if (operator === '_nilike') return !like((cell as string).toLowerCase(), operand.toLowerCase());
      return COMPARE[operator]!(cell, operand);
    }),
  );

type Term = readonly [value: (row: Row) => Value, direction: string];

function termsOf(world: Naive, table: string, order: readonly Json[]): Term[] {
  return order.flatMap((one) =>
    Object.entries(one).map(([name, inner]: [string, Json]): Term => {
      if (typeof inner === 'string') return [(row) => row[name]!, inner];
      if (name.endsWith('_aggregate')) {
        const list = name.slice(0, -'_aggregate'.length);
        return [(row) => related(world, table, row, list).length, inner.count];
      }
      const [[value, direction]] = termsOf(world, world.links[table]![name]!.to, [inner]) as [Term];
      return [
        (row) => {
          const [other] = related(world, table, row, name);
          return other ? value(other) : null;
        },
        direction,
      ];
    }),
  );
}

function sorted(
  world: Naive,
  table: string,
  rows: readonly Row[],
  order: readonly Json[],
  distinct: readonly string[],
): Row[] {
  const key = (names: readonly string[]): Term[] => names.map((name) => [(row) => row[name]!, 'asc']);
  const terms = [
    ...termsOf(world, table, order),
    ...(order.length === 0 ? key(distinct) : []),
    ...key(world.keys[table]!),
  ];
  return [...rows].sort((left, right) => {
    for (const [value, direction] of terms) {
      const [a, b] = [value(left), value(right)];
      if (a === b) continue;
      const [way, , nulls = way === 'asc' ? 'last' : 'first'] = direction.split('_') as [
        string,
        string?,
        string?,
      ];
      if (a === null || b === null) return (a === null) === (nulls === 'first') ? -1 : 1;
      return way === 'asc' ? compare(a, b) : -compare(a, b);
    }
    return 0;
  });
}

function chosen(world: Naive, table: string, from: readonly Row[], args: Json): Row[] {
  const { where = {}, order_by: order = [], distinct_on: distinct = [], limit, offset = 0 } = args;
  const found = sorted(
    world,
    table,
    from.filter((row) => holds(world, table, row, where) === true),
    order,
    distinct,
  );
  const seen = new Set<string>();
  const first = found.filter((row) => {
    if (distinct.length === 0) return true;
    const key = JSON.stringify(distinct.map((name: string) => row[name]));
    return !seen.has(key) && seen.add(key);
  });
  return first.slice(offset, limit === undefined ? undefined : offset + limit);
}

/** A selection: columns by name, and what belongs to a row by name with its arguments. */
export type Selected = { readonly [name: string]: true | { readonly args: Json; readonly of: Selected } };

const least = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);

/** What a list gives. */
export function listed(
  world: Naive,
  table: string,
  args: Json,
  of: Selected,
  from = world.tables[table]!,
): Json {
  const limit = least(args.limit, world.limits[table]);
  return chosen(world, table, from, { ...args, limit }).map((row) => given(world, table, row, of));
}

/** What `<list>_aggregate` gives: a count, a sum over a column of whole numbers, and nodes. */
export function aggregated(
  world: Naive,
  table: string,
  args: Json,
  of: Selected,
  column: string,
  from = world.tables[table]!,
): Json {
  const rows = chosen(world, table, from, args);
  const numbers = rows.map((row) => row[column]!).filter((value) => value !== null) as number[];
  return {
    aggregate: {
      count: rows.length,
      sum: { [column]: numbers.length > 0 ? numbers.reduce((a, b) => a + b, 0) : null },
      max: { [column]: numbers.length > 0 ? Math.max(...numbers) : null },
    },
    nodes: rows.slice(0, world.limits[table]).map((row) => given(world, table, row, of)),
  };
}

/** What `group_by` gives: rows that are alike in some columns, nulls among them, in the order of these columns. */
export function grouped(world: Naive, table: string, args: Json, by: readonly string[]): Json {
  const groups = new Map<string, Row[]>();
  for (const row of chosen(world, table, world.tables[table]!, args)) {
    const key = JSON.stringify(by.map((name) => row[name]));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const order = ([left]: Row[], [right]: Row[]): number => {
    for (const name of by) {
      const [a, b] = [left![name]!, right![name]!];
      if (a === b) continue;
      if (a === null || b === null) return a === null ? 1 : -1;
      return compare(a, b);
    }
    return 0;
  };
  return [...groups.values()].sort(order).map((rows) => {
    const numbers = rows.map((row) => row.n!).filter((value) => value !== null) as number[];
    return {
      group_key: Object.fromEntries(by.map((name) => [name, rows[0]![name]])),
      aggregate: {
        count: rows.length,
        several: new Set(rows.map(({ id, n }) => JSON.stringify([id, n]))).size,
        min: { n: numbers.length > 0 ? Math.min(...numbers) : null },
      },
    };
  });
}

const given = (world: Naive, table: string, row: Row, of: Selected): Json =>
  Object.fromEntries(
    Object.entries(of).map(([name, inner]) => {
      if (inner === true) return [name, row[name]];
      const isAggregate = name.endsWith('_aggregate');
      const list = isAggregate ? name.slice(0, -'_aggregate'.length) : name;
      const link = world.links[table]![list]!;
      const others = related(world, table, row, list);
      if (isAggregate) return [name, aggregated(world, link.to, inner.args, inner.of, 'n', others)];
      if (link.kind === 'array') return [name, listed(world, link.to, inner.args, inner.of, others)];
      const [first] = sorted(world, link.to, others, [], []);
      return [name, first ? given(world, link.to, first, inner.of) : null];
    }),
  );
