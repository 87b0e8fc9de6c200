import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataApi } from '../../src/api/data-api.ts';
import { withMetadata } from '../../src/api/metadata/open.ts';
import { toMetadata } from '../../src/api/metadata/read.ts';
import { inheritedRoleSchema, tableSchema } from '../../src/api/metadata/schema.ts';
import { ADMIN, askerOf, openPublished } from './campus.ts';

/**
 * The behaviour that Hasura publishes as cases of permissions (hasura/graphql-engine, server/tests-py/queries/
 * graphql_query/permissions), in words and rows of our own: each test names its file. What is left out is at the end.
 */

const text = (...names: string[]) => names.map((name) => ({ name, type: 'varchar' as const }));
const whole = (...names: string[]) => names.map((name) => ({ name, type: 'integer' as const }));
const yes = (...names: string[]) => names.map((name) => ({ name, type: 'boolean' as const }));

const TABLES = {
  'public.author': {
    columns: [...whole('id'), ...text('name', 'remarks_internal'), ...yes('is_registered')],
    rows: [
      [1, 'Ada', 'late with everything', false],
      [2, 'Bo', 'prefers mornings', false],
      [3, 'Cy', 'new', false],
    ],
  },
  'public.article': {
    columns: [...whole('id'), ...text('title', 'content'), ...whole('author_id'), ...yes('is_published')],
    rows: [
      [1, 'On wells', 'a', 1, false],
      [2, 'On rain', 'b', 1, true],
      [3, 'On rivers', 'c', 2, true],
      [4, 'On seas', 'd', 3, false],
    ],
  },
  'public.artist': {
    columns: [...whole('id'), ...text('name')],
    rows: [
      [1, 'Camilla'],
      [2, 'DSP'],
      [3, 'Akon'],
    ],
  },
  'public.track': {
    columns: [...whole('id'), ...text('name'), ...whole('artist_id')],
    rows: [
      [1, 'Up', 1],
      [2, 'Down', 1],
      [3, 'Glad', 2],
    ],
  },
  'public.books': {
    columns: [...whole('id'), ...text('author_name', 'book_name')],
    rows: [[1, 'A writer', 'A book']],
  },
  'public.auction': {
    columns: whole('id', 'price', 'bid_price'),
    rows: [
      [1, 250, 100],
      [2, 250, 120],
      [3, 250, 300],
      [4, 250, 260],
    ],
  },
  'public.student_marks': { columns: [...whole('id'), ...text('name')], rows: [[1, 'clarke']] },
  'public.team': {
    columns: [...whole('id'), ...text('name')],
    rows: [
      [1, 'sales'],
      [2, 'HR'],
    ],
  },
  'public.manager': {
    columns: [...whole('id', 'team_id'), ...text('name', 'phone', 'address')],
    rows: [
      [1, 1, 'Mo', '11', 'Oak Street'],
      [2, 1, 'Nia', '22', 'Elm Street'],
      [3, 2, 'Ola', '33', 'Ash Street'],
    ],
  },
  'public.employee': {
    columns: [
      ...whole('id', 'salary', 'manager_id', 'team_id'),
      ...text('name', 'title', 'manager_remarks', 'hr_remarks'),
    ],
    rows: [
      [1, 10000, 1, 1, 'Ed', 'Seller', 'good', 'h1'],
      [2, 14000, 1, 1, 'Fay', 'Seller', 'good', 'h2'],
      [3, 12400, 3, 2, 'Gus', 'Trainee', 'keen', 'h3'],
      [4, 15430, 2, 1, 'Hal', 'Seller', 'keen', 'h4'],
    ],
  },
  'public.authors': {
    columns: [...whole('id'), ...text('name'), ...whole('followers')],
    rows: [
      [1, 'J', 1232344],
      [2, 'P', 21312332],
      [3, 'M', 1232132],
    ],
  },
  'public.articles': {
    columns: [...whole('id'), ...text('title', 'content'), ...yes('is_published'), ...whole('author_id')],
    rows: [
      [1, 'title 1', 'content 1', false, 1],
      [2, 'title 2', 'content 2', true, 2],
      [3, 'title 3', 'content 3', true, 1],
      [4, 'title 4', 'content 4', true, 3],
      [5, 'title 5', 'content 5', true, 2],
    ],
  },
  'public.users': {
    columns: [...whole('id'), ...text('name', 'restricted_field')],
    rows: [
      [1, 'User 1', 'r1'],
      [2, 'User 2', 'r2'],
      [3, 'User 3', 'r3'],
    ],
  },
  'public.dummy_table': { columns: [...whole('id'), ...text('name')], rows: [[1, 'd']] },
};

