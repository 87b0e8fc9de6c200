import { type Answer, emptyAnswer, type FoundName } from './answer.ts';
import { type Understood, unknownWords } from './question/understand.ts';

/** A table or a column that the asker may know of. */
export interface KnownName {
  readonly table: string;
  /** Absent: the table itself. */
  readonly column?: string;
  readonly type?: string;
  readonly description?: string;
  readonly owner?: string;
}

const SHOWN = 5;

/** Where the dictionary describes a table. Anchors are those that GitHub makes of headings. */
const linkOf = (table: string): string =>
  `docs/dictionary.md#${table.toLowerCase().replaceAll(/[^\w -]/g, '')}`;

const found = ({ table, column, type, description, owner }: KnownName, why?: string): FoundName => ({
  table,
  ...(column === undefined ? {} : { column }),
  ...(type === undefined ? {} : { type }),
  ...(description === undefined ? {} : { description }),
  ...(owner === undefined ? {} : { owner }),
  link: linkOf(table),
  ...(why === undefined ? {} : { why }),
});

/** Answers what names mean, whose they are, or which table has something. */
export function answerMetadata(text: string, asked: Understood, names: readonly KnownName[]): Answer {
  if (asked.intent === 'find') return tablesWith(text, asked, names);
  const columns = asked.columns.flatMap(({ name, tables }) =>
    names.filter((one) => one.column === name && tables.includes(one.table)),
  );
  const tables = asked.tables.flatMap((table) =>
    names.filter((one) => one.table === table && one.column === undefined),
  );
  // "what does final_score in campus.grades mean" is about that column there.
  const ofTable = columns.filter(({ table }) => asked.tables.includes(table));
  const meant =
    ofTable.length > 0
      ? ofTable
      : columns.length > 0 && asked.intent === 'define'
        ? columns
        : [...tables, ...columns];
  if (meant.length === 0) return unknownName(asked);
  const about = [...asked.tables, ...asked.columns.map(({ name }) => name)];
  const [first] = meant;
  if (asked.intent === 'owner') {
    const owners = [...new Set(meant.flatMap(({ table }) => ownerOf(table, names) ?? []))];
    return {
      ...emptyAnswer(owners.length > 0 ? 'metadata' : 'unknown', ownerWords(first!, owners), {
        intent: 'owner',
        about,
      }),
      found: meant.slice(0, SHOWN).map((one) => found(one)),
      remarks: asked.remarks,
    };
  }
  const described = meant.filter(({ description }) => description);
  const best = described.find(({ table }) => table.startsWith('campus.')) ?? described[0] ?? first!;
  const name = best.column === undefined ? best.table : `${best.table}.${best.column}`;
  return {
    ...emptyAnswer(
      'metadata',
      best.description ? `${name}: ${best.description}` : `${name} is known, and nobody has described it.`,
      { intent: asked.intent, about },
    ),
    found: [best, ...meant.filter((one) => one !== best)].slice(0, SHOWN).map((one) => found(one)),
    next: [
      {
        text: 'See the table with all its columns.',
        link: linkOf(best.table),
        command: `lake describe ${best.table}`,
      },
    ],
    remarks: [
      ...asked.remarks,
      ...(meant.length > SHOWN
        ? [`${meant.length - SHOWN} more tables have it; \`lake tables\` and the dictionary list them.`]
        : []),
    ],
  };
}

const ownerOf = (table: string, names: readonly KnownName[]): string | undefined =>
  names.find((one) => one.table === table && one.column === undefined)?.owner;

const ownerWords = ({ table }: KnownName, owners: readonly string[]): string =>
  owners.length === 0
    ? `I do not know: nobody is named as the owner of ${table}.`
    : `${table} is looked after by ${owners.join(', ')}.`;

export function unknownName({ unknown, intent }: Understood): Answer {
  const [first] = unknown;
  const answer = emptyAnswer(
    'unknown',
    first
      ? unknownWords(first)
      : 'I do not know what this asks about: it names no table, column, source, run or incident that I know.',
    { intent },
  );
  return { ...answer, next: [{ text: 'See which tables there are.', command: 'lake tables' }] };
}

