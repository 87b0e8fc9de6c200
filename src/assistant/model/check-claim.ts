/** Why a claim is not shown. */
export type Fault =
  | 'no-evidence'
  | 'unknown-evidence'
  | 'number'
  | 'unit'
  | 'name'
  | 'command'
  | 'unsupported'
  | 'denies'
  | 'form';

/** What may be said with a row. */
export interface Said {
  /** The words of the rules on the causes that rest on it. */
  readonly own: string;
  /** Its own text, in which names that others have chosen can stand. */
  readonly row: string;
}

/** What a claim is held against. */
export interface Grounds {
  /** What may be said with each row, by the name by which it is cited. */
  readonly said: ReadonlyMap<string, Said>;
  /** Names of tables, sources and columns: one in a claim must be in what it cites. */
  readonly names: readonly string[];
}

const LONGEST = 300;
const UNITS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['ms', 'ms millisecond milliseconds msec'],
    ['s', 's sec secs second seconds'],
    ['min', 'min mins minute minutes'],
    ['h', 'h hr hrs hour hours'],
    ['d', 'd day days'],
    ['week', 'week weeks'],
    ['rows', 'row rows'],
    ['%', '% percent'],
    ['B', 'b byte bytes'],
    ['kB', 'kb kilobyte kilobytes'],
    ['MB', 'mb megabyte megabytes'],
    ['GB', 'gb gigabyte gigabytes'],
    ['times', 'time times x'],
    ['tables', 'table tables'],
    ['runs', 'run runs'],
    ['students', 'student students'],
    ['dollars', '$ dollar dollars usd'],
  ].flatMap(([unit, words]) => words!.split(' ').map((word) => [word, unit!])),
);
const NUMBER = /(?<![\w.])[$€]?\d[\d,]*(?:\.\d+)?(?:\s?(%|[A-Za-z]+))?/g;
/** Instants, dates, times, ids of runs: held against the text as they stand. */
const STAMPS =
  /\b\d{8}T\d{6}Z-[0-9a-f]+\S*|\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?|\b\d{1,2}:\d{2}(?::\d{2})?\b/g;
const NUMBER_WORDS =
  /\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|billions?|half|twice|thrice|double|triple|doubled|tripled)\b/gi;
const COMMAND = /https?:|www\.|`|\$\(|\b(?:rm|curl|wget|sudo|drop table|delete from|grant)\b|<[a-z/]|\]\(/i;
const IDENTIFIER = /\b[A-Za-z][\w]*(?:[._][\w]+)+\b|\b[a-z]+(?:-[a-z]+)+\b/g;
const DENIALS =
  /\b(?:no|not|never|nothing|none|fine|healthy|harmless|ignore[ds]?|safe|resolved|fixed|false alarm|okay|ok|all good|without (?:any )?problem|cannot|isn't|wasn't|didn't|doesn't|don't)\b/gi;
/** Words that join what is said, and say nothing themselves. */
const GLUE = new Set(
  'this that these those there their which while when then than with from into over after before since because therefore thus hence so and or the its also only still likely probably cause caused causes causing reason explains explain explained shows show shown means came come comes were was been being have has had did does made make makes later earlier first last most more less much many same other others usual usually unusual time times data lake table tables run runs night source rows row load loads loaded what about during until each every both between already again here seen found reported began begun start started ended because result results follow follows following'.split(
    ' ',
  ),
);
/** So much of what a claim says must be in what it cites. */
const SUPPORTED = 0.6;
/** And so much in the words of the rules: a text in a row cannot vouch for itself. */
const SUPPORTED_BY_RULES = 0.4;

/**
 * What is wrong with a claim of a model; undefined: it may be shown. A claim may say again what the rows that it cites, and
 * the causes that rest on them, say already, in other words and another order: no number, unit, time, name, id, command
 * or denial that is not there. What is said in small words is held to the words of its evidence.
 */
export function faultOf(
  text: string,
  evidence: readonly string[],
  { said, names }: Grounds,
): Fault | undefined {
  if (text.trim() === '' || text.length > LONGEST || /\p{Cc}/u.test(text)) return 'form';
  if (evidence.length === 0) return 'no-evidence';
  if (evidence.some((id) => !said.has(id))) return 'unknown-evidence';
  if (COMMAND.test(text)) return 'command';
  const own = evidence.map((id) => said.get(id)!.own).join(' \n ');
  const grounds = [own, ...evidence.map((id) => said.get(id)!.row)].join(' \n ');
  const lower = grounds.toLowerCase();
  const has = (part: string) => hasWhole(lower, part.toLowerCase());
  const rest = text.replaceAll(/\bE\d+\b/g, ' ');
  for (const [stamp] of rest.matchAll(STAMPS)) if (!lower.includes(stamp.toLowerCase())) return 'number';
  const plain = rest.replaceAll(STAMPS, ' ');
  const known = numbersIn(grounds.replaceAll(STAMPS, ' '));
  for (const { value, unit } of numbersIn(plain)) {
    const same = known.filter((one) => one.value === value);
    if (same.length === 0) return 'number';
    if (unit !== undefined && !same.some((one) => one.unit === unit)) return 'unit';
  }
  for (const [word] of plain.matchAll(NUMBER_WORDS)) if (!has(word)) return 'number';
  for (const [name] of plain.matchAll(IDENTIFIER)) if (!has(name)) return 'name';
  for (const name of names)
    if (name.length > 2 && hasWhole(plain.toLowerCase(), name) && !has(name)) return 'name';
  for (const [word] of withoutFirst(plain).matchAll(/\b\p{Lu}[\p{L}'’]+/gu)) if (!has(word)) return 'name';
  for (const [word] of plain.matchAll(DENIALS))
    if (!hasWhole(own.toLowerCase(), word.toLowerCase())) return 'denies';
  const words = stems(plain).filter((word) => word.length > 3 && !GLUE.has(word));
  const share = (text: string) => {
    const there = new Set(stems(text));
    return words.filter((word) => there.has(word)).length / words.length;
  };
  if (words.length === 0) return 'unsupported';
  return share(grounds) < SUPPORTED || share(own) < SUPPORTED_BY_RULES ? 'unsupported' : undefined;
}

function numbersIn(text: string): { readonly value: number; readonly unit?: string }[] {
  return [...text.matchAll(NUMBER)].map(([written, word]) => {
    const value = Number(written.replaceAll(/[^\d.]/g, '').replace(/\.$/, ''));
    const unit = /^[$€]/.test(written) ? 'dollars' : UNITS[word?.toLowerCase() ?? ''];
    return { value, ...(unit === undefined ? {} : { unit }) };
  });
}

/** Every sentence without its first word, which may have a capital letter. */
const withoutFirst = (text: string): string => text.replaceAll(/(^|[.!?:]\s+)\p{Lu}[\p{L}'’]*/gu, '$1');

function hasWhole(text: string, part: string): boolean {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1))
    if (!/\w/.test(text[at - 1] ?? ' ') && !/\w/.test(text[at + part.length] ?? ' ')) return true;
  return false;
}

const stems = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}_.]+/u)
    .map((word) => word.replace(/\.+$/, ''))
    .filter(Boolean)
    .map((word) => (word.length > 5 ? word.replace(/(?:ing|ed|es|s)$/, '') : word.replace(/(?<=...)s$/, '')));
