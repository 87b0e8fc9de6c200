import { authorize } from '../../src/access/authorize.ts';
import { checkPolicy } from '../../src/access/check-policy.ts';
import { type AccessPolicy, type KnownColumn, type KnownTables, toPolicy } from '../../src/access/policy.ts';
import { accessRules } from '../../src/access/rules.ts';
import { type AccessFile, accessSchema } from '../../src/campus/access-schema.ts';
import type { PrivacyClass } from '../../src/campus/catalog-schema.ts';
import type { LakeType } from '../../src/campus/lake-type.ts';
import { readYaml } from '../../src/campus/read-yaml.ts';
import type { Json } from '../../src/json.ts';
import type { Grant, Session } from '../../src/ports/session.ts';
import type { TableColumn, TableSet } from '../../src/ports/tables.ts';
import { openTestLake, type TestLake } from '../platform/local/duckdb/lake-folder.ts';

type Columns = readonly (readonly [name: string, type: LakeType, privacy?: PrivacyClass])[];

/**
 * A college of six people with the traps that row rules meet: rows of nobody, people who teach and learn, a student in
 * two sections, a section that is over, one without an instructor, people who have opted out, empty values everywhere.
 */
export const COLLEGE: { readonly [table: string]: { readonly columns: Columns; readonly rows: Json[][] } } = {
  'sis.persons': {
    columns: [
      ['person_id', 'varchar', 'direct'],
      ['name', 'varchar', 'direct'],
      ['ssn', 'varchar', 'secret'],
      ['email', 'varchar', 'direct'],
      ['born', 'date', 'quasi'],
      ['zip', 'varchar', 'quasi'],
      ['sai', 'bigint', 'aid'],
      ['confidential', 'boolean', 'education'],
      ['note', 'varchar'],
    ],
    rows: [
      ['S1', 'Ana', '111', 'ana@x.edu', '1930-05-05', '03601', 100, false, 'n1'],
      ['S2', 'Ben', '222', 'ben', '2005-02-03', '10027-1234', -17, true, 'n2'],
      ['S3', 'Cy', '333', null, null, 'W1A', null, null, 'n3'],
      ['S4', "O'Hara", '444', '"a@b"@c.edu', '2004-12-31', null, 9, false, null],
      ['F1', 'Fay', '555', 'fay@x.edu', '1970-01-01', '60637', null, false, 'n5'],
      ['F2', 'Gus', '666', 'gus@x.edu', '1975-01-01', '60637', null, false, 'n6'],
    ],
  },
  'sis.advising': {
    columns: [
      ['student_id', 'varchar', 'direct'],
      ['adviser_id', 'varchar', 'direct'],
    ],
    rows: [
      ['S1', 'F1'],
      ['S2', 'F1'],
      ['S2', 'F2'],
      [null, 'F1'],
      ['S3', null],
    ],
  },
  'sis.sections': {
    columns: [
      ['section_id', 'bigint', 'none'],
      ['instructor_id', 'varchar', 'direct'],
      ['is_running', 'boolean', 'none'],
    ],
    rows: [
      [1, 'F1', true],
      [2, 'F2', true],
      [3, 'F1', false],
      [4, null, true],
      [5, 'F2', null],
    ],
  },
  'sis.grades': {
    columns: [
      ['student_id', 'varchar', 'direct'],
      ['section_id', 'bigint', 'none'],
      ['grade', 'varchar', 'education'],
      ['points', 'decimal(5,2)', 'education'],
    ],
    rows: [
      ['S1', 1, 'A', '91.25'],
      ['S1', 2, 'B', '85.00'],
      ['S2', 1, 'C', '70.50'],
      ['S3', 2, 'F', '12.00'],
      ['S4', 3, 'A', '99.99'],
      [null, 1, 'W', null],
      ['S2', null, 'I', '50.00'],
      ['F2', 4, 'A', '95.00'],
    ],
  },
};

