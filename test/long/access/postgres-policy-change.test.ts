import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { POLICY } from '../../access/college.ts';
import { loginOf, openPostgresCollege, type PostgresCollege } from '../../access/postgres-college.ts';

let college: PostgresCollege;
let loads = 0;
/** The next publication of the same tables. */
const load = (policy?: string, tables?: PostgresCollege['tables']) =>
  college.load(`p${++loads}`, policy, tables);
const names = async (asking: string) =>
  (await college.ask(asking, 'SELECT name FROM persons ORDER BY 1')).rows.flat();
const state = async (asking: string) =>
  (await college.logins.list()).find(({ login }) => login === loginOf(asking));

beforeAll(async () => {
  college = await openPostgresCollege();
  await load('');
  await college.owner(`CREATE ROLE bob LOGIN PASSWORD 'b'; GRANT USAGE ON SCHEMA sis TO bob`);
  for (const asking of ['adviser F1', 'analyst', 'instructor F1']) await college.add(asking);
  await load();
}, 60_000);
afterAll(() => college?.close());
beforeEach(async () => {
  await load();
});

describe('A login', () => {
  it('is closed until the policy has been applied, and its password is in no statement of the server', async () => {
    await college.add('student S2');
    expect(await state('student S2')).toMatchObject({ isOpen: false });
    expect(
      await college.owner(
        "SELECT FROM pg_authid WHERE rolname = 'student-s2' AND rolpassword LIKE 'SCRAM-SHA-256$4096:%' AND NOT rolcanlogin",
      ),
    ).toHaveLength(1);
    await expect(college.connect('student S2')).rejects.toThrow('not permitted to log in');
    await load();
    expect(await names('student S2')).toEqual(['Ben']);
    await college.logins.remove('student-s2');
  });

  it('has another password after rotate, and none after remove', async () => {
    await college.add('adviser F2');
    await load();
    const open = await college.connect('adviser F2');
    await college.logins.rotate('adviser-f2');
    await expect(college.connect('adviser F2')).rejects.toThrow('password authentication failed');
    await college.logins.remove('adviser-f2');
    await expect(open.query('SELECT * FROM persons')).rejects.toThrow();
    await open.end().catch(() => undefined);
    expect(await college.owner("SELECT FROM pg_roles WHERE rolname = 'adviser-f2'")).toEqual([]);
    await expect(college.logins.rotate('adviser-f2')).rejects.toThrow('There is no login "adviser-f2".');
    await expect(college.logins.remove('adviser-f2')).rejects.toThrow('There is no login "adviser-f2".');
  });

  it.each(['bob', 'dashboard', 'lake_owner', 'analyst', 'lake_access'])(
    'cannot take the name of a user: %s',
    async (login) => {
      const asked = { login, role: 'analyst', purpose: 'research', attributes: {} };
      await expect(college.logins.add(asked)).rejects.toThrow(`The warehouse has a user "${login}" already.`);
    },
  );

  it.each(['pg_x', 'A', '', 'a b', 'a"b', 'x'.repeat(64)])('cannot have the name %j', async (login) => {
    const asked = { login, role: 'analyst', purpose: 'research', attributes: {} };
    await expect(college.logins.add(asked)).rejects.toThrow('cannot be the name of a login');
  });

  it('sees nothing through a membership that somebody has given it, and loses it', async () => {
    await college.owner('GRANT "lake:analyst:research" TO "instructor-f1"');
    expect((await college.ask('instructor F1', 'SELECT * FROM analyst__sis.persons')).rows).toEqual([]);
    await load();
    expect((await college.ask('instructor F1', 'SELECT * FROM analyst__sis.persons')).code).toBe('42501');
  });

  it('keeps no power that somebody has given it', async () => {
    await college.owner('ALTER ROLE "instructor-f1" SUPERUSER');
    await load();
    expect((await college.ask('instructor F1', 'SELECT * FROM sis.persons')).code).toBe('42501');
  });
});

describe('A change of access.yaml', () => {
  it('of a rule counts from the load, also where the publication is the same', async () => {
    const all = POLICY.replace('sis.persons: person_id in my_class', 'sis.persons: all');
    await college.load(`p${loads}`, all);
    expect(await names('instructor F1')).toHaveLength(6);
    await college.load(`p${loads}`);
    expect(await names('instructor F1')).toEqual(['Ana', 'Ben']);
  });

  it('of a column hides it', async () => {
    await load(
      POLICY.replace(
        'columns: { sis.persons.email: email_domain }',
        'columns: { sis.persons.email: hidden }',
      ),
    );
    expect((await college.ask('instructor F1', 'SELECT email FROM persons')).code).toBe('42703');
  });

  it('of a table takes it away, and a view that somebody made over it', async () => {
    await college.owner(
      'CREATE VIEW mart.over AS SELECT * FROM instructor__sis.sections; GRANT SELECT ON mart.over TO dashboard',
    );
    await load(POLICY.replace('      sis.sections: all\n    columns: { sis', '    columns: { sis'));
    expect((await college.ask('instructor F1', 'SELECT * FROM sections')).code).toBe('42P01');
    expect(await college.owner("SELECT FROM pg_class WHERE relname = 'over'")).toEqual([]);
  });

  it('that drops a role closes its logins, and ends their sessions', async () => {
    const open = await college.connect('analyst');
    const remarks = await load(POLICY.replace('  analyst:', '  researcher:'));
    expect(remarks).toEqual([
      expect.stringContaining('the login analyst was closed: There is no role "analyst"'),
    ]);
    await expect(open.query('SELECT * FROM persons')).rejects.toThrow();
    await open.end().catch(() => undefined);
    await expect(college.connect('analyst')).rejects.toThrow('not permitted to log in');
    expect(await state('analyst')).toMatchObject({
      isOpen: false,
      whyClosed: expect.stringContaining('There is no role "analyst"'),
    });
    expect(await college.owner("SELECT FROM pg_namespace WHERE nspname LIKE 'analyst%'")).toEqual([]);
    expect(await college.owner(`SELECT FROM pg_roles WHERE rolname = 'lake:analyst:research'`)).toEqual([]);
    await load();
    expect(await names('analyst')).toHaveLength(5);
  });

  it('that asks for an attribute which a login lacks closes the login', async () => {
    await load(POLICY.replace('    description: c\n', '    description: c\n    attributes: [person]\n'));
    expect(await state('analyst')).toMatchObject({
      isOpen: false,
      whyClosed: 'The role analyst needs the attribute "person".',
    });
  });

  it('that compares an attribute with a column of another type closes the logins whose attribute is none', async () => {
    await load(
      POLICY.replace('sis.grades: section_id in my_sections', 'sis.grades: section_id = session.person'),
    );
    expect(await state('instructor F1')).toMatchObject({
      isOpen: false,
      whyClosed: 'The attribute "person" must be a whole number.',
    });
  });

  it('that goes away closes every login', async () => {
    await load('');
    expect((await college.logins.list()).map(({ isOpen }) => isOpen)).toEqual([false, false, false]);
    expect(await college.owner("SELECT FROM pg_namespace WHERE nspname LIKE '%\\_\\_sis'")).toEqual([]);
  });
});

