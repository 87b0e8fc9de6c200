import type { Asking } from './college.ts';

/** The columns of a table that a role sees, in order, and its rows by the first two columns. */
export interface Expected {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

const NONE = undefined;
const none = (columns: readonly string[]): Expected => ({ columns, rows: [] });

const PERSON = ['person_id', 'name', 'email', 'confidential'];
const GRADE = ['student_id', 'section_id', 'grade', 'points'];
const SECTION = ['section_id', 'instructor_id', 'is_running'];
const ADVISED = ['person_id', 'name', 'email', 'zip', 'confidential'];
const OWN = ['person_id', 'name', 'email', 'born', 'zip', 'confidential'];

const ALL_SECTIONS = [
  [1, 'F1', true],
  [2, 'F2', true],
  [3, 'F1', false],
  [4, null, true],
  [5, 'F2', null],
];

/**
 * What each role sees of each table of the college, written by hand from the policy. Undefined: the table does not
 * exist for it. The walls have to give exactly this.
 */
export const MATRIX: { readonly [asking: Asking]: { readonly [table: string]: Expected | undefined } } = {
  'adviser F1': {
    'sis.persons': {
      columns: ADVISED,
      rows: [
        ['S1', 'Ana', 'ana@x.edu', '03601', false],
        ['S2', 'Ben', 'ben', '10027-1234', true],
      ],
    },
    'sis.advising': NONE,
    'sis.sections': NONE,
    'sis.grades': {
      columns: GRADE,
      rows: [
        ['S1', 1, 'A', '91.25'],
        ['S1', 2, 'B', '85.00'],
        ['S2', 1, 'C', '70.50'],
        ['S2', null, 'I', '50.00'],
      ],
    },
  },
  'adviser F1 for aid': {
    'sis.persons': {
      columns: ['person_id', 'name', 'email', 'zip', 'sai', 'confidential'],
      rows: [
        ['S1', 'Ana', 'ana@x.edu', '03601', 100, false],
        ['S2', 'Ben', 'ben', '10027-1234', -17, true],
      ],
    },
    'sis.advising': NONE,
    'sis.sections': NONE,
    'sis.grades': {
      columns: GRADE,
      rows: [
        ['S1', 1, 'A', '91.25'],
        ['S1', 2, 'B', '85.00'],
        ['S2', 1, 'C', '70.50'],
        ['S2', null, 'I', '50.00'],
      ],
    },
  },
  'adviser F2': {
    'sis.persons': { columns: ADVISED, rows: [['S2', 'Ben', 'ben', '10027-1234', true]] },
    'sis.advising': NONE,
    'sis.sections': NONE,
    'sis.grades': {
      columns: GRADE,
      rows: [
        ['S2', 1, 'C', '70.50'],
        ['S2', null, 'I', '50.00'],
      ],
    },
  },
  'adviser nobody': {
    'sis.persons': none(ADVISED),
    'sis.advising': NONE,
    'sis.sections': NONE,
    'sis.grades': none(GRADE),
  },
  'instructor F1': {
    'sis.persons': {
      columns: PERSON,
      rows: [
        ['S1', 'Ana', '***@x.edu', false],
        ['S2', 'Ben', '***', true],
      ],
    },
    'sis.advising': NONE,
    'sis.sections': { columns: SECTION, rows: ALL_SECTIONS },
    'sis.grades': {
      columns: GRADE,
      rows: [
        ['S1', 1, 'A', '91.25'],
        ['S2', 1, 'C', '70.50'],
        [null, 1, 'W', null],
      ],
    },
  },
  'instructor F2': {
    'sis.persons': {
      columns: PERSON,
      rows: [
        ['S1', 'Ana', '***@x.edu', false],
        ['S3', 'Cy', null, null],
      ],
    },
    'sis.advising': NONE,
    'sis.sections': { columns: SECTION, rows: ALL_SECTIONS },
    'sis.grades': {
      columns: GRADE,
      rows: [
        ['S1', 2, 'B', '85.00'],
        ['S3', 2, 'F', '12.00'],
      ],
    },
  },
  analyst: {
    'sis.persons': {
      columns: ['person_id', 'name', 'email', 'born', 'zip', 'confidential'],
      rows: [
        [null, 'A***', null, '1936-01-01', '000', false],
        [null, 'C***', null, null, null, null],
        [null, 'F***', null, '1970-01-01', '606', false],
        [null, 'G***', null, '1975-01-01', '606', false],
        [null, 'O***', null, '2004-01-01', null, false],
      ],
    },
    'sis.advising': NONE,
    'sis.sections': {
      columns: SECTION,
      rows: ALL_SECTIONS.map(([id, , running]) => [id, null, running]),
    },
    'sis.grades': {
      columns: GRADE,
      rows: [
        [null, 1, 'A', '90.00'],
        [null, 2, 'B', '80.00'],
        [null, 3, 'A', '90.00'],
        [null, 4, 'A', '90.00'],
      ],
    },
  },
  'student S2': {
    'sis.persons': { columns: OWN, rows: [['S2', 'Ben', 'ben', '2005-02-03', '10027-1234', true]] },
    'sis.advising': NONE,
    'sis.sections': NONE,
    'sis.grades': {
      columns: GRADE,
      rows: [
        ['S2', 1, 'C', '70.50'],
        ['S2', null, 'I', '50.00'],
      ],
    },
  },
};