const KEYS: Readonly<Record<string, string[]>> = { 'public.books': ['id', 'book_name'] };
const REFERENCES: Readonly<Record<string, [column: string, to: string][]>> = {
  'public.article': [['author_id', 'public.author']],
  'public.track': [['artist_id', 'public.artist']],
  'public.employee': [['manager_id', 'public.manager']],
};
const DATASETS = Object.entries(TABLES).map(([id, { columns }]) => ({
  id,
  key: KEYS[id] ?? ['id'],
  columns,
  checks: (REFERENCES[id] ?? []).map(([column, to]) => ({ kind: 'relationships', column, to, field: 'id' })),
}));

const select = (role: string, columns: unknown, filter: object, more: object = {}) => ({
  role,
  permission: { columns, filter, ...more },
});
const METADATA = toMetadata(
  [
    {
      table: 'author',
      array_relationships: [
        { name: 'articles', using: { foreign_key_constraint_on: { table: 'article', column: 'author_id' } } },
      ],
      select_permissions: [
        select(
          'user',
          ['id', 'name', 'is_registered'],
          { _or: [{ id: 'X-HASURA-USER-ID' }, { articles: { is_published: { _eq: true } } }] },
          { limit: 10 },
        ),
        select('anonymous', ['id', 'name'], { articles: { is_published: { _eq: true } } }),
        select('critic', ['name'], {}),
        select('reader', ['name'], { get_articles: { is_published: true } }),
      ],
    },
    {
      table: { schema: 'public', name: 'article' },
      object_relationships: [{ name: 'author', using: { foreign_key_constraint_on: 'author_id' } }],
      select_permissions: [
        select('user', ['id', 'title', 'content', 'is_published'], {
          $or: [{ author_id: 'X-HASURA-USER-ID' }, { is_published: true }],
        }),
        select('anonymous', ['id', 'title', 'content', 'is_published'], { is_published: true }),
        select('critic', ['title', 'content', 'is_published'], { id: { _eq: 'X-Hasura-Critic-Id' } }),
      ],
    },
    {
      table: 'artist',
      configuration: { custom_name: 'Artist' },
      select_permissions: [
        select('free_user_in', '*', { name: { _in: 'X-Hasura-Free-Artists' } }),
        select('free_user_nin', '*', { name: { _nin: 'X-Hasura-Premium-Artists' } }),
        select('user_iregex', '*', { name: { _iregex: 'X-Hasura-IRegex-Artists' } }),
      ],
    },
    {
      table: 'track',
      configuration: { custom_name: 'Track' },
      object_relationships: [{ name: 'Artist', using: { foreign_key_constraint_on: 'artist_id' } }],
      select_permissions: [
        select('Artist', '*', { Artist: { id: 'X-Hasura-Artist-Id' } }, { allow_aggregations: true }),
      ],
    },
    { table: 'books', select_permissions: [select('user', ['author_name', 'book_name'], {})] },
    {
      table: 'auction',
      select_permissions: [select('user', ['id', 'bid_price'], { bid_price: { $cgt: 'price' } })],
    },
    {
      table: 'student_marks',
      select_permissions: [select('tutor', ['name'], { total_marks: { _gte: 220 } })],
    },
    {
      table: 'employee',
      object_relationships: [{ name: 'manager', using: { foreign_key_constraint_on: 'manager_id' } }],
      select_permissions: [
        select('employee', ['id', 'name', 'salary', 'title', 'team_id'], { id: { _eq: 'X-Hasura-User-Id' } }),
        select(
          'manager',
          ['name', 'title', 'manager_remarks'],
          { manager_id: { _eq: 'X-Hasura-Manager-Id' } },
          { allow_aggregations: true },
        ),
      ],
    },
    {
      table: 'manager',
      array_relationships: [
        {
          name: 'employees',
          using: {
            manual_configuration: {
              remote_table: { schema: 'public', name: 'employee' },
              column_mapping: { id: 'manager_id' },
            },
          },
        },
      ],
      select_permissions: [
        select('manager', '*', { id: 'X-Hasura-Manager-Id' }, { allow_aggregations: true }),
        select(
          'employee',
          ['name', 'phone'],
          { employees: { manager_id: { _eq: 'X-Hasura-Manager-Id' } } },
          { allow_aggregations: true },
        ),
      ],
    },
    {
      table: 'authors',
      select_permissions: [
        select('author', ['id', 'name'], { id: 'X-Hasura-Author-Id' }),
        select('editor', ['id', 'name', 'followers'], { id: 'X-Hasura-Editor-Id' }),
        select('non_paying_user', ['name', 'followers'], {}),
      ],
    },
    {
      table: 'articles',
      select_permissions: [
        select('free_user', ['title', 'content', 'author_id'], { is_published: true }, { limit: 2 }),
        select('premium_user', ['title', 'content', 'author_id'], { is_published: true }, { limit: 4 }),
      ],
    },
    {
      table: 'users',
      select_permissions: [
        select('public', ['id', 'name'], {}),
        select('reader_role', ['id', 'name', 'restricted_field'], { id: 'X-Hasura-User-Id' }),
      ],
    },
    { table: 'dummy_table', select_permissions: [select('writer_role', ['id', 'name'], {})] },
  ].map((table) => tableSchema.parse(table)),
  [
    { role_name: 'manager_employee', role_set: ['manager', 'employee'] },
    { role_name: 'author_editor_guest', role_set: ['author', 'editor', 'guest'] },
    { role_name: 'non_paying_user', role_set: ['free_user', 'premium_user'] },
    { role_name: 'non_paying_user_and_guest', role_set: ['non_paying_user', 'guest'] },
    { role_name: 'base_role', role_set: ['public', 'reader_role'] },
    { role_name: 'nested_role', role_set: ['base_role', 'writer_role'] },
  ].map((role) => inheritedRoleSchema.parse(role)),
);

