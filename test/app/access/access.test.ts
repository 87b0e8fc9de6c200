import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoCampus } from '../../../bin/demo/demo-campus.ts';
import { withLake } from '../../../bin/with-lake.ts';
import { accessMatrix } from '../../../src/app/access/access-matrix.ts';
import { explainAccess, explainAll } from '../../../src/app/access/explain-access.ts';
import { reviewAccess } from '../../../src/app/access/review-access.ts';
import { type OpenPolicy, openPolicy } from '../../../src/pipeline/open-policy.ts';
import { KNOWN, POLICY, readPolicy } from '../../access/college.ts';

describe('The policy that comes with the demo', () => {
  let folder: string;
  let open: OpenPolicy;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'access-'));
    open = await withLake(await demoCampus(folder), {}, openPolicy);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('decides every column of every table for every role', () => {
    const { answers, roles, tables, warnings } = reviewAccess(open);
    const columns = [...open.known.values()].reduce((sum, { size }) => sum + size, 0);
    const sessions = [...open.policy.roles.values()].reduce((sum, { purposes }) => sum + purposes.length, 0);
    expect(answers).toBe(columns * sessions);
    expect([roles, tables]).toEqual([9, open.known.size]);
    expect(warnings).toEqual([]);
  });

  it('shows nobody but the aid office the data of aid applications, and no secret to anybody', () => {
    const shown = explainAll(open).flatMap(({ role, table, columns }) =>
      columns.flatMap(({ name, shown: how }) => {
        const privacy = open.known.get(table)!.get(name)!.privacy;
        return how !== 'hidden' && ['aid', 'secret', undefined].includes(privacy)
          ? [`${role} ${privacy} ${table}`]
          : [];
      }),
    );
    expect([...new Set(shown)]).toEqual(['financial_aid aid sis.finaid_applications']);
  });

  it('shows dashboards no column about a person', () => {
    const seen = explainAccess(open, { role: 'dashboard' }).filter(({ rows }) => rows !== undefined);
    const classes = seen.flatMap(({ table, columns }) =>
      columns
        .filter(({ shown }) => shown !== 'hidden')
        .map(({ name }) => open.known.get(table)!.get(name)!.privacy),
    );
    expect(new Set(classes)).toEqual(new Set(['none']));
  });

  it('is drawn in docs/access-matrix.md', async () => {
    const page = `# What each role sees\n\nOf the policy that comes with the demo; \`lake access matrix\` prints that of a campus.\n\n${accessMatrix(explainAll(open))}`;
    await expect(page).toMatchFileSnapshot(resolve(import.meta.dirname, '../../../docs/access-matrix.md'));
    expect(page).toContain('| `campus.students` |');
  });

  it('says by which line', () => {
    const [students] = explainAccess(open, { role: 'analyst', table: 'campus.students' });
    expect(students).toMatchObject({ rows: 'student_id not in confidential' });
    expect(students!.by).toMatch(/^access\.yaml:\d+$/);
    expect(students!.columns.find(({ name }) => name === 'given_name')).toEqual({
      name: 'given_name',
      shown: 'hidden',
      by: 'no line shows the class direct',
    });
  });

  it.each([
    [{ role: 'advisor' }, 'There is no role "advisor"; did you mean "adviser"?'],
    [{ role: 'adviser', purpose: 'research' }, 'The role adviser cannot be used for "research"'],
    [{ role: 'adviser', table: 'campus.student' }, 'There is no table "campus.student"; did you mean'],
  ])('has no answer to %j', (question, message) => {
    expect(() => explainAccess(open, question)).toThrow(message);
  });
});

describe('A policy without a mistake may still not mean what it says', () => {
  const review = (text: string) => {
    const { policy, problems } = readPolicy(text);
    expect(problems).toEqual([]);
    return reviewAccess({ policy: policy!, known: KNOWN }).warnings.map(
      ({ about, text: said }) => `${about}: ${said}`,
    );
  };

  it('where one table hides what another shows', () => {
    const text = POLICY.replace(
      'columns: { sis.persons.email: email_domain }',
      'columns: { sis.grades.student_id: empty, sis.sections.instructor_id: whole }',
    );
    expect(
      review(
        text.replace(
          'sis.grades: section_id in my_sections',
          'sis.grades: section_id in my_sections\n      sis.advising: all',
        ),
      ),
    ).toContain(
      'sis.grades.student_id: the role instructor sees it as "empty", and whole as sis.advising.student_id',
    );
  });

  it('where a column has no class', () => {
    expect(review(POLICY)).toEqual([
      'sis.persons: no privacy class, so hidden unless a line under columns: names them: note',
      'sis: tables that no role sees: sis.advising',
    ]);
  });

  it('where a column says what the mask of another hides', () => {
    const text = POLICY.replace('direct: empty', 'direct: whole');
    expect(review(text)).toContain(
      'sis.persons.name: the role analyst sees it as "first_letter", and email whole, which may say somebody\'s name as well',
    );
  });

  it('where people have other tokens in one table than in another, or are named in it under another name', () => {
    const numberOf = 'id:person';
    const known = new Map(
      [...KNOWN].map(([table, columns]) => [
        table,
        new Map(
          [...columns].map(([name, column]) => {
            const isNumber = ['person_id', 'student_id'].includes(name);
            return [name, isNumber ? { ...column, numberOf } : column];
          }),
        ),
      ]),
    );
    const said = (grades: string) => {
      const masked = 'sis.persons.person_id: pseudonym student';
      const text = POLICY.replace(
        'sis.persons.zip: zip3',
        `${masked}\n      sis.grades.student_id: ${grades}`,
      );
      const { policy, problems } = readPolicy(text);
      expect(problems).toEqual([]);
      const warnings = reviewAccess({ policy: policy!, known }).warnings;
      return warnings.flatMap(({ role, kind, about }) => (role === 'analyst' ? [`${kind} ${about}`] : []));
    };
    expect(said('pseudonym student')).toEqual([]);
    expect(said('pseudonym person')).toEqual(['joins sis.persons.person_id']);
    expect(said('whole')).toEqual(['repeats sis.persons.person_id']);
  });

  it('where no condition asks a lookup', () => {
    const text = POLICY.replace('not person_id in confidential', 'all').replace(
      'student_id not in confidential and ',
      '',
    );
    expect(review(text)).toContainEqual(
      expect.stringMatching(/^confidential: no condition asks this lookup \(access\.yaml:\d+\)$/),
    );
  });
});