describe('A load', () => {
  it('keeps what roles see while rows are replaced: readers see old rows or new, by the same rules', async () => {
    const reader = await college.connect('adviser F1');
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const count = async () => (await reader.query('SELECT count(*)::text AS n FROM persons')).rows[0].n;
    expect(await count()).toBe('2');
    await load();
    expect(await count()).toBe('2');
    await reader.query('COMMIT');
    expect(await count()).toBe('2');
    await reader.end();
  });

  it('with other rows in a lookup shows other rows', async () => {
    const tables = await college.withRows('sis.advising', [['S4', 'F1']]);
    await load(POLICY, tables);
    expect(await names('adviser F1')).toEqual(["O'Hara"]);
  });

  it('whose lookup is not published opens no table that asks it, and says so', async () => {
    const { 'sis.advising': _, ...others } = college.tables;
    const remarks = await college.load(`p${++loads}`, POLICY, others, others);
    expect(remarks).toEqual(
      expect.arrayContaining([
        expect.stringContaining('the role adviser does not see sis.persons or sis.grades'),
      ]),
    );
    expect((await college.ask('adviser F1', 'SELECT * FROM persons')).code).toBe('42P01');
  });

  it('with a new column shows it to nobody, and with another type of one goes on', async () => {
    const persons = college.tables['sis.persons']!;
    const tables = await college.withColumns('sis.persons', [
      ...persons.columns.filter(({ name }) => name !== 'zip'),
      { name: 'zip', type: 'bigint' },
      { name: 'religion', type: 'varchar' },
    ]);
    const remarks = await load(POLICY, tables);
    expect(remarks.filter((remark) => /set aside/.test(remark))).toEqual([]);
    expect((await college.ask('adviser F1', 'SELECT religion FROM persons')).code).toBe('42703');
    expect((await college.ask('adviser F1', 'SELECT zip FROM persons')).rows).toEqual([[null], [null]]);
    // Of another type the mask of the analyst is none.
    expect((await college.ask('analyst', 'SELECT zip FROM persons')).code).toBe('42703');
  });

  it('without a table that it had takes it from the roles', async () => {
    const { 'sis.sections': _, ...others } = college.tables;
    await load(POLICY, others);
    expect((await college.ask('analyst', 'SELECT * FROM sections')).code).toBe('42P01');
    await load();
    expect((await college.ask('analyst', 'SELECT * FROM sections')).rows).toHaveLength(5);
    expect(await college.owner('SELECT name FROM mart.lake_set_aside')).toEqual([]);
  });

  it('does not wait for a session that holds a view which changes: it ends it', async () => {
    const reader = await college.connect('instructor F1');
    await reader.query('BEGIN');
    await reader.query('SELECT * FROM persons');
    await load(
      POLICY.replace(
        'columns: { sis.persons.email: email_domain }',
        'columns: { sis.persons.email: redact }',
      ),
    );
    await expect(reader.query('SELECT 1')).rejects.toThrow();
    await reader.end().catch(() => undefined);
    expect((await college.ask('instructor F1', 'SELECT email FROM persons')).rows).toContainEqual([
      '[redacted]',
    ]);
  });
});

describe('Users that people have made', () => {
  it('keep what everybody had, and see nothing through views of roles', async () => {
    const { rights } = (
      await college.owner<{ rights: boolean[] }>(
        `SELECT ARRAY[has_database_privilege('bob', 'lake', 'TEMPORARY'), has_database_privilege('dashboard', 'lake', 'TEMPORARY'),
                      has_database_privilege('instructor-f1', 'lake', 'TEMPORARY'), has_database_privilege('instructor-f1', 'postgres', 'CONNECT')] AS rights`,
      )
    )[0]!;
    expect(rights).toEqual([true, true, false, false]);
    await college.owner(
      'GRANT USAGE ON SCHEMA analyst__sis TO dashboard; GRANT SELECT ON analyst__sis.persons TO dashboard',
    );
    expect(
      await college.owner('SET SESSION AUTHORIZATION dashboard; SELECT * FROM analyst__sis.persons'),
    ).toEqual([]);
  });
});
