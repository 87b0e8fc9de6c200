import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lakeFormationAccess } from '../../src/access/lake-formation-access.ts';
import { tableAccess } from '../../src/access/table-access.ts';
import { granted } from '../granted.ts';
import {
  answerOf,
  COLLEGE,
  columnsOf,
  KNOWN,
  type OpenCollege,
  openCollege,
  POLICY,
  readPolicy,
} from './college.ts';
import { MATRIX } from './matrix.ts';

const TABLES = Object.fromEntries(
  Object.keys(COLLEGE).map((table) => [table, { table, columns: columnsOf(table), rows: 0, storage: {} }]),
);

/** A policy of one role that sees the grades that a condition lets it see. */
const gradesWhere = (condition: string) => `
purposes: { own: e }
roles:
  reader:
    description: a
    purposes: [own]
    classes: { none: whole, direct: whole, education: whole }
    tables: { sis.grades: ${JSON.stringify(condition)} }
`;

const accessOf = (text: string) => lakeFormationAccess(readPolicy(text).policy!, KNOWN, TABLES);

let college: OpenCollege;
beforeAll(async () => {
  college = await openCollege();
});
afterAll(() => college.lake.close());

const rowsOf = (sql: string): Promise<string> =>
  answerOf(college.lake, sql, async () => granted(college.tables));

/** The grammar of row filters: https://docs.aws.amazon.com/lake-formation/latest/dg/partiql-support.html */
function isRowFilter(text: string): boolean {
  const value = `(?:'[^']*'|-?[0-9.]+|true|false)`;
  const simple = `"[a-z_]+" (?:(?:=|<>|<=|>=|<|>) ${value}|(?:NOT )?IN \\(${value}(?:, ${value})*\\)|IS (?:NOT )?NULL)`;
  let rest = text.replaceAll(new RegExp(simple, 'g'), 'X');
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replaceAll(/\(X\)(?: (?:AND|OR) \(X\))+/g, 'X');
  }
  return rest === 'X' && text.length < 2_048;
}

describe('What Lake Formation is told of a policy', () => {
  it('shows of the college what the matrix says, where it can say it', async () => {
    const { views } = accessOf(POLICY);
    expect(views.map(({ role, purpose, table }) => `${role} ${purpose} ${table}`)).toEqual([
      'instructor teaching sis.sections',
    ]);
    for (const { table, columns, rows } of views) {
      const expected = MATRIX['instructor F1']![table]!;
      expect(columns).toEqual(expected.columns);
      const shown = await rowsOf(`SELECT ${columns.join(', ')} FROM ${table}${rows ? ` WHERE ${rows}` : ''}`);
      expect(JSON.parse(shown).map(String).sort()).toEqual(expected.rows.map(String).sort());
    }
  });

  it('opens no table of which it cannot say a rule, and names the rule', () => {
    const why = Object.fromEntries(
      accessOf(POLICY).gaps.map((gap) => [`${gap.role} ${gap.purpose} ${gap.table}`, gap.why]),
    );
    expect(why).toEqual({
      'adviser advising sis.persons': 'its rows depend on the lookup advisees',
      'adviser advising sis.grades': 'its rows depend on the lookup advisees',
      'adviser aid sis.persons': 'its rows depend on the lookup advisees',
      'adviser aid sis.grades': 'its rows depend on the lookup advisees',
      'instructor teaching sis.persons': 'its column email is shown as "email_domain"',
      'instructor teaching sis.grades': 'its rows depend on the lookup my_sections',
      'analyst research sis.persons': 'its column person_id is shown as "empty"',
      'analyst research sis.sections': 'its column instructor_id is shown as "empty"',
      'analyst research sis.grades': 'its column student_id is shown as "empty"',
      'student own sis.persons': 'its rows depend on who asks (session.person)',
      'student own sis.grades': 'its rows depend on who asks (session.person)',
    });
  });

  it.each([
    ["grade = 'O''Hara'", 'its rows depend on a text with a quote or a backslash'],
    [
      `grade in (${Array.from({ length: 300 }, (_, i) => `'grade ${i}'`).join(', ')})`,
      /^its row filter has 3801 characters, and 2047 are the most$/,
    ],
  ])('cannot say %#', (condition, why) => {
    expect(accessOf(gradesWhere(condition)).gaps).toEqual([
      { role: 'reader', purpose: 'own', table: 'sis.grades', why: expect.stringMatching(why) },
    ]);
  });

  it('cannot compare dates, and says nothing of a table without the columns of the rule', () => {
    const policy = (rows: string) =>
      gradesWhere('all').replace('sis.grades: "all"', `sis.persons: ${JSON.stringify(rows)}`);
    expect(accessOf(policy("born < '2000-01-01'")).gaps[0]?.why).toBe(
      'its rows depend on born, and a row filter compares no date',
    );
    const { policy: read } = readPolicy(policy('sai > 3'));
    const tables = {
      'sis.persons': { ...TABLES['sis.persons']!, columns: columnsOf('sis.persons').slice(0, 3) },
    };
    expect(lakeFormationAccess(read!, KNOWN, tables).gaps[0]?.why).toBe(
      'it has no column sai yet, by which its rows are told',
    );
  });

  const leaf = fc.constantFrom(
    "grade = 'A'",
    "grade <> 'B'",
    "grade in ('A', 'C', 'zzz')",
    "grade not in ('A', 'I')",
    'grade is null',
    'section_id >= 2',
    'section_id not in (1, 4)',
    'section_id is not null',
    'points < 85.5',
    'points = -1',
    "student_id > 'S1'",
    'student_id is null',
    'points is not null',
  );
  const { condition } = fc.letrec<{ condition: string }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc
        .tuple(tie('condition'), fc.constantFrom('and', 'or'), tie('condition'))
        .map((of) => `(${of.join(' ')})`),
      tie('condition').map((of) => `not (${of})`),
    ),
  }));

  it('are row filters of its language, and let through the rows that the lake lets through', async () => {
    await fc.assert(
      fc.asyncProperty(condition, async (of) => {
        const {
          views: [view],
        } = accessOf(gradesWhere(of));
        expect(isRowFilter(view!.rows!), view!.rows!).toBe(true);
        // Of an empty value, SQL says the same under a negation.
        const list = view!.columns.join(', ');
        const plain = of.replaceAll(/\bnot \(/g, 'NOT (');
        const [ours, expected] = await Promise.all([
          rowsOf(`SELECT ${list} FROM sis.grades WHERE ${view!.rows} ORDER BY 1, 2, 3`),
          rowsOf(`SELECT ${list} FROM sis.grades WHERE ${plain} ORDER BY 1, 2, 3`),
        ]);
        expect(ours).toBe(expected);
      }),
      { numRuns: 12 },
    );
  });
});

