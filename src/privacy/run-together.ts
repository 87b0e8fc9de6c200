import { FOREIGN_WORDS } from './foreign-words.ts';

/**
 * Words of which identifiers are made that carry no separator, as where a database folds `studentHealthDetail` to lower
 * case. Words that change what a rule says, and those that stand next to them.
 */
const WORDS: ReadonlySet<string> = new Set([
  ...`academic access account accommodation achievement action active activity address administered admin affiliation age
  agent aid alias allergy allergies alternate amount ancestry answer appointment area assessment association attempt
  attendance author award badge balance bank base basis begin behavior benefit birth blood calendar campus candidate card
  care category certification charge child children citizenship city class code cohort color comment comments community
  company condition contact content cost count counseling counselor country county course create created credential credit
  crisis current custom data date day days death deceased default degree dental dependency dependent description descriptor
  detail details device diagnosis direct director disability disabled disadvantage disadvantaged discharge discipline
  disciplinary displaced displacement district doctor document driver economic economically education educational educator
  electronic elementary eligibility email emergency employee employer employment end english enrollment entry ethnic
  ethnicity evaluation evaluator event exam exit expected expiration external family father fax federal fee field file
  financial fingerprint first food foster fragile free freetext full gender generation given grade graduation group guardian
  health hearing height high hispanic history hold holder home homeless homelessness hospital house household id identification
  identifier identity image immigrant immigration immunization incident income indicator individual individualized initial
  institution instruction instructor insurance interest internet issue issued issuer issuing item join journal justification
  key kind language last latino latitude learner leave legal lesson letter level license limited line link list loan local
  location log login logged long longitude lunch maiden mailing main major male management marital marriage medical medically
  medication member membership memo mental message method middle migrant military minor mobile modified module mother multiply
  name narrative nation national nationality native need needs neglected nick nickname note notes number nurse occupation
  occurrence of office official old order annual hourly monthly weekly daily organization origin other overall owner parent participation passport password
  path payment percent period person personal phone photo physical physician picture pin place placement plan point points
  policy position post postal preferred prefix pregnancy pregnant primary principal print priority prior proficiency profile
  program progress question race racial reason record referral refugee region registration related relation relationship
  religion religious remark remarks report reporter reporting requirement residence residency resource response responsibility
  restraint result role room salary salutation school score seats second secondary secret section security sequence service
  services session sex sexual short social special spouse staff standard start state statement status street student students
  study subject substance suffix supervisor support surname survey tax teacher telephone temp temporary term test text
  thumbnail time title token total training transcript transfer transport transportation tribal tribe tutor type
  unaccompanied unique unit update updated url use user username usi vaccine vaccination value verification verified version
  veteran video visa visit visual vocational wage weight week welfare work year youth zip iep ip ssn dob nid upn uln
  addressee assistant commentary commenting contacts birthday birthdate firstname lastname middlename accounts students
  courses grades teachers parents users classes files types`.split(/\s+/),
  ...[...FOREIGN_WORDS.keys()].filter((word) => word.length >= 4),
]);
const LONGEST = Math.max(...[...WORDS].map((word) => word.length));
/** Shorter ones are read as they stand: too much can be made of few letters. */
const SHORTEST = 6;
/** A known word of so many letters is seen between unknown letters too. */
const PLAIN = 5;

/**
 * The words of which a word is made: known words where they make up all of it; else the long known words in it, with
 * what lies between them. A word in which none is found is one.
 */
export function partsOfWord(word: string): string[] {
  const known = seenBefore.get(word);
  if (known) return known;
  const parts = word.length < SHORTEST || WORDS.has(word) ? [word] : (whole(word) ?? amongUnknown(word));
  if (seenBefore.size < 20_000) seenBefore.set(word, parts);
  return parts;
}

/** A catalog repeats its words. */
const seenBefore = new Map<string, string[]>();

/** The fewest words, which are the longest ones. */
function whole(word: string): string[] | undefined {
  const best: (string[] | undefined)[] = [[]];
  for (let end = 1; end <= word.length; end++) {
    for (let start = Math.max(0, end - LONGEST); start < end; start++) {
      const before = best[start];
      const piece = word.slice(start, end);
      if (!before || !WORDS.has(piece)) continue;
      if (before.length + 1 < (best[end]?.length ?? Number.POSITIVE_INFINITY)) best[end] = [...before, piece];
    }
  }
  return best[word.length];
}

interface Way {
  readonly parts: readonly string[];
  /** Letters that no known word has, and one for each word. */
  readonly cost: number;
  /** Letters of the unknown run at the end. */
  readonly open: string;
}

/** German joins its words with an s or n, English names are cut short: what is left over may be of any length but one. */
function amongUnknown(word: string): string[] {
  const best: Way[] = [{ parts: [], cost: 0, open: '' }];
  for (let end = 1; end <= word.length; end++) {
    const last = best[end - 1]!;
    let way: Way = { parts: last.parts, cost: last.cost + 2, open: last.open + word[end - 1] };
    for (let start = Math.max(0, end - LONGEST); start <= end - PLAIN; start++) {
      const piece = word.slice(start, end);
      if (!WORDS.has(piece)) continue;
      const { parts, cost, open } = best[start]!;
      if (cost + 1 < way.cost)
        way = { parts: [...parts, ...(open === '' ? [] : [open]), piece], cost: cost + 1, open: '' };
    }
    best[end] = way;
  }
  const { parts, open } = best[word.length]!;
  if (parts.length === 0) return [word];
  const all = open === '' ? [...parts] : [...parts, open];
  // `healthy`, `statuses`: an ending, not a second word.
  if (all.length === 2 && all.some((part) => part.length <= 2 && !WORDS.has(part))) return [word];
  return all;
}
