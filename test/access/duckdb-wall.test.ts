import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorize } from '../../src/access/authorize.ts';
import { accessRules } from '../../src/access/rules.ts';
import type { Json } from '../../src/json.ts';
import type { TableSet } from '../../src/ports/tables.ts';
import { granted } from '../granted.ts';
import { ATTEMPTS, KEPT_BACK } from './attempts.ts';
import {
  answerOf,
  COLLEGE,
  columnsOf,
  KNOWN,
  type OpenCollege,
  openCollege,
  openTables,
  POLICY,
  readPolicy,
  sessionOf,
} from './college.ts';
import { MATRIX } from './matrix.ts';

let college: OpenCollege;
beforeAll(async () => {
  college = await openCollege();
});
afterAll(() => college.lake.close());

const cases = Object.entries(MATRIX).flatMap(([asking, tables]) =>
  Object.entries(tables).map(([table, expected]) => ({ asking, table, expected })),
);

describe('A role sees in DuckDB what the matrix says', () => {
  it('of every table of the college', () => {
    for (const tables of Object.values(MATRIX)) expect(Object.keys(tables)).toEqual(Object.keys(COLLEGE));
  });

  it.each(cases)('$asking: $table', async ({ asking, table, expected }) => {
    const all = await college.ask(asking, `SELECT * FROM ${table} ORDER BY 1, 2`);
    if (!expected) return expect(all).toMatch(`There is no table "${table}"`);
    expect(all).toBe(JSON.stringify(expected.rows));
    // However deep the table is, and whatever is asked of it.
    const same = [
      `WITH t AS (SELECT * FROM ${table}) SELECT * FROM t ORDER BY 1, 2`,
      `SELECT ${expected.columns.join(', ')} FROM (SELECT * FROM (SELECT * FROM ${table})) ORDER BY 1, 2`,
      `SELECT * FROM ${table} UNION ALL SELECT * FROM ${table} WHERE false ORDER BY 1, 2`,
    ];
    for (const sql of same) expect(await college.ask(asking, sql)).toBe(all);
    const count = `[[${expected.rows.length}]]`;
    expect(await college.ask(asking, `SELECT count(*) FROM ${table}`)).toBe(count);
    expect(await college.ask(asking, `SELECT (SELECT count(*) FROM ${table} AS t)`)).toBe(count);
  });

  it.each(cases)(
    '$asking: the columns of $table, and no others, exist',
    async ({ asking, table, expected }) => {
      for (const [column] of COLLEGE[table]!.columns) {
        const answer = await college.ask(asking, `SELECT ${column} FROM ${table} WHERE false`);
        if (expected?.columns.includes(column)) expect(answer).toBe('[]');
        else
          expect(answer).toMatch(
            expected ? `There is no column "${column}"` : `There is no table "${table}"`,
          );
      }
    },
  );
});

describe('A lake in which nothing but what a role sees has ever been answers its statements alike', () => {
  let bare: Awaited<ReturnType<typeof openTables>>;
  beforeAll(async () => {
    const seen = Object.entries(MATRIX['instructor F1']!).flatMap(([table, expected]) => {
      if (!expected) return [];
      const columns = columnsOf(table).filter(({ name }) => expected.columns.includes(name));
      return [[table, { columns, rows: expected.rows as Json[][] }] as const];
    });
    bare = await openTables(Object.fromEntries(seen));
  });
  afterAll(() => bare.lake.close());

  it.each(ATTEMPTS)('%s', async (sql) => {
    const said = await college.ask('instructor F1', sql);
    const without = await answerOf(bare.lake, sql, async () => granted(bare.tables));
    expect(inNoOrder(said)).toEqual(inNoOrder(without));
    const own = said.replaceAll(/"[^"]*"/g, (name) => (sql.includes(name.slice(1, -1)) ? '' : name));
    for (const hidden of KEPT_BACK) expect(own).not.toContain(hidden);
  });
});