let lake: Awaited<ReturnType<typeof openPublished>>;
let post: ReturnType<typeof askerOf>;
beforeAll(async () => {
  lake = await openPublished(TABLES, DATASETS);
  const whole = lake.lakeFor(ADMIN);
  post = askerOf(new DataApi(withMetadata(async () => whole, whole, METADATA)));
});
afterAll(() => lake.close());

const ask = (role: string, query: string, variables: Record<string, string> = {}) =>
  post(
    {
      ...(role === '' ? {} : { role }),
      variables: Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [`x-hasura-${name}`, value]),
      ),
    },
    query,
  );
const dataOf = async (...given: Parameters<typeof ask>) => (await ask(...given)).data;
const errorOf = async (...given: Parameters<typeof ask>) => {
  const { errors, data } = await ask(...given);
  expect(data ?? null).toBeNull();
  const [{ message, extensions }] = errors;
  return { message, ...extensions };
};

describe('Permissions', () => {
  it('user_select_query_article_author: one’s own unpublished articles, with their author', async () => {
    const query = '{ article(where: {is_published: {_eq: false}}) { id is_published author { id name } } }';
    expect(await dataOf('user', query, { 'user-id': '1' })).toEqual({
      article: [{ id: 1, is_published: false, author: { id: 1, name: 'Ada' } }],
    });
  });

  it('user_can_query_other_users_published_articles: a condition on what belongs to a row', async () => {
    const query =
      '{ article(where: {_and: [{is_published: {_eq: true}}, {author: {id: {_neq: 1}}}]}) { id author { id } } }';
    expect(await dataOf('user', query, { 'user-id': '1' })).toEqual({
      article: [{ id: 3, author: { id: 2 } }],
    });
  });

  it('anonymous_can_only_get_published_articles(_v1alpha1): both ways', async () => {
    expect(
      await dataOf(
        'anonymous',
        '{ none: article(where: {is_published: {_eq: false}}) { id } article { id author { id } } }',
      ),
    ).toEqual({
      none: [],
      article: [
        { id: 2, author: { id: 1 } },
        { id: 3, author: { id: 2 } },
      ],
    });
  });

  it('user_cannot_access_remarks_col: the role cannot, the administrator can', async () => {
    const query = '{ author { id remarks_internal } }';
    expect(await errorOf('user', query, { 'user-id': '1' })).toEqual({
      message: "field 'remarks_internal' not found in type: 'author'",
      path: '$.selectionSet.author.selectionSet.remarks_internal',
      code: 'validation-failed',
    });
    expect((await dataOf('', '{ author { id remarks_internal } }')).author).toHaveLength(3);
  });

  it('artist_select_query_Track and _fail: a filter over a relationship, and without its variable', async () => {
    const query = '{ Track { id name } }';
    expect(await dataOf('Artist', query, { 'artist-id': '2' })).toEqual({ Track: [{ id: 3, name: 'Glad' }] });
    expect(await errorOf('Artist', query)).toMatchObject({ code: 'not-found', path: '$' });
  });

  it('in_and_nin: lists in session variables, empty ones too', async () => {
    const names = async (role: string, name: string, value: string) =>
      (await dataOf(role, '{ Artist(order_by: {name: asc}) { name } }', { [name]: value })).Artist.map(
        (row: { name: string }) => row.name,
      );
    expect(await names('free_user_in', 'free-artists', '{Camilla,DSP}')).toEqual(['Camilla', 'DSP']);
    expect(await names('free_user_in', 'free-artists', '{}')).toEqual([]);
    expect(await names('free_user_nin', 'premium-artists', '{"Akon"}')).toEqual(['Camilla', 'DSP']);
    expect(await names('free_user_nin', 'premium-artists', '{}')).toEqual(['Akon', 'Camilla', 'DSP']);
  });

  it('iregex: a pattern in a session variable', async () => {
    const { Artist } = await dataOf('user_iregex', '{ Artist(order_by: {name: asc}) { name } }', {
      'iregex-artists': '(.*ak)|(.*lla)',
    });
    expect(Artist).toEqual([{ name: 'Akon' }, { name: 'Camilla' }]);
  });

  it('select_articles_without_required_headers: missing where it is first needed, in a nested table', async () => {
    const query = '{ author { name articles { title } } }';
    expect(await errorOf('critic', query)).toEqual({
      message: 'missing session variables: "x-hasura-critic-id"',
      path: '$',
      code: 'not-found',
    });
    expect((await dataOf('critic', '{ author { name } }')).author).toHaveLength(3);
  });

  it('user_should_not_be_able_to_access_books_by_pk: the role does not see all of the key', async () => {
    expect(await errorOf('user', '{ books_by_pk(id: 1, book_name: "A book") { author_name } }')).toEqual({
      message: "field 'books_by_pk' not found in type: 'query_root'",
      path: '$.selectionSet.books_by_pk',
      code: 'validation-failed',
    });
  });

  it('user_query_auction: a column with a column, of which the role sees one', async () => {
    expect(
      await dataOf('user', '{ auction(order_by: {bid_price: asc}, limit: 1) { id bid_price } }'),
    ).toEqual({
      auction: [{ id: 4, bid_price: 260 }],
    });
  });

  it('reader_author, tutor_get_students: a filter of what the lake has not shows nothing', async () => {
    expect(await errorOf('reader', '{ author { name } }')).toMatchObject({ code: 'not-supported' });
    expect(await errorOf('tutor', '{ student_marks { name } }')).toMatchObject({ code: 'not-supported' });
  });
});

