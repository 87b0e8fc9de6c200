import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorize } from '../../src/access/authorize.ts';
import { accessRules } from '../../src/access/rules.ts';
import { answerOf, KNOWN, type OpenCollege, openCollege, POLICY, readPolicy, sessionOf } from './college.ts';

const BOARD = `${POLICY}  board: { description: x, aggregatesOnly: true, purposes: [own], classes: { none: whole, direct: whole, quasi: whole, education: whole }, tables: { sis.*: all } }\n`;

/** What gets single people's values past a rule that only asks for groups of n and more. */
const TRICKS = [
  "SELECT sum(points) FILTER (WHERE student_id = 'S1'), count(*) FROM sis.grades HAVING count(*) >= 2",
  "SELECT max(CASE WHEN student_id = 'S1' THEN points END) FROM sis.grades HAVING count(*) >= 2",
  'SELECT max_by(points, student_id) FROM sis.grades HAVING count(*) >= 2',
  "SELECT sum(points * CASE WHEN student_id = 'S1' THEN 1 ELSE 0 END) FROM sis.grades HAVING count(*) >= 2",
  "SELECT sum(points * CASE WHEN student_id = 'S1' THEN 1000000 ELSE 1 END) FROM sis.grades",
  'SELECT array_agg(points ORDER BY student_id) FROM sis.grades HAVING count(*) >= 2',
  "SELECT listagg(student_id, ',') WITHIN GROUP (ORDER BY points) FROM sis.grades",
  'SELECT any_value(points) FROM sis.grades HAVING count(*) >= 2',
  'SELECT points, count(*) OVER () FROM sis.grades',
  "SELECT (SELECT sum(points) FROM sis.grades) - (SELECT sum(points) FROM sis.grades WHERE student_id <> 'S1')",
  'SELECT count(*) FROM sis.persons',
  'SELECT s.section_id FROM sis.sections s JOIN sis.grades g ON g.section_id = s.section_id',
];

describe('A role that sees aggregates only', () => {
  let college: OpenCollege;
  beforeAll(async () => {
    college = await openCollege(BOARD);
  });
  afterAll(() => college.lake.close());

  it.each(TRICKS)('learns nothing by %s', async (sql) => {
    expect(await college.ask('board for own', sql)).toMatch(/^There is no table "sis\.\w+"/);
  });

  it('reads what is released, and joins it with nothing else', async () => {
    const { policy } = readPolicy(BOARD);
    const access = accessRules({ ...policy!, released: ['sis.sections'] }, KNOWN);
    const ask = (sql: string) =>
      answerOf(college.lake, sql, () =>
        authorize({ session: sessionOf('board for own'), access }, 'query', college.tables),
      );
    expect(JSON.parse(await ask('SELECT count(*) FROM sis.sections'))).toEqual([[expect.any(Number)]]);
    for (const sql of TRICKS) expect(await ask(sql)).toMatch(/^There is no table "sis\.\w+"/);
  });
});
