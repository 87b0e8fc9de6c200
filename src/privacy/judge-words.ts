import { knownColumns } from './known-columns.ts';
import { NAME_RULES, type NameRule } from './name-rules.ts';
import type { ColumnToJudge, PrivacyProposal } from './propose.ts';
import { isAboutOrganisations, isAid, isSensitive, kindOfTable, type TableKind } from './table-kind.ts';
import { isForeign, phraseOf } from './words.ts';

const NONE: PrivacyProposal = { privacy: 'none', why: '' };

/** What a column's name says, in its table and among its siblings. */
export function judgeWords(column: ColumnToJudge): PrivacyProposal {
  const phrase = inContext(column);
  const kind = tableKind(column);
  if (isOwnNumber(phrase, column) && kind !== 'person') return NONE;
  const listed = knownColumns(column.source)?.hasTable(column.table) ?? false;
  const rule = NAME_RULES.find(
    (r) =>
      r.words.test(phrase) &&
      !r.unless?.test(phrase) &&
      couldHold(r, column) &&
      !(isFlag(column.name) && r.privacy !== 'special') &&
      (kind !== 'code' || r.what === 'a password, key or token') &&
      fitsTable(r, column) &&
      !(listed && r.privacy === 'education') && // the list of the table's columns knows better
      !isOfAnOffice(r, phrase, column),
  );
  if (isSecurityQuestion(phrase, column)) return { privacy: 'secret', why: 'a password, key or token' };
  if (rule && !(kind === 'thing' && THING_NAME.test(phrase)))
    return { privacy: rule.privacy, why: rule.what };
  if (listed) return NONE;
  return byTable(withoutTable(phrase, column.table), kind, column);
}

/** The question, or its answer, with which a lost password is replaced. */
const isSecurityQuestion = (phrase: string, { table, siblings = [] }: ColumnToJudge): boolean =>
  /^_(hint_)?(question|answer|response)_$/.test(withoutTable(phrase, table)) &&
  siblings.some((s) => /_(pin|password)_$/.test(phraseOf(s)));

/** `activity_student_id` in `activity_student`: the number of the row, not of a student. */
function isOwnNumber(phrase: string, { table, type, key }: ColumnToJudge): boolean {
  const words = phraseOf(table);
  return key === true && type !== 'varchar' && words.split('_').length > 3 && phrase === `${words}id_`;
}

const NO_VALUES = new Set(['boolean', 'date', 'timestamp', 'time']);

/** Whether a column of its type can hold what the rule speaks of. */
export function couldHold(rule: NameRule, { type, sourceType = '' }: ColumnToJudge): boolean {
  const { holds, what } = rule;
  if (holds === undefined) return true;
  if (NO_VALUES.has(type) || (what !== "a person's name" && ONE_LETTER.test(sourceType))) return false;
  return holds === 'values' || type === 'varchar' || type === 'varbinary';
}

/** Types of a yes or a no. */
const ONE_LETTER =
  /^((n?var)?char(acter)?( varying)?\(1\)|n?char\(1\)|bit(\(1\))?|tinyint\(1\)|enum\((\s*'[yn01]'\s*,?)+\))/i;

/** Whether the rule speaks of tables such as the column's. */
function fitsTable({ tables }: NameRule, column: ColumnToJudge): boolean {
  return (
    tables === undefined || (tables === 'of persons' ? tableKind(column) === 'person' : isAboutPeople(column))
  );
}

/** `is_disabled`, `does_comments`, `hasEmail`: a yes or a no, whatever its type. */
export function isFlag(name: string): boolean {
  return /^(is|has|does|do|can|gets|allow|allows|use|uses|enable|show|hide|send|notify|require|requires)(_|[A-Z])/.test(
    name,
  );
}

/** In German, Spanish and French a `note` or `nota` is a mark. */
function inContext({ name, table, siblings = [] }: ColumnToJudge): string {
  const phrase = phraseOf(name);
  const isForeignTable = [table, ...siblings].some(isForeign);
  if (isForeignTable && !/notiz/i.test(name)) return phrase.replace(/_(?:note|notas?)(?=_)/g, '_grade');
  // In India a pin code is part of an address.
  const isAddressed = siblings.some((s) => /_(city|address|street)_/.test(phraseOf(s)));
  return isAddressed ? phrase.replace(/_pin_code_/, '_postal_code_') : phrase;
}

/** What a thing is called: `terms.short_name`, `buildings.display_name`. */
const THING_NAME =
  /^_(short|display|full|sortable|legal|official|local|native|other|common|alternate|former)_names?_$/;
/** Columns that link rows or keep their history. */
const LINK =
  /_(id|key|sk|uuid|guid|crn|seq|sequence|version|surrogate|rowid|batch|source|data_origin|discriminator|sort|sort_order|position|etag)_$|_term_|_(syear|school_year|academic_year)_$|_(created?|updated?|modified|loaded|changed|activity|insert|inserted|timestamp)(_(at|on|date|time|ts))?_$/;
/** What a table of contacts calls them. */
const HOW_TO_REACH = /_(value|contact|contact_(value|info|detail))_$/;
const PLACE = /_(state|province|country|nation|region)_/;
const DOCUMENT =
  /_(student|staff|person|contact|personal|parent|employee)_(personal_)?((identification|identity)_(code|document|system)|documents?_|identifiers?_)/;

export const isLink = (phrase: string): boolean => LINK.test(phrase);

