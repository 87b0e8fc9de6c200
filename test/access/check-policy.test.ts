import { describe, expect, it } from 'vitest';
import { POLICY, readPolicy } from './college.ts';

/** The policy of the college with one thing changed. */
const changed = (from: string, to: string): string => {
  expect(POLICY).toContain(from);
  return POLICY.replace(from, to);
};

describe('A policy', () => {
  it('of the college has no mistake', () => {
    expect(readPolicy(POLICY).problems).toEqual([]);
  });

  it.each([
    [
      'a table that there is not',
      'sis.sections: all',
      'sis.section: all',
      'there is no table "sis.section"; did you mean "sis.sections"?',
    ],
    [
      'a database that there is not',
      'sis.*: all',
      'sid.*: all',
      'there is no database "sid"; did you mean "sis"?',
    ],
    [
      'a column of a condition',
      'student_id = session.person',
      'studentid = session.person',
      'sis.grades has no column "studentid"; did you mean "student_id"?',
    ],
    [
      'a column that is denied',
      'deny: [sis.persons.born]',
      'deny: [sis.persons.birth]',
      'sis.persons has no column "birth"',
    ],
    [
      'a table that is denied',
      'deny: [sis.advising]',
      'deny: [sis.advisng]',
      'there is no table "sis.advisng"; did you mean "sis.advising"?',
    ],
    [
      'a column that is shown otherwise',
      'sis.persons.zip: zip3',
      'sis.persons.zipp: zip3',
      'sis.persons has no column "zipp"',
    ],
    [
      'a lookup',
      'person_id in advisees',
      'person_id in advises',
      'there is no lookup "advises", expected one under lookups:; did you mean "advisees"?',
    ],
    [
      "a lookup's table",
      'table: sis.advising',
      'table: sis.advise',
      'there is no table "sis.advise"; did you mean "sis.advising"?',
    ],
    ["a lookup's column", 'column: person_id', 'column: person', 'sis.persons has no column "person"'],
    [
      'a purpose',
      'purposes: [own]',
      'purposes: [owns]',
      'there is no purpose "owns", expected one under purposes:; did you mean "own"?',
    ],
    ['a purpose that binds', 'aid: [aid]', 'aid: [add]', 'there is no purpose "add"'],
    [
      'a column that is bound',
      'aid: [aid]',
      'sis.persons.sais: [aid]',
      'sis.persons has no column "sais"; did you mean "sai"?',
    ],
    [
      'an attribute',
      'student_id = session.person',
      'student_id = session.persons',
      'asks for session.persons, expected it under roles.student.attributes; did you mean "person"?',
    ],
    ['a privacy class', 'direct: empty', 'directs: empty', 'directs'],
    ['a mask', 'zip: zip3', 'zip: zip5', 'expected whole, hidden, empty or a mask'],
    [
      'a mask of another type',
      'sis.persons.zip: zip3',
      'sis.persons.sai: zip3',
      'sis.persons.sai is bigint, and the mask zip3 takes varchar',
    ],
    [
      'dates shifted by a column that there is not',
      'sis.persons.born: year from 1936',
      'sis.persons.born: shift 183 by person',
      'sis.persons has no column "person"',
    ],
    [
      'dates shifted by what is no id',
      'sis.persons.born: year from 1936',
      'sis.persons.born: shift 183 by born',
      'sis.persons.born is date, and dates are shifted by an id: varchar, integer, bigint',
    ],
    [
      'a value of another type',
      'points >= 50',
      "points >= 'fifty'",
      'sis.grades.points is decimal(5,2), expected a number to compare it with',
    ],
    [
      'a date that there is not',
      'points >= 50',
      'points >= 50 and student_id is not null or student_id = 5',
      "sis.grades.student_id is varchar, expected a 'text'",
    ],
    [
      'a lookup of another type',
      'person_id in my_class',
      'person_id in my_sections',
      'sis.persons.person_id is varchar and the values of my_sections are bigint, expected one type',
    ],
    [
      'a lookup of itself',
      'where: section_id in my_sections',
      'where: student_id in my_class',
      'lookups.my_class: it is made of itself',
    ],
    [
      'a condition',
      'student_id = session.person',
      'student_id == session.person',
      'found "=", expected a number',
    ],
    ['SQL', 'student_id = session.person', 'student_id = (SELECT 1)', 'found "(", expected a number'],
    ["the lake's own role", 'student:', 'administrator:', 'administrator'],
    ['a key', 'deny: [sis.advising]', 'denied: [sis.advising]', 'unknown key "denied"'],
    ['a role without purposes', 'purposes: [own]', 'purposes: []', 'expected a list of at least 1'],
    ['a class shown by a word without meaning', 'direct: empty', 'direct: all', 'expected whole, hidden'],
    ['an empty value of YAML', 'direct: empty', 'direct: null', 'expected'],
  ])('says where it names %s', (_, from, to, message) => {
    const { problems, policy } = readPolicy(changed(from, to));
    expect(policy).toBeUndefined();
    expect(problems.join('\n')).toContain(message);
    expect(problems.every((problem) => /^\d+: /.test(problem))).toBe(true);
  });

  it('names every mistake at once', () => {
    const text = changed('sis.sections: all', 'sis.section: all').replace(
      'deny: [sis.advising]',
      'deny: [sis.x]',
    );
    expect(readPolicy(text).problems).toHaveLength(2);
  });

  it('cannot make a lookup of the ledger, whose rows a statement reads only by name', () => {
    const text = changed('table: sis.advising', 'table: ops.contacts');
    expect(readPolicy(text).problems.join('\n')).toContain('expected a table of a source or a model');
  });
});
