import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLLEGE, POLICY } from '../../access/college.ts';
import { openApi } from '../../api/campus.ts';

let api: Awaited<ReturnType<typeof openApi>>;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

/** Columns that an instructor does not see, of a table that the role sees, and over which relationship it is reached. */
const HIDDEN = ['ssn', 'born', 'zip', 'sai', 'note'];
/** The same questions with a name that no table has: what is hidden is answered alike. */
const NOBODY = 'qqq';
const AS = 'instructor F1';

/** Each way to name a column. */
const WAYS: { readonly [way: string]: (column: string) => string } = {
  select: (c) => `{ sis_persons { ${c} } }`,
  'select under another name': (c) => `{ sis_persons { name: ${c} } }`,
  'nested select': (c) => `{ sis_grades { student { ${c} } } }`,
  where: (c) => `{ sis_persons(where: {${c}: {_is_null: false}}) { name } }`,
  'where, in a negation': (c) => `{ sis_persons(where: {_not: {_or: [{${c}: {_eq: "111"}}]}}) { name } }`,
  'where, in a variable': (c) =>
    `query q($w: sis_persons_bool_exp = {${c}: {_is_null: true}}) { sis_persons(where: $w) { name } }`,
  'nested where': (c) => `{ sis_grades(where: {student: {${c}: {_eq: "111"}}}) { grade } }`,
  'where of a nested list': (c) =>
    `{ sis_sections { instructor { name grades_by_student_id(where: {student: {${c}: {_is_null: false}}}) { grade } } } }`,
  'order by': (c) => `{ sis_persons(order_by: {${c}: asc}) { name } }`,
  'nested order by': (c) => `{ sis_grades(order_by: {student: {${c}: desc}}) { grade } }`,
  'order by an aggregate': (c) =>
    `{ sis_sections(order_by: {grades_aggregate: {max: {${c}: desc}}}) { section_id } }`,
  'distinct on': (c) => `{ sis_persons(distinct_on: ${c}) { name } }`,
  'aggregate argument': (c) => `{ sis_persons_aggregate { aggregate { count(columns: ${c}) } } }`,
  'aggregate function': (c) => `{ sis_persons_aggregate { aggregate { max { ${c} } } } }`,
  'condition on an aggregate': (c) =>
    `{ sis_persons(where: {grades_by_student_id_aggregate: {count: {arguments: ${c}, predicate: {_gt: 0}}}}) { name } }`,
  'key of groups': (c) =>
    `{ sis_persons_aggregate { group_by(keys: [{column: ${c}}]) { aggregate { count } } } }`,
  'key of groups, shown': (c) =>
    `{ sis_persons_aggregate { group_by(keys: [{column: name}]) { group_key { ${c} } } } }`,
  'figure of groups': (c) =>
    `{ sis_persons_aggregate { group_by(keys: [{column: name}]) { aggregate { max { ${c} } } } } }`,
  'nodes of an aggregate': (c) => `{ sis_persons_aggregate { nodes { ${c} } } }`,
  'by key': (c) => `{ sis_persons_by_pk(${c}: "111") { name } }`,
  fragment: (c) => `{ sis_persons { ...f } } fragment f on sis_persons { ${c} }`,
  relationship: (c) => `{ sis_persons { ${c}_row { name } } }`,
};

const cases = Object.keys(WAYS).flatMap((way) => HIDDEN.map((column) => ({ way, column })));

describe('A hidden column', () => {
  it('is in the table, and the administrator sees it in each of these ways', async () => {
    const names = COLLEGE['sis.persons']!.columns.map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(HIDDEN));
    const { data } = await api.ask(
      '',
      '{ sis_persons(where: {ssn: {_eq: "111"}}, order_by: {sai: asc}, distinct_on: sai) { note } sis_persons_aggregate { aggregate { max { ssn } } } }',
    );
    expect(data).toEqual({
      sis_persons: [{ note: 'n1' }],
      sis_persons_aggregate: { aggregate: { max: { ssn: '666' } } },
    });
  });

  it.each(cases)('is answered like one that there is not: $way of $column', async ({ way, column }) => {
    const hidden = await api.ask(AS, WAYS[way]!(column));
    const nobody = await api.ask(AS, WAYS[way]!(NOBODY));
    expect(hidden.data ?? null).toBeNull();
    expect(hidden.errors[0].extensions.code).toBe('validation-failed');
    // Names are of different lengths, so places differ.
    const plain = ({ errors }: { errors: object[] }, name: string) =>
      JSON.stringify(errors.map((error) => ({ ...error, locations: 0 }))).replaceAll(name, NOBODY);
    expect(plain(hidden, column)).toBe(plain(nobody, NOBODY));
  });

  it('is in no introspection', async () => {
    const { data } = await api.ask(
      AS,
      `{ __schema { types { name description fields(includeDeprecated: true) { name description args { name } } inputFields { name } enumValues { name } } } }`,
    );
    const said = JSON.stringify(data);
    for (const name of [...HIDDEN, 'advising', 'adviser'])
      expect(said).not.toMatch(new RegExp(`"[^"]*\\b${name}\\b[^"]*"`));
    expect(said).toContain('sis_persons_bool_exp');
  });

  it('is suggested to nobody who misspells it', async () => {
    for (const [query, near] of [
      ['{ sis_persons { sssn } }', 'ssn'],
      ['{ sis_persons(where: {zipp: {_eq: "1"}}) { name } }', 'zip'],
      ['{ sis_persons(order_by: {borm: asc}) { name } }', 'born'],
      ['{ sis_persons(distinct_on: notee) { name } }', '"note"'],
      ['{ sis_advisingg { student_id } }', 'sis_advising"'],
    ] as const)
      expect(
        JSON.stringify((await api.ask(AS, query)).errors).replaceAll(/sssn|zipp|borm|notee|advisingg/g, ''),
      ).not.toContain(near);
  });
});

