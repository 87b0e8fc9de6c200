import type { SourceConfig } from '../campus/campus-schema.ts';
import type { PrivacyClass } from '../campus/catalog-schema.ts';
import type { LakeType } from '../campus/lake-type.ts';
import { couldHold, isAboutPeople, isFlag, isLink, judgeWords, tableKind } from './judge-words.ts';
import { knownColumns } from './known-columns.ts';
import { NAME_RULES } from './name-rules.ts';
import { countSample, type SampleCounts, verdictOf } from './value-verdict.ts';
import { phraseOf } from './words.ts';

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
/** A comment or a label of so few words names the column, as its own name does. */
const LABEL_WORDS = 5;

/** Of the first sentence that the database says of a column, or of its label, where its name says nothing of the kind. */
function judgeDescription(column: ColumnToJudge): PrivacyProposal {
  const { description, name } = column;
  const phrase = phraseOf(name);
  if (
    description === undefined ||
    column.key ||
    isLink(phrase) ||
    isFlag(name) ||
    tableKind(column) === 'code'
  )
    return NONE;
  const said = phraseOf(/^[^.!?]*/.exec(description)![0]);
  const isLabel = said.split('_').length - 2 <= LABEL_WORDS;
  const rule = (isLabel ? NAME_RULES : TOLD).find(
    (r) =>
      r.privacy !== 'education' &&
      r.words.test(said) &&
      !r.unless?.test(said) &&
      !r.unless?.test(phrase) &&
      couldHold(r, column) &&
      (isLabel || r.holds !== 'values' || column.type === 'varchar') &&
      r.tables === undefined,
  );
  return rule ? { privacy: rule.privacy, why: `${rule.what}, by its description` } : NONE;
}

/** Addresses are their own types; documents and bytes about people can hold anything. */
function judgeSourceType(column: ColumnToJudge): PrivacyProposal {
  const type = column.sourceType ?? '';
  if (/^(inet|cidr|macaddr)/.test(type)) return { privacy: 'log', why: 'a network address' };
  if (isAboutPeople(column) && /^(jsonb?|xml|hstore|bytea|blob|clob|\w*blob|image|varbinary)/.test(type))
    return { privacy: 'text', why: 'can hold anything' };
  return NONE;
}

function moreSevere(a: PrivacyProposal, b: PrivacyProposal): PrivacyProposal {
  return SEVERITY.indexOf(b.privacy) < SEVERITY.indexOf(a.privacy) ? b : a;
}
