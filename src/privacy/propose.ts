import type { SourceConfig } from '../campus/campus-schema.ts';
import type { PrivacyClass } from '../campus/catalog-schema.ts';
import type { LakeType } from '../campus/lake-type.ts';
import { knownColumns } from './known-columns.ts';
import { NAME_RULES } from './name-rules.ts';
import { isAid, isSensitive, kindOfTable, type TableKind } from './table-kind.ts';
import { countSample, type SampleCounts, verdictOf } from './value-verdict.ts';
import { isForeign, phraseOf } from './words.ts';

export interface ColumnToJudge {
  readonly name: string;
  readonly type: LakeType;
  readonly table: string;
  /** The database schema, which can say what its tables are about (`finaid`). */
  readonly namespace?: string;
  /** The type at the source, where it says more than the lake's (`inet`, `jsonb`). */
  readonly sourceType?: string;
  /** Kind of the source, of whose tables something may be known. Default: a database. */
  readonly source?: SourceConfig['kind'];
  /** Part of the table's key: it links rows, whatever table it is in. Default: false. */
  readonly key?: boolean;
  /** Names of the table's other columns: a list of codes that names people is none. */
  readonly siblings?: readonly string[];
  /** What the database says of the column. Default: nothing. */
  readonly description?: string;
  /** What the database says of the table. Default: nothing. */
  readonly tableDescription?: string;
  /** Some values, picked by a hash of the key, not the first rows. */
  readonly samples?: readonly unknown[];
  /** Epoch ms; ages are counted by it. Default: now. */
  readonly now?: number;
}

export interface PrivacyProposal {
  readonly privacy: PrivacyClass;
  /** Why, in a few words; empty for `none`. Never a value. */
  readonly why: string;
  readonly counts?: SampleCounts;
}

/** From what must stay outside to what says nothing. */
const SEVERITY: readonly PrivacyClass[] = [
  'secret',
  'log',
  'special',
  'aid',
  'text',
  'direct',
  'quasi',
  'education',
  'none',
];

/**
 * Proposes the privacy class of a column: by what is known of it, by its name and table, and by a sample of its
 * values. Values can only raise what the name says. A proposal errs on the side of caution; a person decides.
 *
 * @example
 * ```ts
 * import { proposePrivacy } from './propose.ts';
 *
 * const { privacy, why } = proposePrivacy({ table: 'persons', name: 'home_email', type: 'varchar' });
 * console.log(privacy, why); // direct an e-mail address
 * ```
 */
export function proposePrivacy(column: ColumnToJudge): PrivacyProposal {
  const byName = judgeName(column);
  if (!column.samples) return byName;
  const counts = countSample(column.samples, column.now ?? Date.now());
  const verdict = verdictOf(counts, phraseOf(column.name));
  const byValues = verdict ? { privacy: verdict.privacy, why: verdict.what } : NONE;
  return { ...moreSevere(byName, byValues), counts };
}

function judgeName(column: ColumnToJudge): PrivacyProposal {
  const known = knownColumns(column.source);
  const privacy = known?.classOf(column.table, column.name);
  if (known && privacy) return { privacy, why: `known column of ${known.product}` };
  return moreSevere(moreSevere(judgeWords(column), judgeDescription(column)), judgeSourceType(column));
}

const NONE: PrivacyProposal = { privacy: 'none', why: '' };

/** What a sentence says beyond doubt; words such as `description` or `status` are in any. */
const TOLD = NAME_RULES.filter(
  ({ privacy, what }) =>
    ['secret', 'special', 'aid'].includes(privacy) ||
    ['an e-mail address', 'a telephone number', "a person's name"].includes(what),
);

/** Of the first sentence that the database says of a column, where its name says nothing of the kind. */
function judgeDescription(column: ColumnToJudge): PrivacyProposal {
  const { description, type } = column;
  const phrase = phraseOf(column.name);
  if (description === undefined || column.key || LINK.test(phrase) || tableKind(column) === 'code')
    return NONE;
  const said = phraseOf(/^[^.!?]*/.exec(description)![0]);
  const rule = TOLD.find(
    (r) =>
      r.words.test(said) &&
      !r.unless?.test(said) &&
      !r.unless?.test(phrase) &&
      !(r.valuesOnly && ['boolean', 'date', 'timestamp', 'time'].includes(type)),
  );
  return rule ? { privacy: rule.privacy, why: `${rule.what}, by its description` } : NONE;
}

/** Addresses are their own types; documents and bytes about people can hold anything. */
function judgeSourceType(column: ColumnToJudge): PrivacyProposal {
  const type = column.sourceType ?? '';
  if (/^(inet|cidr|macaddr)/.test(type)) return { privacy: 'log', why: 'a network address' };
  const aboutPeople = ['person', 'record', 'aid'].includes(tableKind(column));
  if (aboutPeople && /^(jsonb?|xml|hstore|bytea|blob|clob)/.test(type))
    return { privacy: 'text', why: 'can hold anything' };
  return NONE;
}