describe('A hidden table', () => {
  it('is no root field, no type and no relationship', async () => {
    for (const query of [
      '{ sis_advising { student_id } }',
      '{ sis_advising_aggregate { aggregate { count } } }',
      '{ sis_persons { advising_by_student_id { student_id } } }',
      '{ sis_persons(where: {advising_by_student_id: {}}) { name } }',
      '{ sis_persons(order_by: {advising_by_student_id_aggregate: {count: asc}}) { name } }',
      'query q($w: sis_advising_bool_exp) { sis_persons { name } }',
      '{ sis_persons { ... on sis_advising { student_id } } }',
    ]) {
      const hidden = await api.ask(AS, query);
      const nobody = await api.ask(AS, query.replaceAll('advising', 'nothings'));
      expect(hidden.data).toBeUndefined();
      expect(JSON.stringify(hidden).replaceAll('advising', 'nothings')).toBe(JSON.stringify(nobody));
    }
  });
});

describe('A hidden row', () => {
  it.each([
    '{ sis_persons(where: {person_id: {_eq: "S4"}}) { name } }',
    '{ sis_grades(where: {student: {name: {_eq: "O\'Hara"}}}) { grade } }',
    '{ sis_persons(where: {grades_by_student_id: {grade: {_eq: "F"}}}) { name } }',
    '{ sis_persons(where: {grades_by_student_id_aggregate: {count: {predicate: {_gt: 1}}}}) { name } }',
  ])('is found by no condition: %s', async (query) => {
    const [rows] = Object.values((await api.ask(AS, query)).data);
    expect(rows).toEqual([]);
  });

  it('is counted nowhere, and found by no key', async () => {
    const { data } = await api.ask(
      AS,
      `{ sis_persons_by_pk(person_id: "S4") { name }
         sis_persons_aggregate { aggregate { count } }
         sis_sections(where: {section_id: {_eq: "2"}}) { grades_aggregate { aggregate { count max { points } } nodes { grade } } instructor { name } } }`,
    );
    expect(data).toEqual({
      sis_persons_by_pk: null,
      sis_persons_aggregate: { aggregate: { count: 2 } },
      sis_sections: [
        { grades_aggregate: { aggregate: { count: 0, max: { points: null } }, nodes: [] }, instructor: null },
      ],
    });
  });
});

describe('A masked column', () => {
  it('is its mask in conditions, orders and aggregates', async () => {
    const { data } = await api.ask(
      AS,
      `{ real: sis_persons(where: {email: {_eq: "ana@x.edu"}}) { name }
         like: sis_persons(where: {email: {_like: "ana%"}}) { name }
         mask: sis_persons(where: {email: {_eq: "***@x.edu"}}) { name }
         sis_persons_aggregate { aggregate { max { email } } } }`,
    );
    expect(data).toEqual({
      real: [],
      like: [],
      mask: [{ name: 'Ana' }],
      sis_persons_aggregate: { aggregate: { max: { email: '***@x.edu' } } },
    });
  });
});

describe('A role of aggregates only', () => {
  const BOARD = `${POLICY}  board: { description: x, aggregatesOnly: true, purposes: [own], classes: { none: whole, direct: whole, quasi: whole, education: whole }, tables: { sis.*: all } }\n`;
  let board: Awaited<ReturnType<typeof openApi>>;
  beforeAll(async () => {
    board = await openApi(BOARD, [], ['sis.sections']);
  });
  afterAll(() => board.close());
  const as = (query: string) => board.ask('board', query);

  it('is offered tables with protected small numbers, and no others', async () => {
    const { data } = await as('{ __schema { queryType { fields { name } } } }');
    expect(data.__schema.queryType.fields.map(({ name }: { name: string }) => name).sort()).toEqual([
      'sis_sections',
      'sis_sections_aggregate',
      'sis_sections_by_pk',
    ]);
    const groups =
      '{ sis_sections_aggregate { group_by(keys: [{column: is_running}]) { aggregate { count } } } }';
    expect((await as(groups)).data.sis_sections_aggregate.group_by.length).toBe(3);
  });

  it('reaches rows of people by no way', async () => {
    for (const query of [
      '{ sis_persons { name } }',
      '{ sis_persons_aggregate { aggregate { count } } }',
      '{ sis_grades_aggregate { group_by(keys: [{column: grade}]) { aggregate { count } } } }',
      '{ sis_sections { instructor { name } } }',
      '{ sis_sections { grades_aggregate { aggregate { count } } } }',
      '{ sis_sections(where: {grades: {points: {_gt: 1}}}) { section_id } }',
      '{ sis_sections(order_by: {grades_aggregate: {count: asc}}) { section_id } }',
    ]) {
      const { data, errors } = await as(query);
      expect([query, data ?? null, errors[0].extensions.code]).toEqual([query, null, 'validation-failed']);
    }
  });
});