describe('Tags', () => {
  const role = (more: string, bound = '') => `
purposes: { own: e, aid: f }
${bound}
roles:
  reader:
    description: a
    purposes: [own, aid]
    ${more}
`;
  /** Without the column of no class. */
  const CLASSED = new Map(
    [...KNOWN].map(([table, columns]) => [table, new Map([...columns].filter(([, { privacy }]) => privacy))]),
  );
  const CLASSED_TABLES = Object.fromEntries(
    Object.entries(TABLES).map(([table, version]) => [
      table,
      { ...version, columns: version.columns.filter(({ name }) => CLASSED.get(table)?.has(name)) },
    ]),
  );
  const said = (text: string, known = CLASSED, tables = CLASSED_TABLES) => {
    const { policy } = readPolicy(text);
    return { policy: policy!, ...lakeFormationAccess(policy!, known, tables) };
  };
  const PLAIN = "classes: { none: whole, education: whole, aid: whole }\n    tables: { 'sis.*': all }";

  it('say what classes alone decide, and no table is granted beside them', () => {
    const { tags, views, gaps } = said(role(PLAIN, 'boundTo: { aid: [aid] }'));
    expect(tags).toEqual([
      { role: 'reader', purpose: 'own', databases: ['sis'], classes: ['none', 'education'] },
      { role: 'reader', purpose: 'aid', databases: ['sis'], classes: ['none', 'education', 'aid'] },
    ]);
    expect([views, gaps]).toEqual([[], []]);
  });

  it('show each column that the lake shows, and no other', () => {
    const { policy, tags } = said(role(PLAIN, 'boundTo: { aid: [aid] }'));
    for (const { purpose, databases, classes } of tags)
      for (const [table, columns] of CLASSED) {
        const access = tableAccess(policy, policy.roles.get('reader')!, purpose, table, columns);
        for (const { name, shown } of access.columns) {
          const privacy = columns.get(name)!.privacy!;
          const isTagged = databases.includes(table.split('.')[0]!) && classes.includes(privacy);
          expect(isTagged, `${table}.${name} for ${purpose}`).toBe(shown.kind === 'whole');
        }
      }
  });

  it.each([
    ['a row rule', `${PLAIN.slice(0, -2)}, sis.grades: grade = 'A' }`, ''],
    ['a table that is denied', `${PLAIN}\n    deny: [sis.grades]`, ''],
    ['a column that is denied', `${PLAIN}\n    deny: [sis.persons.zip]`, ''],
    ['a column of its own', `${PLAIN}\n    columns: { sis.persons.zip: whole }`, ''],
    ['a mask', PLAIN.replace('education: whole', 'education: empty'), ''],
    ['aggregates only', `${PLAIN}\n    aggregatesOnly: true`, ''],
    ['single tables', PLAIN.replace("'sis.*'", 'sis.grades'), ''],
    ['a column bound to another purpose', PLAIN, 'boundTo: { sis.persons.confidential: [nothing] }'],
  ])('are not made of %s', (_, more, bound) => {
    const { tags } = said(role(more, bound).replace('aid: f }', 'aid: f, nothing: g }'));
    expect(tags).toEqual([]);
  });

  it('are not made of a database with a column of no class, nor with one that nobody knows', () => {
    expect(said(role(PLAIN), KNOWN as never, TABLES as never).tags).toEqual([]);
    const columns = [{ name: 'x', type: 'varchar' as const }];
    const more = { ...CLASSED_TABLES, 'sis.new': { table: 'sis.new', columns, rows: 0, storage: {} } };
    expect(said(role(PLAIN), CLASSED, more as never).tags).toEqual([]);
  });
});
