import { phraseOf, wordsOf } from './words.ts';

/**
 * What the rows of a table are, as far as its name says. `person`: people themselves. `record`: what people did or
 * were given. `aid`: financial aid. `code`: a list of codes with their meanings, which is about nobody (Banner's
 * STV* tables, look-ups, PeopleSoft's translate values, terms, programs). `thing`: all else: courses, sections.
 */
export type TableKind = 'person' | 'record' | 'aid' | 'code' | 'thing';

const CODE =
  /^_([sgpft]tv[a-z]{4}|pt[rv][a-z]{4}|xlat\w*)_|_(codes?|types?|kinds?|lookups?|ref|validation|categor(y|ies)|statuses|reasons|scales?|schemes?|descriptors?|terms?|programs?|subjects?|majors?|departments?|divisions?|campuses|buildings?|rooms?|fields?|field_categories|field_usage|settings?|configs?|templates?|grade_scales?|reason_codes?|locations?|permissions?|roles?|privileges?|languages?|countries|holidays|periods?|levels?|groupings?|groups?|positions?|designations?|formats?|job_openings?)_$/;
const AID =
  /_(fafsa|isir|isirs|finaid|fin_aid|financial_aid|(?<!first_)aid|(?<!academic_)awards?|bursar(y|ies)|disbursements?|loans?|grants?|scholarships?|need_analysis|rcrapp\d|rcresar|rprawrd|rorstat|stdnt_awards)_/;
const RECORD =
  /_(enrol?lments?|registrations?|submissions?|scores?|grades?|holds?|standings?|transcripts?|attendances?|absences?|advising|advisees?|appointments?|results?|tests?|exams?|accounts?|charges?|payments?|bills?|billing|refunds?|degrees?|admissions?|applications?|progress(ions?)?|participa(tions?|nts?)|attempts?|logs?|activit(y|ies)|visits?|alerts?|notes?|incidents?|discipline|conduct|memberships?|withdrawals?|leaves?|entries|messages?|comments?|declarations?|ratings?|histor(y|ies)|records?|contracts?|feedback|referrals?|behaviou?rs?|detentions?|suspensions?|complaints?|interviews?|placements?|internships?|theses|thesis|surveys?_responses?|responses?|sfrstcr|shrtckn|shrtckg|sgbstdn|sprhold|spbpers|spraddr|sprtele|goremal|sprmedi|gorvisa|gxrdird)_/;
const PERSON =
  /_(users?|persons?|people|pers|students?|stdnt|pseudonyms?|instructors?|facult(y|ies)|advis[eo]rs?|staff|employees?|teachers?|contacts?|guardians?|parents?|family|applicants?|alumni|observers?|members?|names|learners?|children|pupils?|examiners?|candidates?|persona|observer|employees?|visitors?|spriden|spbpers|identit(y|ies)|emergency|addresses|address|emails?|phones?|telephones?)_/;

/** @param nobody whether the columns of the table name no person: then `student_statuses` is a list of codes */
export function kindOfTable(table: string, nobody = false): TableKind {
  const phrase = phraseOf(table);
  if (CODE.test(phrase) && (!PERSON.test(phrase) || (nobody && !SENSITIVE.test(phrase)))) return 'code';
  if (AID.test(phrase)) return 'aid';
  if (PERSON.test(phrase)) {
    const last = wordsOf(table).at(-1) ?? '';
    return RECORD.test(`_${last}_`) ? 'record' : 'person';
  }
  return RECORD.test(phrase) ? 'record' : 'thing';
}

const SENSITIVE =
  /_(medical|first_aid|salar(y|ies)|payslips?|payrolls?|medi|medicat\w*|health|immunizations?|vaccin\w*|allerg(y|ies)|disab\w*|disa|special_(education|needs)|section_504|504|homeless\w*|foster_care|migrant|immigrant|neglected|counsel(l?ing)|wellness|accommodations?|visas?|immigration|ethnic\w*|races?|tribal|ancestry|food_service|school_food|free_lunch|free_school_meals?|language_program|title_i|disciplin\w*(_student)?_(incidents?|referrals?|actions?)|nurse|clinic|illness\w*|psych\w*|iep|ieps|individual_needs?|religio\w*|militar\w*|displaced)_/;

/** Whether the name of a table, or what its database says of it, is about health, origin, poverty or support. */
export function isSensitive(text: string): boolean {
  return SENSITIVE.test(phraseOf(text));
}

/** Whether the name of a schema or a table says that it is about financial aid. */
export function isAid(name: string): boolean {
  return AID.test(phraseOf(name));
}

const ORGANISATION =
  /_(schools?|institutions?|organi[sz]ations?|companys?|companies|compan(y|ies)|vendors?|suppliers?|districts?|branch(es)?|colleges?|universit(y|ies)|sites?|stores?|libraries|library|campus(es)?|departments?|providers?|agenc(y|ies)|publishers?|hostels?)_/;

/** Whether the rows of a table are schools, companies or offices: an address in it is nobody's home. */
export function isAboutOrganisations(table: string): boolean {
  const phrase = phraseOf(table);
  return (
    ORGANISATION.test(phrase) &&
    !PERSON.test(phrase.replace(/_addresse?s?_|_telephones?_|_phones?_|_emails?_/g, '_'))
  );
}
