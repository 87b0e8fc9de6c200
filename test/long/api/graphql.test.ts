import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi } from '../../api/campus.ts';

let api: Awaited<ReturnType<typeof openApi>>;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

describe('Rows', () => {
  it('are filtered, ordered and cut', async () => {
    const { data } = await api.ask(
      '',
      `{ sis_grades(where: {points: {_gt: 60}, _not: {grade: {_like: "B%"}}}, order_by: [{points: desc}], limit: 2, offset: 1) { grade points } }`,
    );
    expect(data.sis_grades).toEqual([
      { grade: 'A', points: 95 },
      { grade: 'A', points: 91.25 },
    ]);
  });

  it('hold what belongs to them, to any depth, in one statement', async () => {
    const { data, extensions } = await api.ask(
      '',
      `{ sis_persons(where: {person_id: {_in: ["S1", "F1", "S3"]}}, order_by: {person_id: asc}) {
          person_id
          sections: sis_sections_none: __typename
        } }`,
    );
    expect(data).toBeUndefined();
    expect(extensions).toBeUndefined();
    const nested = await api.ask(
      '',
      `{ sis_persons(where: {person_id: {_in: ["S1", "F1", "S3"]}}, order_by: {person_id: asc}) {
          person_id
          grades_by_student_id(order_by: {points: desc_nulls_last}) { points section { section_id instructor { name born } } }
          sections_by_instructor_id(order_by: {section_id: asc}) { section_id grades_aggregate { aggregate { count avg { points } } nodes { grade } } }
        } }`,
    );
    expect(nested.data.sis_persons).toEqual([
      {
        person_id: 'F1',
        grades_by_student_id: [],
        sections_by_instructor_id: [
          {
            section_id: 1,
            grades_aggregate: { aggregate: { count: 3, avg: { points: 80.875 } }, nodes: expect.any(Array) },
          },
          {
            section_id: 3,
            grades_aggregate: { aggregate: { count: 1, avg: { points: 99.99 } }, nodes: [{ grade: 'A' }] },
          },
        ],
      },
      {
        person_id: 'S1',
        grades_by_student_id: [
          { points: 91.25, section: { section_id: 1, instructor: { name: 'Fay', born: '1970-01-01' } } },
          { points: 85, section: { section_id: 2, instructor: { name: 'Gus', born: '1975-01-01' } } },
        ],
        sections_by_instructor_id: [],
      },
      {
        person_id: 'S3',
        grades_by_student_id: [
          { points: 12, section: { section_id: 2, instructor: { name: 'Gus', born: '1975-01-01' } } },
        ],
        sections_by_instructor_id: [],
      },
    ]);
  });

  it('are found by key, and counted', async () => {
    const { data } = await api.ask(
      '',
      `query one($id: String!) {
        sis_persons_by_pk(person_id: $id) { name sai }
        nobody: sis_persons_by_pk(person_id: "'; DROP") { name }
        sis_grades_aggregate(distinct_on: [grade], order_by: [{grade: asc}, {points: desc}]) {
          aggregate { count max { points } some: count(columns: [student_id], distinct: true) both: count(columns: [student_id, section_id], distinct: true) }
          nodes { grade points }
        }
      }`,
      { id: 'S4' },
    );
    expect(data).toEqual({
      sis_persons_by_pk: { name: "O'Hara", sai: 9 },
      nobody: null,
      sis_grades_aggregate: {
        aggregate: { count: 6, max: { points: 99.99 }, some: 4, both: 6 },
        nodes: [
          { grade: 'A', points: 99.99 },
          { grade: 'B', points: 85 },
          { grade: 'C', points: 70.5 },
          { grade: 'F', points: 12 },
          { grade: 'I', points: 50 },
          { grade: 'W', points: null },
        ],
      },
    });
  });

  it('are found and ordered by what belongs to them', async () => {
    const { data } = await api.ask(
      '',
      `{ sis_persons(
          where: {_or: [{grades_by_student_id: {section: {instructor_id: {_eq: "F1"}}}}, {grades_by_student_id_aggregate: {count: {predicate: {_gte: 2}, filter: {points: {_is_null: false}}}}}]}
          order_by: [{grades_by_student_id_aggregate: {count: desc}}, {grades_by_student_id_aggregate: {max: {points: asc}}}]
        ) { person_id }
        sis_grades(order_by: [{section: {instructor: {name: desc_nulls_last}}}, {grade: asc}], limit: 3) { grade section { instructor_id } } }`,
    );
    expect(data.sis_persons.map((row: { person_id: string }) => row.person_id)).toEqual(['S2', 'S1', 'S4']);
    expect(data.sis_grades).toEqual([
      { grade: 'B', section: { instructor_id: 'F2' } },
      { grade: 'F', section: { instructor_id: 'F2' } },
      { grade: 'A', section: { instructor_id: 'F1' } },
    ]);
  });

  it('say how current their tables are', async () => {
    const { extensions } = await api.ask('', '{ sis_sections { section_id } }');
    expect(extensions).toEqual({
      publication: 'r1',
      tables: { sis_sections: { asOf: '2026-10-09T11:00:00.000Z', health: 'ok' } },
    });
  });
});

describe('A role', () => {
  it('sees its rows and columns, also through relationships', async () => {
    const { data } = await api.ask(
      'instructor F1',
      `{ sis_persons(order_by: {name: asc}) { name email grades_by_student_id(order_by: {grade: asc}) { grade } grades_by_student_id_aggregate { aggregate { count } } } }`,
    );
    expect(data.sis_persons).toEqual([
      {
        name: 'Ana',
        email: '***@x.edu',
        grades_by_student_id: [{ grade: 'A' }],
        grades_by_student_id_aggregate: { aggregate: { count: 1 } },
      },
      {
        name: 'Ben',
        email: '***',
        grades_by_student_id: [{ grade: 'C' }],
        grades_by_student_id_aggregate: { aggregate: { count: 1 } },
      },
    ]);
  });

  it('does not know what it does not see', async () => {
    const { errors, data } = await api.ask('instructor F1', '{ sis_persons { ssn } }');
    expect(data).toBeUndefined();
    expect(errors).toEqual([
      {
        message: "field 'ssn' not found in type: 'sis_persons'",
        locations: expect.any(Array),
        extensions: { path: '$.selectionSet.sis_persons.selectionSet.ssn', code: 'validation-failed' },
      },
    ]);
  });
});