it('whoever sees the whole tables is told what the attempts look for', async () => {
  const rows = await college.lake.rows('SELECT ssn, name, born FROM sis.persons', college.tables);
  const all = JSON.stringify(rows);
  for (const hidden of ['333', 'Cy', '1930']) expect(all).toContain(hidden);
  expect(ATTEMPTS.length).toBeGreaterThan(50);
});

const inNoOrder = (answer: string): unknown =>
  answer.startsWith('[[')
    ? (JSON.parse(answer) as unknown[]).map((row) => JSON.stringify(row)).sort()
    : answer;

describe('What cannot be applied shows nothing', () => {
  const { policy } = readPolicy(POLICY);
  const grantOf = (asking: string, tables: TableSet) =>
    authorize({ session: sessionOf(asking), access: accessRules(policy!, KNOWN) }, 'query', tables);

  it('a table whose lookup is not published', async () => {
    const { 'sis.advising': _, ...others } = college.tables;
    expect(Object.keys((await grantOf('adviser F1', others)).tables)).toEqual([]);
  });

  it('a table whose rule compares columns of another type than it was written for', async () => {
    const grades = college.tables['sis.grades']!;
    const columns = grades.columns.map(({ name, type }) => ({
      name,
      type: name === 'points' ? 'varchar' : type,
    }));
    const changed = { ...college.tables, 'sis.grades': { ...grades, columns } } as TableSet;
    expect(Object.keys((await grantOf('analyst', changed)).tables)).toEqual(['sis.persons', 'sis.sections']);
  });

  it('a column that is new since the policy was written', async () => {
    const persons = college.tables['sis.persons']!;
    const columns = [...persons.columns, { name: 'religion', type: 'varchar' as const }];
    const grant = await grantOf('student S1', { ...college.tables, 'sis.persons': { ...persons, columns } });
    expect(grant.tables['sis.persons']!.columns.map(({ name }) => name)).not.toContain('religion');
  });

  it('a grant for a role has no files of its tables outside of their views', async () => {
    const grant = await grantOf('student S1', college.tables);
    expect(Object.values(grant.tables).map(({ storage }) => storage)).toEqual([{}, {}]);
    expect(Object.keys(grant.views!)).toEqual(Object.keys(grant.tables));
  });

  it.each([
    ['analyst', 'explain', 'The role analyst cannot ask for this.'],
    ['analyst', 'serve', 'The role analyst cannot ask for this.'],
    ['adviser', 'query', 'The role adviser needs the attribute "person".'],
    ['analyst S1', 'query', 'The role analyst has no attribute "person"'],
    ['adviser F1 for research', 'query', 'The role adviser cannot be used for "research".'],
    ['advisor F1', 'query', 'There is no role "advisor"; did you mean "adviser"?'],
  ] as const)('%s: %s', async (asking, action, message) => {
    const asked = authorize(
      { session: sessionOf(asking), access: accessRules(policy!, KNOWN) },
      action,
      college.tables,
    );
    await expect(asked).rejects.toThrow(message);
  });

  it.each(['F1\u0000', '\ud800'])('a session whose attribute is no value: %j', async (person) => {
    const session = { ...sessionOf('adviser F1'), attributes: { person } };
    const asked = authorize({ session, access: accessRules(policy!, KNOWN) }, 'query', college.tables);
    await expect(asked).rejects.toThrow('The attribute "person" holds a character');
  });

  it('a column whose class has a mask for other types', async () => {
    const { policy: masked } = readPolicy(
      POLICY.replace('deny: [sis.persons.born]', 'deny: []').replace(
        'quasi: whole, education: whole, aid',
        'quasi: zip3, education: whole, aid',
      ),
    );
    const grant = await authorize(
      { session: sessionOf('adviser F1'), access: accessRules(masked!, KNOWN) },
      'query',
      college.tables,
    );
    const names = grant.tables['sis.persons']!.columns.map(({ name }) => name);
    expect(names).toContain('zip');
    expect(names).not.toContain('born');
  });

  it('a role where there is no policy', async () => {
    await expect(authorize({ session: sessionOf('analyst') }, 'query', college.tables)).rejects.toThrow(
      'There is no role "analyst": the lake was opened without an access policy.',
    );
  });
});