describe('Inherited roles', () => {
  const VARIABLES = { 'user-id': '1', 'manager-id': '2' };

  it('basic_inherited_roles: a column of no parent does not exist', async () => {
    expect(await errorOf('manager_employee', '{ employee { name hr_remarks } }', VARIABLES)).toEqual({
      message: "field 'hr_remarks' not found in type: 'employee'",
      path: '$.selectionSet.employee.selectionSet.hr_remarks',
      code: 'validation-failed',
    });
  });

  it('basic_inherited_roles, multiple_roles: a cell that no parent shows is null', async () => {
    const query =
      '{ employee(order_by: {manager_remarks: asc, name: asc}) { id name salary manager_remarks } }';
    const { employee } = await dataOf('manager_employee', query, { 'user-id': '1', 'manager-id': '1' });
    expect(employee).toEqual([
      { id: 1, name: 'Ed', salary: 10000, manager_remarks: 'good' },
      { id: null, name: 'Fay', salary: null, manager_remarks: 'good' },
    ]);
  });

  it('basic_inherited_roles: over a relationship, and of several tables', async () => {
    const query =
      '{ employee(order_by: {name: asc}) { name salary manager_remarks manager { id name phone address } } manager { team_id name } }';
    expect(await dataOf('manager_employee', query, VARIABLES)).toEqual({
      employee: [
        { name: 'Ed', salary: 10000, manager_remarks: null, manager: null },
        {
          name: 'Hal',
          salary: null,
          manager_remarks: 'keen',
          manager: { id: 2, name: 'Nia', phone: '22', address: 'Elm Street' },
        },
      ],
      manager: [{ team_id: 1, name: 'Nia' }],
    });
  });

  it('basic_inherited_roles: sums are over cells that are seen', async () => {
    const query = '{ employee_aggregate { aggregate { count sum { salary } } } }';
    expect(await dataOf('manager_employee', query, VARIABLES)).toEqual({
      employee_aggregate: { aggregate: { count: 2, sum: { salary: 10000 } } },
    });
  });

  it('group_by_key_redaction: a hidden cell is null as the key of a group', async () => {
    const query = `{ employee_aggregate { group_by(keys: [{column: salary}]) {
      group_key { salary } aggregate { count max { salary } } } } }`;
    expect(await dataOf('manager_employee', query, VARIABLES)).toEqual({
      employee_aggregate: {
        group_by: [
          { group_key: { salary: 10000 }, aggregate: { count: 1, max: { salary: 10000 } } },
          { group_key: { salary: null }, aggregate: { count: 1, max: { salary: null } } },
        ],
      },
    });
  });

  it('groups have keys, which are columns by which the rows are grouped', async () => {
    const ask = (rest: string) => `{ employee_aggregate { ${rest} } }`;
    for (const [query, code] of [
      [ask('group_by(keys: []) { aggregate { count } }'), 'validation-failed'],
      [ask('group_by { aggregate { count } }'), 'validation-failed'],
      [ask('group_by(keys: [{column: hr_remarks}]) { aggregate { count } }'), 'validation-failed'],
      [ask('group_by(keys: [{column: name}]) { group_key { salary } }'), 'validation-failed'],
    ] as const)
      expect([query, (await errorOf('manager_employee', query, VARIABLES)).code]).toEqual([query, code]);
    const twice = `a: group_by(keys: [{column: name}, {column: name}]) { __typename key: group_key { n: name __typename } }
      b: group_by(keys: [{column: title}, {column: name}]) { aggregate { count } }`;
    const { employee_aggregate: found } = await dataOf('manager_employee', ask(twice), VARIABLES);
    expect(found.a.map(({ key }: { key: { n: string } }) => key.n)).toEqual(['Ed', 'Hal']);
    expect(found.b.length).toBe(2);
  });

  it('a hidden cell is in no condition, order or distinct value', async () => {
    const all = await dataOf(
      'manager_employee',
      `{ groups: employee(distinct_on: [salary]) { salary }
         found: employee(where: {salary: {_eq: 15430}}) { name }
         ordered: employee(order_by: {salary: desc_nulls_last}) { name salary }
         most: employee_aggregate { aggregate { max { salary } count(columns: [salary], distinct: true) } } }`,
      VARIABLES,
    );
    expect(all).toEqual({
      groups: [{ salary: 10000 }, { salary: null }],
      found: [],
      ordered: [
        { name: 'Ed', salary: 10000 },
        { name: 'Hal', salary: null },
      ],
      most: { aggregate: { max: { salary: 10000 }, count: 1 } },
    });
  });

  it('basic_inherited_roles: the greatest limit counts', async () => {
    const { articles } = await dataOf('non_paying_user', '{ articles { title } }');
    expect(articles.map((row: { title: string }) => row.title)).toEqual([
      'title 2',
      'title 3',
      'title 4',
      'title 5',
    ]);
    // The role does not see the key: pages neither repeat nor miss a row all the same.
    const pages = await dataOf(
      'non_paying_user',
      '{ a: articles(limit: 2) { title } b: articles(limit: 2, offset: 2) { title } }',
    );
    expect([...pages.a, ...pages.b]).toEqual(articles);
  });

  it('override_inherited_permission: its own permission goes first', async () => {
    const query =
      '{ authors(order_by: {followers: asc}) { name } articles(where: {title: {_eq: "title 2"}}) { content } }';
    expect(await dataOf('non_paying_user', query)).toEqual({
      authors: [{ name: 'M' }, { name: 'J' }, { name: 'P' }],
      articles: [{ content: 'content 2' }],
    });
  });

  it('inherited_role_with_some_roles_having_no_permissions', async () => {
    expect(
      await dataOf('author_editor_guest', '{ authors { id name followers } }', {
        'author-id': '1',
        'editor-id': '1',
      }),
    ).toEqual({ authors: [{ id: 1, name: 'J', followers: 1232344 }] });
  });

  it('inherited_role_parent_is_another_inherited_role', async () => {
    const query = '{ articles(order_by: [{author_id: asc}, {title: asc}]) { title author_id } }';
    const { articles } = await dataOf('non_paying_user_and_guest', query);
    expect(articles.map((row: { title: string }) => row.title)).toEqual([
      'title 3',
      'title 2',
      'title 5',
      'title 4',
    ]);
  });

  it('nested_inherited_roles_column_permissions', async () => {
    for (const role of ['base_role', 'nested_role'])
      expect(await dataOf(role, '{ users { id restricted_field } }', { 'user-id': '1' })).toEqual({
        users: [
          { id: 1, restricted_field: 'r1' },
          { id: 2, restricted_field: null },
          { id: 3, restricted_field: null },
        ],
      });
  });

  it('of itself is refused', () => {
    const inherit = (role_name: string, ...role_set: string[]) => ({ role_name, role_set });
    expect(() => toMetadata([], [inherit('a', 'b'), inherit('b', 'a')])).toThrow('inherits of itself');
  });
});
