import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DataApi } from '../../../src/api/data-api.ts';
import { withMetadata } from '../../../src/api/metadata/open.ts';
import { toMetadata } from '../../../src/api/metadata/read.ts';
import { tableSchema } from '../../../src/api/metadata/schema.ts';
import { ADMIN, askerOf, openPublished } from '../../api/campus.ts';
import {
  aggregated,
  grouped,
  holds,
  type Link,
  listed,
  type Naive,
  type Row,
  type Selected,
  type Value,
} from './naive.ts';

/**
 * The SQL's answer equals that of a naive evaluator, over random data, permissions, roles and questions: conditions,
 * nulls, orders, cuts, distinct rows, nested lists and aggregates, groups, cells that an inherited role does not see.
 */

// biome-ignore lint/suspicious/noExplicitAny: questions of every shape
type Json = any;

const TEXTS = ['a', 'A', 'b%', '_x', "o'h", 'ü', ''];
const text = fc.constantFrom(...TEXTS);
const number = fc.integer({ min: -2, max: 3 });
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null, freq: 4 });

const COLUMNS = { parents: ['id', 's', 'n'], children: ['id', 's', 'n', 'parent_id'] } as const;
type Name = keyof typeof COLUMNS;
const LINKS: { readonly [table: string]: { readonly [name: string]: Link } } = {
  parents: { children: { to: 'children', kind: 'array', own: 'id', theirs: 'parent_id' } },
  children: { parent: { to: 'parents', kind: 'object', own: 'parent_id', theirs: 'id' } },
};
const KEYS = { parents: ['id'], children: ['id'] };

const parents = fc.array(fc.record({ s: orNull(text), n: orNull(number) }), { maxLength: 5 });
const children = fc.array(
  fc.record({ s: orNull(text), n: orNull(number), parent_id: orNull(fc.integer({ min: 1, max: 6 })) }),
  { maxLength: 12 },
);

const comparison = (column: string): fc.Arbitrary<Json> => {
  const value: fc.Arbitrary<Value> = column === 's' ? text : number;
  const plain = fc
    .tuple(fc.constantFrom('_eq', '_neq', '_gt', '_lt', '_gte', '_lte'), value)
    .map(([operator, operand]) => ({ [operator]: operand }));
  return fc.oneof(
    plain,
    fc.boolean().map((is) => ({ _is_null: is })),
    fc
      .tuple(fc.constantFrom('_in', '_nin'), fc.array(value, { maxLength: 3 }))
      .map(([operator, operand]) => ({ [operator]: operand })),
    ...(column === 's'
      ? [
          fc
            .tuple(fc.constantFrom('_like', '_nilike'), fc.constantFrom('%', 'a%', '%h', '_', ''))
            .map(([operator, operand]) => ({ [operator]: operand })),
        ]
      : []),
  );
};

/** @param columns that may be named, by table */
const whereOf = (
  table: Name,
  columns: { readonly [T in Name]: readonly string[] },
  depth: number,
): fc.Arbitrary<Json> => {
  const leaves = columns[table].map((column) => comparison(column).map((by) => ({ [column]: by })));
  if (depth === 0) return fc.oneof(fc.constant({}), ...leaves);
  const inner = whereOf(table, columns, depth - 1);
  const link = table === 'parents' ? 'children' : 'parent';
  const other = table === 'parents' ? 'children' : 'parents';
  return fc.oneof(
    ...leaves,
    fc.array(inner, { maxLength: 2 }).map((of) => ({ _and: of })),
    fc.array(inner, { maxLength: 3 }).map((of) => ({ _or: of })),
    inner.map((of) => ({ _not: of })),
    whereOf(other, columns, depth - 1).map((of) => ({ [link]: of })),
    ...(table === 'parents'
      ? [
          fc
            .tuple(whereOf('children', columns, 0), fc.integer({ min: 0, max: 3 }))
            .map(([filter, n]) => ({ children_aggregate: { count: { filter, predicate: { _gte: n } } } })),
        ]
      : []),
  );
};

const permission = (table: Name) =>
  fc.record({
    columns: fc.subarray(['s', 'n'], { minLength: 1 }).map((some) => ['id', ...some]),
    filter: whereOf(table, { parents: ['id', 's', 'n'], children: ['id', 's', 'n'] }, 2).map(
      withoutAggregates,
    ),
    limit: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
  });

/** Permissions of Hasura have no conditions on aggregates. */
const withoutAggregates = (where: Json): Json =>
  JSON.parse(JSON.stringify(where, (key, value) => (key === 'children_aggregate' ? undefined : value)));

