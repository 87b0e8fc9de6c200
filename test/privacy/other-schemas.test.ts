import { describe, expect, it } from 'vitest';
import { type ColumnToJudge, proposePrivacy } from '../../src/privacy/propose.ts';
import { wordsOf } from '../../src/privacy/words.ts';

const propose = (table: string, name: string, more: Partial<ColumnToJudge> = {}) =>
  proposePrivacy({ table, name, type: 'varchar', ...more }).privacy;

describe('Names without separators', () => {
  it('are parted where known words make up all of them, and no others', () => {
    expect(wordsOf('studenthealthservice')).toEqual(['student', 'health', 'service']);
    expect(wordsOf('homephonenumber')).toEqual(['home', 'phone', 'number']);
    expect(wordsOf('zygomorphic')).toEqual(['zygomorphic']);
    expect(wordsOf('healthy')).toEqual(['healthy']);
    // The parts are the longest words that there are.
    expect(wordsOf('identificationcode')).toEqual(['identification', 'code']);
  });

  it.each([
    ['applicants', 'telephonenumber', 'direct'],
    ['candidate', 'lastsurname', 'direct'],
    ['studentschoolassociation', 'economicdisadvantagedescriptorid', 'special'],
    ['studentorganization', 'hispaniclatinoethnicity', 'special'],
    ['studentmigranteducationprogram', 'displacementstatus', 'special'],
    ['studentspecialeducationprogram', 'medicallyfragile', 'special'],
    ['studentspecialeducationprogram', 'servicehours', 'special'],
    ['incidentreport', 'reportername', 'direct'],
    ['staffdocument', 'passportnumber', 'secret'],
    ['studentspecialeducationprogram', 'programid', 'none'],
  ] as const)('%s.%s is %s', (table, name, expected) => {
    expect(propose(table, name, { siblings: ['studentid'] })).toBe(expected);
  });

  it('lists of codes are about nobody', () => {
    expect(propose('racedescriptor', 'racedescriptorid')).toBe('none');
    expect(propose('disabilitydescriptor', 'description')).toBe('none');
  });
});

describe("Names in other countries' English", () => {
  it.each([
    ['learner', 'learner_no', 'direct'],
    ['learner', 'forename', 'direct'],
    ['learner', 'preferred_forename', 'direct'],
    ['learner', 'national_insurance_no', 'secret'],
    ['learner', 'NINO', 'secret'],
    ['learner', 'nhs_number', 'secret'],
    ['learner', 'ULN', 'direct'],
    ['pupil', 'upn', 'direct'],
    ['pupil', 'free_school_meals', 'special'],
    ['pupil', 'postcode', 'quasi'],
    ['applicant', 'ucas_id', 'direct'],
    ['payments', 'sort_code', 'secret'],
    ['staff', 'PPS_Number', 'secret'],
    ['staff', 'tfn', 'secret'],
    ['students', 'matriculation_no', 'direct'],
    ['students', 'domicile_country', 'quasi'],
    ['module_result', 'mark', 'education'],
    ['module', 'module_no', 'none'],
    ['programme', 'prog_title', 'none'],
  ] as const)('%s.%s is %s', (table, name, expected) => {
    expect(propose(table, name)).toBe(expected);
  });
});

describe('Names in other languages', () => {
  it.each([
    ['personen', 'svnr', 'secret'],
    ['konto', 'Kontonummer', 'secret'],
    ['anmeldung', 'aktivierungscode', 'secret'],
    ['wohnung', 'straße', 'direct'],
    ['person', 'nachname', 'direct'],
    ['person', 'Staatsbürgerschaft', 'special'],
    ['person', 'familienstand', 'quasi'],
    ['person', 'foto', 'special'],
    ['akte', 'bemerkung', 'text'],
    ['alumnos', 'fecha_nacimiento', 'quasi'],
    ['alumnos', 'apellidos', 'direct'],
    ['alumnos', 'dni', 'secret'],
    ['alumnos', 'dirección', 'direct'],
    ['alumnos', 'discapacidad', 'special'],
    ['etudiants', 'prénom', 'direct'],
    ['etudiants', 'lieu_naissance', 'quasi'],
    ['etudiants', 'handicap', 'special'],
    ['dossier', 'commentaire', 'text'],
  ] as const)('%s.%s is %s', (table, name, expected) => {
    expect(propose(table, name)).toBe(expected);
  });

  it('a note is a mark where the table speaks another language, and a remark where it does not', () => {
    const german = { siblings: ['pruefung', 'punkte', 'note'] };
    expect(propose('zeugnis', 'note', german)).toBe('education');
    expect(propose('visits', 'note', { siblings: ['student_id', 'visited_on'] })).toBe('text');
  });
});

describe('What the table and its database say', () => {
  it.each([
    ['student_medical_alerts', 'title', 'special'],
    ['student_medical', 'type', 'special'],
    ['food_service_student_accounts', 'discount', 'special'],
    ['people_join_contacts', 'value', 'direct'],
    ['student_medical_alerts', 'id', 'none'],
    ['contacts', 'sort_order', 'none'],
    ['user_profiles', 'failed_login', 'quasi'],
  ] as const)('%s.%s is %s by its table', (table, name, expected) => {
    expect(propose(table, name)).toBe(expected);
  });

  it('a comment on a column, or on its table, raises the class and never lowers it', () => {
    const told = (description: string, more: Partial<ColumnToJudge> = {}) =>
      propose('persons_extra', 'custom_17', { description, siblings: ['person_id'], ...more });
    expect(told('The social security number. Optional.')).toBe('secret');
    expect(told('Family doctor: telephone number')).toBe('direct');
    expect(told('Allergies that the nurse must know')).toBe('special');
    expect(told('Colour of the locker. No health data.')).toBe(told('Colour of the locker'));
    expect(propose('persons', 'ssn', { description: 'Not used' })).toBe('secret');
    // A number that links rows is not what it links to, nor is a flag a value.
    expect(propose('visits', 'address_id', { description: 'The e-mail address that was used' })).toBe('none');
    expect(told('Whether an e-mail address is known', { type: 'boolean' })).toBe(
      propose('persons_extra', 'custom_17', { type: 'boolean' }),
    );
    const inTable = { tableDescription: 'Counseling sessions of students', siblings: ['student_id'] };
    expect(propose('t_0815', 'minutes', inTable)).toBe('special');
  });
});
