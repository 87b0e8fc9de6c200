/**
 * Words of which identifiers are made that carry no separator, as where a database folds `studentHealthDetail` to lower
 * case. Only words that change what a rule says need to be here, and those that stand beside them.
 */
const WORDS: ReadonlySet<string> = new Set(
  `academic access account accommodation achievement action active activity address administered aid alternate amount
  answer appointment area assessment association attempt attendance award badge bank base basis begin behavior benefit
  birth calendar campus candidate care category certification charge child citizenship city class code cohort comment
  comments community condition contact content cost counseling country county course credential credit crisis current
  data date day days death degree department description descriptor detail diagnosis direct disability disabled
  disadvantage disadvantaged discharge discipline displaced displacement document economic education educator
  electronic email eligibility emergency employee employment end english enrollment entry ethnicity evaluation event exit
  expected external family fax federal field file financial first food foster fragile free full gender generation
  grade graduation group guardian health hearing hearings hispanic hold home homeless hospital household id identification
  identifier immigrant immunization incident income indicator individual individualized institution instruction insurance
  interest issue issued issuer issuing join justification key kind language last latino latitude leave legal lesson
  letter level license limited line list loan local location login longitude lunch mail maiden mailing major management
  marital medical medically member membership mental method middle migrant military mobile multiply name narrative
  nation national nationality native need needs neglected nickname note number occurrence of official old organization
  origin other overall parent participation password payment percent period person personal phone photo physical place
  placement plan point points policy postal preferred prefix pregnancy primary priority prior proficiency program
  progress race reason record referral refugee region registration related relation relationship religion remark reporter
  reporting residence residency resource response responsibility restraint result role salary school score seats second
  secondary section security service services session sex sexual social special staff standard start state status
  street student students study substance suffix support surname survey teacher telephone term test text time title total
  training transcript transfer transportation tribal tribe tutor type unaccompanied unique unit url use user usi value
  verification veteran video visa visit visual vocational wage week work year youth zip iep`.split(/\s+/),
);
const LONGEST = Math.max(...[...WORDS].map((word) => word.length));
/** Shorter ones are read as they stand: too much can be made of few letters. */
const SHORTEST = 8;

/** The words of which a word is made, where known words make up all of it; else the word itself. */
export function partsOfWord(word: string): string[] {
  if (word.length < SHORTEST || WORDS.has(word)) return [word];
  // The way to each place in the word with the fewest words, which are the longest ones.
  const best: (string[] | undefined)[] = [[]];
  for (let end = 1; end <= word.length; end++) {
    for (let start = Math.max(0, end - LONGEST); start < end; start++) {
      const before = best[start];
      const piece = word.slice(start, end);
      if (!before || !WORDS.has(piece)) continue;
      if (before.length + 1 < (best[end]?.length ?? Number.POSITIVE_INFINITY)) best[end] = [...before, piece];
    }
  }
  return best[word.length] ?? [word];
}
