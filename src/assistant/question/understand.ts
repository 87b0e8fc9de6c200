import { nearest } from '../../campus/nearest.ts';
import { namesPerson } from './people.ts';
import { namesNoDay, timeIn, type Window } from './times.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * `cause`: why something is as it is. `status`: how it is. `find`: which table has something. `define`: what a name
 * means. `owner`: whose it is. `unknown`: none of them can be told from the words.
 */
export type Intent = 'cause' | 'status' | 'find' | 'define' | 'owner' | 'unknown';

/** What a question asks, as far as its words tell. */
export interface Understood {
  readonly intent: Intent;
  readonly tables: readonly string[];
  readonly sources: readonly string[];
  readonly columns: readonly { readonly name: string; readonly tables: readonly string[] }[];
  readonly incident?: string;
  readonly run?: string;
  readonly window?: Window;
  /** It asks of a time that has not come. */
  readonly isFuture: boolean;
  /** It may be about a single person. */
  readonly isPersonal: boolean;
  /** Names in it that nothing has, with what was likely meant. */
  readonly unknown: readonly { readonly name: string; readonly nearest?: string }[];
  /** How a name was read that is not one as it stands. */
  readonly remarks: readonly string[];
}

const CAUSE =
  /\bwhy\b|\bhow come\b|\b(?:root )?causes?\b|\bcaused\b|\breasons?\b|\bexplain\b|\bdiagnos\w+|\bwhat(?:'s| is| was| went| has gone)? ?(?:going )?(?:wrong|happen\w*|broke\w*)|\bwhat (?:happened|broke|failed)\b|\bwho broke\b|\binvestigate\b/;
const STATUS =
  /\b(?:is|are|was|were|has|have|did|does)\b.*\b(?:late|stale|fresh|ok|okay|fine|healthy|good|broken|loaded|running|run|up to date|current|fail\w*|wrong|incidents?|complete|missing|well|worked|work|succeed\w*|finish\w*)\b|\bhow (?:is|are|old|fresh)\b|\bwhen\b.*\b(?:load\w*|update\w*|refresh\w*|built)\b|\b(?:state|status|health) of\b|\bany(?:thing)? (?:wrong|incidents?|problems?)\b|\b(?:open|which|list|show)\b.*\bincidents?\b/;
const FIND =
  /\b(?:which|what) (?:tables?|models?|columns?|datasets?|marts?|views?)\b|\bwhere (?:do i|can i|would i|is|are|to)\b.*\b(?:find|see|get|stored|kept|live)\b|\bwhere (?:is|are)\b|\b(?:find|search|look for)\b|\btables? (?:with|of|about|that)\b/;
const DEFINE =
  /\bwhat (?:does|do|is|are)\b.*\b(?:mean|means|stand for|meaning|definition)\b|\bmeaning of\b|\bdefin(?:e|ition)\b|\bdescribe\b|\bwhat (?:is|are|does)\b/;
const OWNER =
  /\bwho(?:se| owns| is responsible| looks after)\b|\bowners?\b|\bwhom? (?:do|should|can) i (?:ask|call|tell)\b/;
/** Words by which a question is of how data are, whatever form it has. */
const TROUBLE =
  /\b(?:late|stale|old|missing|empty|fail(?:s|ed|ing|ure)?|broken|wrong|slow|double[ds]?|duplicate[ds]?|gone|down|incident|error|problem|delayed|outdated|behind|zero rows|too (?:few|many))\b/;
/** Words of which one is in a question on the lake as a whole, which names none of its parts. */
const LAKE_WORDS =
  /\b(?:lake|data|tables?|datasets?|models?|runs?|loads?|loaded|pipelines?|incidents?|nights?|morning|checks?|feeds?|warehouse|dashboards?|wrong|happen\w*|broken?|fail\w*|anything|everything)\b/;
const FUTURE = /\b(?:will|tomorrow|going to|next (?:week|night|month|year|monday|run))\b/;

const INCIDENT = /\b\d{8}T\d{6}Z-[0-9a-f]+\/[\w.|-]+/gi;
const RUN = /\b\d{8}T\d{6}Z-[0-9a-f]+\b/gi;
const DOTTED = /(?<![\w./-])[a-z_][\w]*\.[a-z_][\w]*(?![\w./]*[@])/gi;

/**
 * Reads a question by grammar and vocabulary; no model is asked.
 * @param now epoch ms
 */
export function understand(text: string, vocabulary: Vocabulary, now: number): Understood {
  const words = text.toLowerCase().replaceAll(/[’‘]/g, "'");
  const incidents = named(text, INCIDENT, vocabulary.incidents);
  const tail = vocabulary.incidents.find((id) => {
    const end = id.slice(id.indexOf('/') + 1).toLowerCase();
    return end.length > 3 && hasWord(words, end);
  });
  const withoutIncidents = text.replaceAll(INCIDENT, ' ');
  const runs = named(withoutIncidents, RUN, vocabulary.runs);
  const plain = withoutIncidents.replaceAll(RUN, ' ').replace(tailWord(tail), ' ');
  const entities = entitiesIn(plain, vocabulary);
  const window = timeIn(plain, vocabulary.zone, now);
  const incident = incidents.known[0] ?? tail;
  const unknown = [...incidents.unknown, ...runs.unknown, ...entities.unknown];
  const isSome = entities.isSome || incident !== undefined || runs.known.length > 0;
  return {
    intent: intentOf(words, incident !== undefined || runs.known.length > 0, entities.isSome),
    tables: entities.tables,
    sources: entities.sources,
    columns: entities.columns,
    ...(incident === undefined ? {} : { incident }),
    ...(runs.known[0] === undefined ? {} : { run: runs.known[0] }),
    ...(window === undefined ? {} : { window }),
    isFuture: FUTURE.test(words) || (window !== undefined && Date.parse(window.from) > now),
    isPersonal: namesPerson(text),
    unknown,
    remarks: [
      ...entities.remarks,
      // Where nothing is known, the answer is that.
      ...(isSome ? unknown.map((one) => `${unknownWords(one)} The answer is without it.`) : []),
      ...(namesNoDay(plain, vocabulary.zone, now)
        ? ['There is no such day as the question names; this is about now.']
        : []),
    ],
  };
}

export const unknownWords = ({ name, nearest: near }: Understood['unknown'][number]): string =>
  `I do not know the name ${name}${near ? `; did you mean ${near}?` : '.'}`;

function intentOf(words: string, hasEvent: boolean, hasEntity: boolean): Intent {
  if (!hasEvent && !hasEntity && !LAKE_WORDS.test(words) && !FIND.test(words) && !DEFINE.test(words))
    return 'unknown';
  if (CAUSE.test(words)) return 'cause';
  if (OWNER.test(words)) return 'owner';
  if (hasEvent) return 'cause';
  if (FIND.test(words) && !/\bincidents?\b/.test(words) && !/\b(?:late|stale|fail\w*|broken)\b/.test(words))
    return 'find';
  if (STATUS.test(words)) return 'status';
  if (DEFINE.test(words)) return TROUBLE.test(words) && !/\bmean/.test(words) ? 'status' : 'define';
  if (TROUBLE.test(words) && hasEntity) return 'cause';
  if (FIND.test(words)) return 'status';
  return hasEntity ? 'status' : 'unknown';
}

function named(text: string, pattern: RegExp, known: readonly string[]) {
  const found = [...new Set([...text.matchAll(pattern)].map(([name]) => name))];
  const of = (name: string) => known.find((one) => one.toLowerCase() === name.toLowerCase());
  return {
    known: found.flatMap((name) => of(name) ?? []),
    unknown: found.flatMap((name) => (of(name) ? [] : [withNearest(name, known)])),
  };
}

function entitiesIn(text: string, vocabulary: Vocabulary) {
  const tables = new Set<string>();
  const remarks: string[] = [];
  const unknown: { name: string; nearest?: string }[] = [];
  const columns: { name: string; tables: readonly string[] }[] = [];
  for (const [written] of text.matchAll(DOTTED)) {
    const name = written.toLowerCase();
    const [schema, last] = name.split('.') as [string, string];
    if (vocabulary.tables.includes(name)) tables.add(name);
    else if (isAddress(written)) continue;
    else {
      const sameLast = vocabulary.tables.filter((table) => table.endsWith(`.${last}`));
      const ofTable = vocabulary.columns.get(last)?.filter((table) => table.endsWith(`.${schema}`)) ?? [];
      if (sameLast.length === 1) {
        tables.add(sameLast[0]!);
        remarks.push(`There is no ${name}; this is about ${sameLast[0]}.`);
      } else if (ofTable.length > 0) columns.push({ name: last, tables: ofTable });
      else unknown.push(withNearest(name, vocabulary.tables));
    }
  }
  const rest = text.replaceAll(DOTTED, ' ').toLowerCase();
  const sources = vocabulary.sources.filter((source) => hasWord(rest, source));
  const words = rest.split(/[^\p{L}\p{N}_]+/u).filter(Boolean);
  const taken = new Set<number>();
  // Names of several words first: "course sections" is canvas.course_sections.
  for (let size = Math.min(4, words.length); size >= 1; size--)
    for (let i = 0; i + size <= words.length; i++) {
      if ([...Array(size).keys()].some((k) => taken.has(i + k))) continue;
      const name = words.slice(i, i + size).join('_');
      if (size === 1 && (COMMON.has(name) || sources.includes(name))) continue;
      const found = vocabulary.tables.filter((table) => table.endsWith(`.${name}`));
      const column = vocabulary.columns.get(name);
      if (found.length === 1) tables.add(found[0]!);
      else if (found.length > 1) {
        const best = found.find((table) => sources.some((source) => table.startsWith(`${source}.`)));
        const curated = best ?? found.find((table) => table.startsWith('campus.')) ?? found[0]!;
        tables.add(curated);
        if (!best) remarks.push(`${found.length} tables are called ${name}; this is about ${curated}.`);
      } else if (column && (size > 1 || name.includes('_') || name.length > 3))
        columns.push({ name, tables: column });
      else {
        if (size === 1 && name.includes('_'))
          unknown.push(
            withNearest(name, [
              ...vocabulary.tables.map((one) => one.split('.')[1]!),
              ...vocabulary.columns.keys(),
            ]),
          );
        continue;
      }
      for (let k = 0; k < size; k++) taken.add(i + k);
    }
  return {
    tables: [...tables],
    sources,
    columns,
    unknown,
    remarks,
    isSome: tables.size > 0 || sources.length > 0 || columns.length > 0,
  };
}

/** `e.g`, `i.e`, `campus.yaml`: dotted, and no name of a table. */
const isAddress = (text: string): boolean =>
  /^(?:e\.g|i\.e)$|\.(?:yaml|yml|md|sql|ts|csv|edu|com|org|net)$/i.test(text);

/** Words of questions that are also names of columns or tables: only `database.table` means the table. */
const COMMON = new Set(
  'a about all and any are at be by can do does for from has have how in is it last late load loaded loads make mean means my name night of on or out run runs show some state status tell that the them this time to type up was were what when where which who why with work data day date week table tables column columns model models dataset datasets lake source sources incident incidents check checks owner value values id code title term active note notes level rows row campus'.split(
    ' ',
  ),
);

function withNearest(name: string, names: readonly string[]): { name: string; nearest?: string } {
  const found = nearest(name, names);
  return found === undefined ? { name } : { name, nearest: found };
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
const hasWord = (text: string, word: string): boolean =>
  new RegExp(`(?<![\\w.])${escaped(word.toLowerCase())}(?![\\w])`).test(text);

const tailWord = (tail: string | undefined): RegExp =>
  tail === undefined ? /(?!)/ : new RegExp(escaped(tail.slice(tail.indexOf('/') + 1)), 'i');