const world = fc.record({
  parents,
  children,
  permissions: fc.record({
    a: fc.record({ parents: permission('parents'), children: permission('children') }),
    b: fc.record({ parents: permission('parents'), children: permission('children') }),
  }),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** What a role sees, worked out row by row. */
function naiveOf({ parents, children, permissions }: World, roles: readonly ('a' | 'b')[]): Naive {
  const raw: Naive = {
    tables: {
      parents: parents.map((row, i) => ({ id: i + 1, ...row })),
      children: children.map((row, i) => ({ id: i + 1, ...row })),
    },
    links: LINKS,
    keys: KEYS,
    limits: {},
  };
  const seen = (table: Name): Row[] =>
    raw.tables[table]!.flatMap((row): Row[] => {
      const by = roles
        .map((role) => permissions[role][table])
        .filter(({ filter }) => holds(raw, table, row, filter) === true);
      if (by.length === 0) return [];
      const shown = (column: string) => by.some(({ columns }) => columns.includes(column));
      const hidden = { own_id: row.id!, own_parent: row.parent_id ?? null };
      return [
        { ...Object.fromEntries(['id', 's', 'n'].map((c) => [c, shown(c) ? row[c]! : null])), ...hidden },
      ];
    });
  const limitOf = (table: Name) => {
    const limits = roles.map((role) => permissions[role][table].limit);
    return limits.includes(undefined) ? undefined : Math.max(...(limits as number[]));
  };
  return {
    tables: { parents: seen('parents'), children: seen('children') },
    links: {
      parents: { children: { ...LINKS.parents!.children!, own: 'own_id', theirs: 'own_parent' } },
      children: { parent: { ...LINKS.children!.parent!, own: 'own_parent', theirs: 'own_id' } },
    },
    keys: KEYS,
    limits: { parents: limitOf('parents'), children: limitOf('children') },
  };
}

const DIRECTIONS = ['asc', 'desc', 'asc_nulls_first', 'desc_nulls_last'];
type Shown = { readonly [T in Name]: readonly string[] };

const orderOf = (table: Name, shown: Shown): fc.Arbitrary<Json[]> => {
  const direction = fc.constantFrom(...DIRECTIONS);
  const column = fc
    .tuple(fc.constantFrom(...shown[table]), direction)
    .map(([name, way]) => ({ [name]: way }));
  const further =
    table === 'parents'
      ? direction.map((way) => ({ children_aggregate: { count: way } }))
      : fc
          .tuple(fc.constantFrom(...shown.parents), direction)
          .map(([name, way]) => ({ parent: { [name]: way } }));
  return fc.array(fc.oneof({ arbitrary: column, weight: 3 }, further), { maxLength: 2 });
};

const argsOf = (table: Name, shown: Shown): fc.Arbitrary<Json> =>
  fc
    .record(
      {
        where: whereOf(table, shown, 2),
        order_by: orderOf(table, shown),
        distinct: fc.option(fc.constantFrom(...shown[table]), { nil: undefined, freq: 2 }),
        limit: fc.integer({ min: 0, max: 4 }),
        offset: fc.integer({ min: 0, max: 2 }),
      },
      { requiredKeys: [] },
    )
    .map(({ distinct, ...args }) =>
      distinct === undefined
        ? args
        : {
            ...args,
            distinct_on: [distinct],
            ...(args.order_by ? { order_by: [{ [distinct]: 'desc' }, ...args.order_by] } : {}),
          },
    );

const selectionOf = (table: Name, shown: Shown, depth: number): fc.Arbitrary<Selected> => {
  const own = fc
    .subarray([...shown[table]], { minLength: 1 })
    .map((names) => Object.fromEntries(names.map((name) => [name, true as const])));
  if (depth === 0) return own;
  const nested: fc.Arbitrary<Selected> =
    table === 'parents'
      ? fc.record(
          {
            children: fc.record({
              args: argsOf('children', shown),
              of: selectionOf('children', shown, depth - 1),
            }),
            ...(shown.children.includes('n')
              ? {
                  children_aggregate: fc.record({
                    args: argsOf('children', shown),
                    of: selectionOf('children', shown, depth - 1),
                  }),
                }
              : {}),
          },
          { requiredKeys: [] },
        )
      : fc.record(
          { parent: fc.record({ args: fc.constant({}), of: selectionOf('parents', shown, depth - 1) }) },
          { requiredKeys: [] },
        );
  return fc.tuple(own, nested).map(([a, b]) => ({ ...a, ...(b as Selected) }));
};

/** A value as GraphQL: keys without quotes, and names of directions and columns as enum values. */
const literal = (value: Json, isEnum = false): string => {
  if (Array.isArray(value)) return `[${value.map((one) => literal(one, isEnum)).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => `${key}: ${literal(inner, isEnum)}`)
      .join(', ')}}`;
  return isEnum ? String(value) : JSON.stringify(value);
};
const argsText = (args: Json): string => {
  const parts = Object.entries(args)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${literal(value, name === 'order_by' || name === 'distinct_on')}`);
  return parts.length > 0 ? `(${parts.join(', ')})` : '';
};
const figures = (of: Selected): string => `{ aggregate { count sum { n } max { n } } nodes ${selected(of)} }`;
/** Figures of all rows, and of the groups of some columns. */
const figuresBy = (of: Selected, by: readonly string[]): string =>
  figures(of).replace(
    /}$/,
    ` group_by(keys: [${by.map((column) => `{column: ${column}}`).join(', ')}]) {
      group_key { ${by.join(' ')} } aggregate { count several: count(columns: [id, n], distinct: true) min { n } } } }`,
  );
const selected = (of: Selected): string =>
  `{ ${Object.entries(of)
    .map(([name, inner]) => {
      if (inner === true) return name;
      const rest = name.endsWith('_aggregate') ? figures(inner.of) : selected(inner.of);
      return `${name}${argsText(inner.args)} ${rest}`;
    })
    .join(' ')} }`;

const int = (name: string) => ({ name, type: 'integer' as const });
const CHOICES = { a: ['a'], b: ['b'], ab: ['a', 'b'] } as const;

const QUESTIONS = 8;

it('the SQL answers as a naive evaluator', { timeout: 30 * 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(world, fc.integer(), async (made, seed) => {
      const contents = {
        'public.parents': {
          columns: [int('id'), { name: 's', type: 'varchar' as const }, int('n')],
          rows: made.parents.map(({ s, n }, i) => [i + 1, s, n]),
        },
        'public.children': {
          columns: [int('id'), { name: 's', type: 'varchar' as const }, int('n'), int('parent_id')],
          rows: made.children.map(({ s, n, parent_id: parent }, i) => [i + 1, s, n, parent]),
        },
      };
      const datasets = Object.entries(contents).map(([id, { columns }]) => ({
        id,
        key: ['id'],
        columns,
        checks: [],
      }));
      const permissions = (table: Name) =>
        (['a', 'b'] as const).map((role) => ({
          role,
          permission: { ...made.permissions[role][table], allow_aggregations: true },
        }));
      const manual = (name: string, remote: string, own: string, theirs: string) => ({
        name,
        using: { manual_configuration: { remote_table: remote, column_mapping: { [own]: theirs } } },
      });
      const metadata = toMetadata(
        [
          {
            table: 'parents',
            array_relationships: [manual('children', 'children', 'id', 'parent_id')],
            select_permissions: permissions('parents'),
          },
          {
            table: 'children',
            object_relationships: [manual('parent', 'parents', 'parent_id', 'id')],
            select_permissions: permissions('children'),
          },
        ].map((table) => tableSchema.parse(table)),
        [{ role_name: 'ab', role_set: ['a', 'b'] }],
      );
      const lake = await openPublished(contents, datasets);
      try {
        const whole = lake.lakeFor(ADMIN);
        const post = askerOf(new DataApi(withMetadata(async () => whole, whole, metadata)));
        for (const [role, roles] of Object.entries(CHOICES)) {
          const naive = naiveOf(made, roles);
          const columns = (table: Name) =>
            ['id', 's', 'n'].filter((c) =>
              roles.some((one) => made.permissions[one][table].columns.includes(c)),
            );
          const shown = { parents: columns('parents'), children: columns('children') };
          const question = fc.constantFrom<Name>('parents', 'children').chain((table) =>
            fc.record({
              table: fc.constant(table),
              args: argsOf(table, shown),
              of: selectionOf(table, shown, 2),
              isAggregate: fc.boolean(),
              by: fc.shuffledSubarray([...shown[table]], { minLength: 1 }),
            }),
          );
          for (const { table, args, of, isAggregate, by } of fc.sample(question, {
            numRuns: QUESTIONS,
            seed,
          })) {
            const isFigures = isAggregate && shown[table].includes('n');
            const query = isFigures
              ? `{ answer: ${table}_aggregate${argsText(args)} ${figuresBy(of, by)} }`
              : `{ answer: ${table}${argsText(args)} ${selected(of)} }`;
            const { data, errors } = await post({ role, variables: {} }, query);
            const expected = isFigures
              ? { ...aggregated(naive, table, args, of, 'n'), group_by: grouped(naive, table, args, by) }
              : listed(naive, table, args, of);
            expect([role, query, errors, data?.answer]).toEqual([
              role,
              query,
              undefined,
              JSON.parse(JSON.stringify(expected)),
            ]);
          }
        }
      } finally {
        await lake.close();
      }
    }),
    { numRuns: 12, endOnFailure: true },
  );
});