function byTable(phrase: string, kind: TableKind, column: ColumnToJudge): PrivacyProposal {
  if (kind === 'code') return NONE;
  const table = phraseOf(column.table);
  const siblings = (column.siblings ?? []).map(phraseOf).join('');
  if (phrase === '_subject_' && /_(body|message|content)_/.test(siblings))
    return { privacy: 'text', why: 'the subject of a message' };
  if (/^_(key|token)_$/.test(phrase) && column.type === 'varchar' && !column.key && isKeyed(column, siblings))
    return { privacy: 'secret', why: 'a password, key or token' };
  if (HOW_TO_REACH.test(phrase) && /_contacts?_/.test(table))
    return { privacy: 'direct', why: 'how to reach a person' };
  if (DOCUMENT.test(table) && /_(identification_code|identifier|number|value|document)_$/.test(phrase))
    return { privacy: 'direct', why: 'an id by which people know a person' };
  if (phrase === '_name_' && /_bank_/.test(table) && namesPeople(column))
    return { privacy: 'direct', why: "a person's name" };
  const isTold = isSensitive(column.table) || isSensitive(column.tableDescription ?? '');
  if (isTold && !LINK.test(phrase) && !column.key && (kind !== 'thing' || namesPeople(column)))
    return { privacy: 'special', why: 'in a table about health, origin or support' };
  if (kind === 'thing') return NONE;
  if (PLACE.test(phrase) && /_(city|zip|postal|street)_/.test(siblings))
    return { privacy: 'quasi', why: 'part of an address' };
  if (kind === 'person') {
    if (phrase === '_id_') return { privacy: 'quasi', why: "a person's number inside the system" };
    if (/^_names?_$/.test(phrase) && !NO_VALUES.has(column.type))
      return { privacy: 'direct', why: "a person's name" };
    return LINK.test(phrase) ? NONE : { privacy: 'quasi', why: 'describes a person' };
  }
  if (LINK.test(phrase) || column.key) return NONE;
  return kind === 'aid'
    ? { privacy: 'aid', why: 'in a table of financial aid' }
    : { privacy: 'education', why: "in a table of people's records" };
}

/** A `key` opens something, unless it is the name of a setting. */
function isKeyed(column: ColumnToJudge, siblings: string): boolean {
  if (/_(value|setting|language)_/.test(siblings)) return false;
  return (
    isAboutPeople(column) ||
    /_(api_?keys?|tokens?|oauth|sessions?|credentials?|resets?)_/.test(phraseOf(column.table))
  );
}

const NAMES_A_PERSON = NAME_RULES.filter(
  (r) => r.what === "a person's number inside the system" || r.what === 'an id by which people know a person',
);

/** A table of codes that has a person in each row is none; one without any is about nobody in any schema. */
export function tableKind(column: ColumnToJudge): TableKind {
  const { table, namespace = '', siblings } = column;
  const withPeople = namesPeople(column);
  const kind = kindOfTable(table, siblings !== undefined && !withPeople);
  if (isListOfCodes(column) && kind !== 'person' && !withPeople) return 'code';
  if (isAid(namespace) && (withPeople || kind === 'record' || kind === 'person')) return 'aid';
  return kind === 'code' && withPeople ? 'record' : kind;
}

const OF_A_CODE =
  /_(id|code|name|title|label|value|description|sort|sort_order|sequence_number|order|position|rank|active|is_active|enabled|visible|is_deleted|short_name|name_short|english|abbreviation|color)_$/;

/** A few columns with a number, a name and an order, as `ethnicity(ethnicity_id, ethnicity_name, sort_order)`. */
function isListOfCodes({ siblings = [] }: ColumnToJudge): boolean {
  if (siblings.length < 2 || siblings.length > 8) return false;
  const phrases = siblings.map(phraseOf).filter((phrase) => !isLink(phrase) || /_(id|key)_$/.test(phrase));
  return (
    phrases.some((phrase) => /_(name|title|label|description)_$/.test(phrase)) &&
    phrases.every((phrase) => OF_A_CODE.test(phrase)) &&
    !phrases.some((phrase) => /_(person|first|last|given|family|user|student|parent)_/.test(phrase))
  );
}

/** Whether the rows of the column's table tell of people, by what it is or by whom its rows name. */
export function isAboutPeople(column: ColumnToJudge): boolean {
  return ['person', 'record', 'aid'].includes(tableKind(column)) || namesPeople(column);
}

/** Who made a row is not whom it is about. */
const MAKER =
  /_(created|updated|modified|changed|added|deleted|published|uploaded|entered)_by_$|_(author|editor|owner|creator)_id_$/;

function namesPeople({ siblings = [] }: ColumnToJudge): boolean {
  return siblings.some((s) => {
    const phrase = phraseOf(s);
    return !MAKER.test(phrase) && NAMES_A_PERSON.some((r) => r.words.test(phrase));
  });
}

/** The address of a school or a company, unless it is that of somebody in it. */
function isOfAnOffice({ what }: NameRule, phrase: string, column: ColumnToJudge): boolean {
  return (
    ['an address', 'a telephone number', 'a place or a trait that helps to find a person'].includes(what) &&
    isAboutOrganisations(column.table) &&
    !/_(contact|person|head|principal|director|emergency|owner|teacher|student)_/.test(phrase)
  );
}

/** Banner repeats the table in each column's name, which says nothing about the column. */
function withoutTable(phrase: string, table: string): string {
  const prefix = phraseOf(table);
  return phrase.startsWith(prefix) && phrase.length > prefix.length
    ? phrase.slice(prefix.length - 1)
    : phrase;
}
