import type { SmallCollege } from './build-marts.ts';

const REGISTERED = {
  status: 'RE',
  status_date: '2026-08-03',
  registered_at: '2026-08-03T15:00:00Z',
  credits: '3.0',
};
/** What the registrar of the small college knows of the same people. */
export const SMALL_REGISTRAR: SmallCollege = {
  'sis.registrar_terms': [
    { term_code: 'FA', description: 'Fall', first_day: '2026-08-24', last_day: '2026-12-11', weeks: 16 },
    { term_code: 'F2', description: 'Late fall', first_day: '2026-10-19', last_day: '2026-12-11', weeks: 8 },
  ],
  'sis.registrar_programs': [{ program_code: 'LIB', title: 'Liberal Arts' }],
  'sis.registrar_persons': ['S1', 'S2', 'S7', 'F8'].map((id) => ({
    person_id: id,
    given_name: `given ${id}`,
  })),
  'sis.registrar_students': ['S1', 'S2', 'S3', 'S3B', 'S4', 'S5', 'S6', 'S7'].map((id) => ({
    student_id: id,
    program_code: 'LIB',
    admitted_term: id === 'S7' || id === 'S2' ? 'FA' : 'SP',
    status: 'AS',
  })),
  'sis.registrar_advisors': [
    { student_id: 'S2', advisor_id: 'F8', role: 'primary' },
    { student_id: 'S2', advisor_id: 'F9', role: 'athletics' },
  ],
  'sis.registrar_courses': [{ subject: 'MAT', number: '1', title: 'Numbers', credits: '3.0' }],
  'sis.registrar_sections': [
    ['FA', 1, 'ENG', 'FA-ENG-1'],
    ['FA', 2, 'MAT', 'FA-MAT-1'],
    ['F2', 3, 'MAT', 'F2-MAT-1'],
    ['FA', 4, 'CHE', 'FA-CHE-1'],
    ['FA', 5, 'HIS', 'FA-HIS-1'],
    ['FA', 6, 'HIS', 'FA-HIS-2'],
  ].map(([term, crn, subject, code]) => ({
    term_code: term!,
    crn: crn!,
    subject: subject!,
    number: '1',
    section_code: code!,
    instructor_id: 'F8',
  })),
  'sis.registrar_registrations': [
    { ...REGISTERED, student_id: 'S1', term_code: 'FA', crn: 1 },
    { ...REGISTERED, student_id: 'S1', term_code: 'FA', crn: 4 },
    { ...REGISTERED, student_id: 'S1', term_code: 'FA', crn: 5, status: 'RW', status_date: '2026-10-02' },
    { ...REGISTERED, student_id: 'S2', term_code: 'FA', crn: 1 },
    { ...REGISTERED, student_id: 'S2', term_code: 'FA', crn: 6, registered_at: '2026-09-02T03:00:00Z' },
    { ...REGISTERED, student_id: 'S3B', term_code: 'FA', crn: 1 },
    { ...REGISTERED, student_id: 'S4', term_code: 'FA', crn: 1, status: 'DC', status_date: '2026-09-10' },
    { ...REGISTERED, student_id: 'S6', term_code: 'F2', crn: 3 },
    { ...REGISTERED, student_id: 'S7', term_code: 'FA', crn: 1 },
  ],
  'sis.registrar_grades': [
    { student_id: 'S1', term_code: 'FA', crn: 1, final_grade: 'D+', quality_points: '3.90' },
    { student_id: 'S1', term_code: 'FA', crn: 4, final_grade: 'I' },
    { student_id: 'S2', term_code: 'FA', crn: 1, final_grade: 'NC' },
    { student_id: 'S2', term_code: 'FA', crn: 6, final_grade: 'B', quality_points: '9.00' },
    { student_id: 'S4', term_code: 'FA', crn: 1, final_grade: 'W' },
    { student_id: 'S7', term_code: 'FA', crn: 1, midterm_grade: 'U' },
  ],
};