export const POLICY = `
purposes: { advising: a, teaching: b, aid: c, research: d, own: e }
boundTo: { aid: [aid] }
lookups:
  advisees: { table: sis.advising, column: student_id, where: adviser_id = session.person }
  my_sections: { table: sis.sections, column: section_id, where: instructor_id = session.person and is_running = true }
  my_class: { table: sis.grades, column: student_id, where: section_id in my_sections }
  confidential: { table: sis.persons, column: person_id, where: confidential = true }
roles:
  adviser:
    description: a
    attributes: [person]
    purposes: [advising, aid]
    classes: { none: whole, direct: whole, quasi: whole, education: whole, aid: whole }
    tables:
      sis.persons: person_id in advisees
      sis.grades: student_id in advisees
    deny: [sis.persons.born]
  instructor:
    description: b
    attributes: [person]
    purposes: [teaching]
    classes: { none: whole, direct: whole, education: whole }
    tables:
      sis.persons: person_id in my_class
      sis.grades: section_id in my_sections
      sis.sections: all
    columns: { sis.persons.email: email_domain }
  analyst:
    description: c
    purposes: [research]
    classes: { none: whole, education: whole, direct: empty, quasi: whole }
    tables:
      sis.*: all
      sis.persons: not person_id in confidential
      sis.grades: student_id not in confidential and points >= 50
    columns:
      sis.persons.name: first_letter
      sis.persons.born: year from 1936
      sis.persons.zip: zip3
      sis.grades.points: band 10
    deny: [sis.advising]
  student:
    description: d
    attributes: [person]
    purposes: [own]
    classes: { none: whole, direct: whole, quasi: whole, education: whole }
    tables:
      sis.persons: person_id = session.person
      sis.grades: student_id = session.person
`;

export const KNOWN: KnownTables = new Map(
  Object.entries(COLLEGE).map(([table, { columns }]) => [
    table,
    new Map<string, KnownColumn>(columns.map(([name, type, privacy]) => [name, { type, privacy }])),
  ]),
);

/** What is wrong with a policy over the college, as people read it; and the policy where nothing is. */
export function readPolicy(text: string): { problems: string[]; policy?: AccessPolicy } {
  const read = readYaml<AccessFile>('access.yaml', text, accessSchema);
  if (read.value) read.add(checkPolicy(read.value, KNOWN));
  const problems = read.problems().map(({ line, text: said }) => `${line}: ${said}`);
  if (problems.length > 0 || !read.value) return { problems };
  return { problems, policy: toPolicy(read.value, (path, on) => `access.yaml:${read.place(path, on).line}`) };
}

export interface OpenCollege {
  readonly lake: TestLake;
  readonly tables: TableSet;
  /** The rows that a role gets, in no order, as JSON; or the message of the error. */
  ask(session: Asking, sql: string): Promise<string>;
}

/** `adviser F1`, `adviser F1 for aid`, `analyst`. */
export type Asking = string;

export function sessionOf(asking: Asking): Session {
  const [, role, person, purpose] = /^(\w+)(?: (?!for )(\S+))?(?: for (\w+))?$/.exec(asking)!;
  const usual: Record<string, string> = {
    adviser: 'advising',
    instructor: 'teaching',
    analyst: 'research',
    student: 'own',
  };
  return {
    principal: person ?? 'x',
    role: role!,
    attributes: person === undefined ? {} : { person },
    purpose: purpose ?? usual[role!] ?? '',
  };
}

/** Tables of rows, in a lake of their own. */
export async function openTables(contents: {
  readonly [table: string]: { readonly columns: readonly TableColumn[]; readonly rows: readonly Json[][] };
}): Promise<{ lake: TestLake; tables: TableSet }> {
  const lake = await openTestLake();
  const tables: Record<string, TableSet[string]> = {};
  for (const [table, { columns, rows }] of Object.entries(contents))
    tables[table] = await lake.engine.literalTable(table, columns, rows, 'v1');
  return { lake, tables };
}

export const columnsOf = (table: string): TableColumn[] =>
  COLLEGE[table]!.columns.map(([name, type]) => ({ name, type }));

export async function openCollege(text = POLICY): Promise<OpenCollege> {
  const { lake, tables } = await openTables(
    Object.fromEntries(
      Object.entries(COLLEGE).map(([table, { rows }]) => [table, { columns: columnsOf(table), rows }]),
    ),
  );
  const { policy, problems } = readPolicy(text);
  if (!policy) throw new Error(problems.join('\n'));
  const access = accessRules(policy, KNOWN);
  return {
    lake,
    tables,
    ask: async (asking, sql) =>
      answerOf(lake, sql, () => authorize({ session: sessionOf(asking), access }, 'query', tables)),
  };
}

/** The rows of a SELECT as JSON; or the message of the error. */
export async function answerOf(lake: TestLake, sql: string, grant: () => Promise<Grant>): Promise<string> {
  try {
    const answer = await lake.engine.query(sql, await grant());
    const rows: unknown[] = [];
    for await (const batch of answer.batches()) rows.push(...batch);
    return JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? Number(value) : value));
  } catch (error) {
    return (error as Error).message;
  }
}
