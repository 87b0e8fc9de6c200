import { phraseOf, wordsOf } from './words.ts';

/**
 * What the rows of a table are, as far as its name says. `person`: people themselves. `record`: what people did or
 * were given. `aid`: financial aid. `code`: a list of codes with their meanings, which is about nobody (Banner's
 * STV* tables, look-ups, PeopleSoft's translate values, terms, programs). `thing`: all else: courses, sections.
 */
export type TableKind = 'person' | 'record' | 'aid' | 'code' | 'thing';

const CODE =
  /^_([sgpft]tv[a-z]{4}|pt[rv][a-z]{4}|xlat\w*)_|_(codes?|types?|kinds?|lookups?|ref|validation|categor(y|ies)|statuses|reasons|scales?|schemes?|descriptors?|terms?|programs?|subjects?|majors?|departments?|divisions?|campuses|buildings?|rooms?)_$/;
const AID =
  /_(fafsa|isir|isirs|finaid|fin_aid|financial_aid|aid|awards?|disbursements?|loans?|grants?|scholarships?|need_analysis|rcrapp\d|rcresar|rprawrd|rorstat|stdnt_awards)_/;
const RECORD =
  /_(enrol?lments?|registrations?|submissions?|scores?|grades?|holds?|standings?|transcripts?|attendances?|absences?|advising|advisees?|appointments?|results?|tests?|exams?|accounts?|charges?|payments?|bills?|billing|refunds?|degrees?|admissions?|applications?|progress(ions?)?|participa(tions?|nts?)|attempts?|logs?|activit(y|ies)|visits?|alerts?|notes?|incidents?|discipline|conduct|memberships?|withdrawals?|leaves?|entries|messages?|comments?|declarations?|ratings?|assessments?|histor(y|ies)|sfrstcr|shrtckn|shrtckg|sgbstdn|sprhold|spbpers|spraddr|sprtele|goremal|sprmedi|gorvisa|gxrdird)_/;
const PERSON =
  /_(users?|persons?|people|pers|students?|stdnt|pseudonyms?|instructors?|facult(y|ies)|advis[eo]rs?|staff|employees?|teachers?|contacts?|guardians?|parents?|family|applicants?|alumni|observers?|members?|names|spriden|spbpers|identit(y|ies)|emergency|addresses|address|emails?|phones?|telephones?)_/;

export function kindOfTable(table: string): TableKind {
  const phrase = phraseOf(table);
  if (CODE.test(phrase) && !PERSON.test(phrase)) return 'code';
  if (AID.test(phrase)) return 'aid';
  if (PERSON.test(phrase)) {
    const last = wordsOf(table).at(-1) ?? '';
    return RECORD.test(`_${last}_`) ? 'record' : 'person';
  }
  return RECORD.test(phrase) ? 'record' : 'thing';
}

const SENSITIVE =
  /_(medical|medi|health|immunizations?|disabilit(y|ies)|special_education|section_504|homeless|foster_care|migrant|neglected|counsel(l?ing)|wellness|accommodations?|visas?|immigration|ethnicit(y|ies)|races?|food_service|school_food|free_lunch|language_program|title_i|discipline_incidents?)_/;

/** Whether the name of a table, or what its database says of it, is about health, origin, poverty or support. */
export function isSensitive(text: string): boolean {
  return SENSITIVE.test(phraseOf(text));
}

/** Whether the name of a schema or a table says that it is about financial aid. */
export function isAid(name: string): boolean {
  return AID.test(phraseOf(name));
}