/** Words of a question that say nothing of what is sought. */
const STOP = new Set(
  'a an the of by for with about which what where is are do does can i find see get table tables model models column columns dataset datasets mart marts view views has have contains contain holds hold in on per each every me show list search look us that there any to from and or how many much kept stored live data my we our student students'.split(
    ' ',
  ),
);
/** Words that people use for what columns call otherwise. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  grade: ['score', 'mark'],
  mark: ['grade', 'score'],
  class: ['course', 'section'],
  week: ['weekly'],
  day: ['daily'],
  teacher: ['instructor', 'faculty'],
  login: ['activity'],
  homework: ['submission', 'assignment'],
  dropout: ['withdrawal', 'attrition'],
  major: ['program'],
};

/** The tables that have what a question names, the best first: names count more than descriptions, rare words more than common ones. */
function tablesWith(text: string, asked: Understood, names: readonly KnownName[]): Answer {
  const words = [...new Set(stems(text).filter((word) => !STOP.has(word) && word.length > 1))];
  const tables = new Map<
    string,
    { own: KnownName; name: Set<string>; columns: Map<string, string>; text: Set<string> }
  >();
  for (const one of names) {
    const of = tables.get(one.table) ?? {
      own: { table: one.table },
      name: new Set(),
      columns: new Map(),
      text: new Set(),
    };
    tables.set(one.table, of);
    if (one.column === undefined) {
      of.own = one;
      for (const word of stems(one.table.split('.')[1] ?? one.table)) of.name.add(word);
      for (const word of stems(one.description ?? '')) of.text.add(word);
    } else {
      for (const word of stems(one.column)) if (!of.columns.has(word)) of.columns.set(word, one.column);
      for (const word of stems(one.description ?? '')) of.text.add(word);
    }
  }
  const has = (of: { name: Set<string>; columns: Map<string, string>; text: Set<string> }, word: string) =>
    [word, ...(ALSO[word] ?? [])].map((one, i) => ({
      one,
      weight:
        (i === 0 ? 1 : 0.7) * (of.name.has(one) ? 4 : of.columns.has(one) ? 3 : of.text.has(one) ? 1 : 0),
    }));
  const scored = [...tables.values()].map((of) => {
    const hits = words.map((word) => ({
      word,
      ...has(of, word).reduce((best, next) => (next.weight > best.weight ? next : best)),
    }));
    const met = hits.filter(({ weight }) => weight > 0);
    const score = met.reduce((sum, { word, weight }) => sum + weight * rarity(word), 0);
    // Marts are made to be asked.
    return {
      of,
      met,
      score:
        score *
        (met.length / Math.max(1, words.length)) ** 2 *
        (of.own.table.startsWith('campus.') ? 1.3 : 1),
    };
  });
  function rarity(word: string): number {
    const some = [...tables.values()].filter((of) => has(of, word).some(({ weight }) => weight > 0)).length;
    return Math.log(1 + tables.size / Math.max(1, some));
  }
  // A column that is named as it is called goes before words that are like it.
  const exact = new Set(asked.columns.flatMap(({ tables: of }) => of));
  const named = ({ of }: (typeof scored)[number]) => Number(exact.has(of.own.table));
  const best = scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => named(b) - named(a) || b.score - a.score || (a.of.own.table < b.of.own.table ? -1 : 1))
    .slice(0, SHOWN);
  if (best.length === 0) {
    const answer = emptyAnswer('unknown', 'I do not know: no table that I may read has it.', {
      intent: 'find',
    });
    return { ...answer, next: [{ text: 'Search the tables by name.', command: 'lake tables' }] };
  }
  const [first] = best;
  return {
    ...emptyAnswer(
      'metadata',
      `${first!.of.own.table}${first!.of.own.description ? `: ${first!.of.own.description}` : ''}`,
      { intent: 'find', about: best.map(({ of }) => of.own.table) },
    ),
    found: best.map(({ of, met }) =>
      found(of.own, met.map(({ word, one }) => whyOf(of, word, one)).join(', ')),
    ),
    next: [
      {
        text: 'See the table with all its columns.',
        link: linkOf(first!.of.own.table),
        command: `lake describe ${first!.of.own.table}`,
      },
    ],
    remarks: asked.remarks,
  };
}

const whyOf = (
  of: { name: Set<string>; columns: Map<string, string> },
  word: string,
  met: string,
): string => {
  const where = of.name.has(met)
    ? 'its name'
    : of.columns.has(met)
      ? `column ${of.columns.get(met)}`
      : 'its description';
  return word === met ? `${word} in ${where}` : `${word} as ${met} in ${where}`;
};

/** Words in small letters, plurals as one. */
function stems(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map((word) =>
      /[^aeiou]ies$/.test(word)
        ? word.replace(/ies$/, 'y')
        : /(?:s|x|ch|sh)es$/.test(word) && word.length > 5
          ? word.replace(/es$/, '')
          : /[^s]s$/.test(word) && word.length > 3
            ? word.slice(0, -1)
            : word,
    );
}