function moreSevere(a: PrivacyProposal, b: PrivacyProposal): PrivacyProposal {
  return SEVERITY.indexOf(b.privacy) < SEVERITY.indexOf(a.privacy) ? b : a;
}

function judgeWords(column: ColumnToJudge): PrivacyProposal {
  const phrase = inContext(column);
  const kind = tableKind(column);
  const listed = knownColumns(column.source)?.hasTable(column.table) ?? false;
  const rule = NAME_RULES.find(
    (r) =>
      r.words.test(phrase) &&
      !r.unless?.test(phrase) &&
      !(r.valuesOnly && ['boolean', 'date', 'timestamp', 'time'].includes(column.type)) &&
      (kind !== 'code' || r.what === 'a password, key or token') &&
      !(listed && r.privacy === 'education'), // the list of the table's columns knows better
  );
  if (rule && !(kind === 'thing' && THING_NAME.test(phrase)))
    return { privacy: rule.privacy, why: rule.what };
  if (listed) return NONE;
  return byTable(withoutTable(phrase, column.table), kind, column);
}

/** In German, Spanish and French a `note` or `nota` is a mark. */
function inContext({ name, table, siblings = [] }: ColumnToJudge): string {
  const phrase = phraseOf(name);
  const isForeignTable = [table, ...siblings].some(isForeign);
  return isForeignTable ? phrase.replace(/_(?:note|notas?)(?=_)/g, '_grade') : phrase;
}

/** What a thing is called: `terms.short_name`, `buildings.display_name`. */
const THING_NAME = /^_(short|display|full|sortable|legal)_name_$/;
/** Columns that link rows or keep their history. */
const LINK =
  /_(id|key|sk|uuid|guid|crn|seq|sequence|version|surrogate|rowid|batch|source|data_origin)_$|_term_|_(created|updated|modified|loaded|changed|activity)(_(at|on|date|time|ts))?_$/;
/** What a table of contacts calls them. */
const HOW_TO_REACH = /_(value|contact|contact_(value|info|detail))_$/;
const PLACE = /_(state|province|country|nation|region)_/;

function byTable(phrase: string, kind: TableKind, column: ColumnToJudge): PrivacyProposal {
  if (kind === 'code') return NONE;
  if (HOW_TO_REACH.test(phrase) && /_contacts?_/.test(phraseOf(column.table)))
    return { privacy: 'direct', why: 'how to reach a person' };
  const isTold = isSensitive(column.table) || isSensitive(column.tableDescription ?? '');
  if (isTold && !LINK.test(phrase) && !column.key && (kind !== 'thing' || namesPeople(column)))
    return { privacy: 'special', why: 'in a table about health, origin or support' };
  if (kind === 'thing') return NONE;
  const siblings = (column.siblings ?? []).map(phraseOf).join('');
  if (PLACE.test(phrase) && /_(city|zip|postal|street)_/.test(siblings))
    return { privacy: 'quasi', why: 'part of an address' };
  if (kind === 'person') {
    if (phrase === '_id_') return { privacy: 'quasi', why: "a person's number inside the system" };
    if (phrase === '_name_') return { privacy: 'direct', why: "a person's name" };
    return LINK.test(phrase) ? NONE : { privacy: 'quasi', why: 'describes a person' };
  }
  if (LINK.test(phrase) || column.key) return NONE;
  return kind === 'aid'
    ? { privacy: 'aid', why: 'in a table of financial aid' }
    : { privacy: 'education', why: "in a table of people's records" };
}

const NAMES_A_PERSON = NAME_RULES.filter(
  (r) => r.what === "a person's number inside the system" || r.what === 'an id by which people know a person',
);

/** A table of codes that has a person in each row is none; one without any is about nobody in any schema. */
function tableKind(column: ColumnToJudge): TableKind {
  const { table, namespace = '' } = column;
  const kind = kindOfTable(table);
  const withPeople = namesPeople(column);
  if (isAid(namespace) && (withPeople || kind === 'record' || kind === 'person')) return 'aid';
  return kind === 'code' && withPeople ? 'record' : kind;
}

function namesPeople({ siblings = [] }: ColumnToJudge): boolean {
  return siblings.some((s) => NAMES_A_PERSON.some((r) => r.words.test(phraseOf(s))));
}

/** Banner repeats the table in each column's name, which says nothing about the column. */
function withoutTable(phrase: string, table: string): string {
  const prefix = phraseOf(table);
  return phrase.startsWith(prefix) && phrase.length > prefix.length
    ? phrase.slice(prefix.length - 1)
    : phrase;
}
