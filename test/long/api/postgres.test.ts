import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execute, type GraphQLSchema, parse } from 'graphql';
import { stringify } from 'lossless-json';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRoot } from '../../../src/api/graphql/read-selection.ts';
import { schemaOf } from '../../../src/api/graphql/schema.ts';
import { compile } from '../../../src/api/sql/compile.ts';
import { POSTGRES } from '../../../src/api/sql/dialect.ts';
import { type PostgresServer, startPostgres } from '../../../src/platform/local/postgres/server.ts';
import { COLLEGE } from '../../access/college.ts';
import { openApi } from '../../api/campus.ts';
import { temporaryHome } from '../../platform/local/postgres/harness.ts';

let api: Awaited<ReturnType<typeof openApi>>;
let home: string;
let server: PostgresServer;
let client: pg.Client;
let schema: GraphQLSchema;
beforeAll(async () => {
  api = await openApi();
  home = await temporaryHome();
  server = await startPostgres({ directory: join(home, 'pg'), settings: { fsync: 'off' } });
  client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query('CREATE SCHEMA sis');
  for (const [table, { columns, rows }] of Object.entries(COLLEGE)) {
    await client.query(
      `CREATE TABLE ${table} (${columns.map(([name, type]) => `${name} ${type}`).join(', ')})`,
    );
    for (const row of rows)
      await client.query(`INSERT INTO ${table} VALUES (${row.map((_, i) => `$${i + 1}`).join(', ')})`, [
        ...row,
      ]);
  }
  const { model } = await api.api.session({ variables: {} });
  schema = schemaOf(model, async (root, _source, args, _context, info) => {
    const { sql, values, decode } = compile(readRoot(model, root, args, info), POSTGRES);
    const { rows } = await client.query({
      text: sql,
      values: values.map(({ value }) => value),
      rowMode: 'array',
      // What is no list, whole number or truth leaves as text.
      types: {
        getTypeParser: (id: number) => (id === 114 ? JSON.parse : pg.types.getTypeParser(id, 'text')),
      } as never,
    });
    return decode(rows as never);
  });
}, 120_000);
afterAll(async () => {
  await client?.end();
  await server?.stop();
  await api?.close();
  if (home) await rm(home, { recursive: true, force: true });
});

const QUESTIONS = [
  '{ sis_persons(order_by: {person_id: asc}) { person_id name born sai confidential zip } }',
  `{ sis_persons(where: {_or: [{name: {_like: "%'%"}}, {name: {_ilike: "a%"}}, {_not: {sai: {_gt: 5}}}, {email: {_regex: "@b"}}]}, order_by: [{sai: desc}, {name: asc_nulls_first}]) { name sai } }`,
  '{ sis_grades(where: {points: {_gt: 60}}, order_by: [{points: desc}, {grade: asc}], limit: 2, offset: 1) { grade points } }',
  '{ sis_grades(distinct_on: [grade], order_by: [{grade: desc}, {points: asc}]) { grade points } }',
  '{ sis_grades(where: {student: {name: {_in: ["Ana", "Ben"]}}}, order_by: [{student: {name: desc}}, {points: asc}]) { grade student { name born } } }',
  '{ sis_persons(where: {grades_by_student_id_aggregate: {count: {predicate: {_gte: 2}}}}, order_by: {grades_by_student_id_aggregate: {count: desc}, person_id: asc}) { person_id } }',
  `{ sis_persons(order_by: {person_id: asc}) { person_id
      grades_by_student_id(order_by: {points: desc_nulls_last}, limit: 2) { points grade section { section_id instructor { name born } } }
      sections_by_instructor_id(order_by: {section_id: asc}) { section_id grades_aggregate(order_by: {grade: asc}) { aggregate { count max { points grade } } nodes { grade } } } } }`,
  '{ sis_grades_aggregate(where: {points: {_lt: 99}}) { aggregate { count some: count(columns: [student_id], distinct: true) both: count(columns: [student_id, section_id], distinct: true) min { grade points } max { points } } } }',
  '{ sis_grades_aggregate { group_by(keys: [{column: section_id}, {column: grade}]) { group_key { grade section_id } aggregate { count both: count(columns: [student_id, section_id], distinct: true) max { points } } } aggregate { count } } }',
  '{ sis_sections_aggregate { group_by(keys: [{column: is_running}]) { group_key { is_running } aggregate { count max { section_id } } } } }',
  '{ a: sis_persons_by_pk(person_id: "S1") { born } b: sis_persons_by_pk(person_id: "\'; DROP") { born } }',
  '{ sis_sections(where: {is_running: {_is_null: true}}) { section_id instructor { name } } }',
];

describe('The compiled statements on PostgreSQL', () => {
  it.each(QUESTIONS)('answer as the lake does: %s', async (query) => {
    const lake = await api.ask('', query);
    expect(lake.errors).toBeUndefined();
    const { data, errors } = await execute({ schema, document: parse(query) });
    expect(errors).toBeUndefined();
    // Decimals are compared as numbers: 85 and 85.00 are one.
    expect(JSON.parse(stringify(data)!)).toEqual(lake.data);
  });
});
