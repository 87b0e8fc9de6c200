import { nearest } from '../campus/nearest.ts';
import { SqlError } from './errors.ts';
import { CLAUSES, type Finding, KEYWORDS, RESERVED } from './reserved-words.ts';
import { placeAt } from './tree.ts';
import { isWord, type Word, wordsOf } from './words.ts';

type Rule = (words: readonly Word[], stopped: number) => Finding | undefined;

/** Rules for what the parser could not read, the surest first. `stopped`: which word the parser stopped at. */
const RULES: readonly Rule[] = [
  (words) => {
    const open = words.find(({ kind }) => kind === 'open');
    if (open?.text.startsWith('"')) {
      return [
        open,
        'The name that begins here has no closing quote.',
        'a name ends with a double quote: "first name"',
      ];
    }
    return open
      ? [
          open,
          'The text that begins here has no closing quote.',
          "write a text in single quotes, and a quote within it twice: 'O''Brien'",
        ]
      : undefined;
  },
  strangeSign,
  (words) => {
    const at = words.find((word) => isWord(word, 'MATCH_RECOGNIZE'));
    return at
      ? [
          at,
          'MATCH_RECOGNIZE is not for every engine.',
          'compare rows with lag(…) and lead(…) OVER (…); number runs of rows by a sum(…) OVER (…) of where one begins',
        ]
      : undefined;
  },
  (words) => {
    const isJson = words.some((word) => isWord(word, 'JSON_VALUE', 'JSON_EXISTS', 'JSON_QUERY'));
    const at = words.find((word, i) => isWord(word, 'ON') && isWord(words[i + 1], 'EMPTY', 'ERROR'));
    return isJson && at
      ? [
          at,
          'Functions of JSON have their defaults alone here: null or false where there is no value, and where it cannot be read.',
          'leave ON EMPTY and ON ERROR out, or write coalesce(json_value(…), x)',
        ]
      : undefined;
  },
  (words) => {
    const at = words.find((word) => isWord(word, 'QUALIFY'));
    return at
      ? [at, 'Athena has no QUALIFY.', 'put the window function into a subquery and filter outside of it']
      : undefined;
  },
  (words) => {
    const cases = words.filter((word) => isWord(word, 'CASE'));
    const ends = words.filter((word) => isWord(word, 'END'));
    return cases.length > ends.length
      ? [cases.at(-1), 'A CASE has no END.', 'CASE WHEN condition THEN value ELSE other END']
      : undefined;
  },
  misspelt,
  parentheses,
  (words, stopped) => {
    const [at, next] = [words[stopped], words[stopped + 1]];
    const before = words[stopped - 1];
    for (const [word, follower] of [
      [at, next],
      [before, at],
    ]) {
      if (isWord(word, 'GROUP', 'ORDER', 'PARTITION') && follower && !isWord(follower, 'BY')) {
        const name = word!.text.toUpperCase();
        return [word, `${name} is not followed by BY.`, `write ${name} BY and the columns`];
      }
    }
    return undefined;
  },
  clauseOutOfPlace,
  (words, stopped) => {
    const at = words[stopped];
    if (!isWord(at, 'LIKE') && !isWord(words[stopped - 1], 'LIKE') && !isWord(words[stopped - 2], 'LIKE'))
      return undefined;
    const like = words.findIndex((word, i) => i >= stopped - 2 && isWord(word, 'LIKE'));
    return words[like + 1]?.text === '%'
      ? [words[like + 1], 'The pattern of LIKE is not a text.', "put it in single quotes: LIKE '%a%'"]
      : undefined;
  },
  (words, stopped) => {
    const at = words[stopped];
    return at !== undefined &&
      stopped < words.length - 1 &&
      isWord(at, ...RESERVED) &&
      !isWord(at, ...KEYWORDS_THAT_GO_ON)
      ? [
          at,
          `The SQL cannot be read at "${at.text}", which is a word of SQL.`,
          `something is missing before it; a column of that name is put in double quotes: "${at.text.toLowerCase()}"`,
        ]
      : undefined;
  },
  (words, stopped) => {
    const last = words.at(-1);
    return last !== undefined &&
      stopped >= words.length - 1 &&
      (last.kind === 'sign' || isWord(last, ...KEYWORDS))
      ? [
          last,
          `The SQL ends too early: something is missing after ${last.text}.`,
          'write what belongs there, or leave it out',
        ]
      : undefined;
  },
];

/** After these the parser stops where what follows them is wrong. */
const KEYWORDS_THAT_GO_ON = ['NULL', 'TRUE', 'FALSE', 'AND', 'OR', 'NOT', 'END', 'AS'];

/**
 * What the parser could not read, in the words of SQL.
 * @param offset where the parser stopped, in characters. Default: at the end
 */
export function syntaxError(text: string, offset: number | undefined): SqlError {
  const words = wordsOf(text);
  const found = words.findIndex(({ start, text: { length } }) => start + length > (offset ?? Infinity));
  const stopped = found < 0 ? words.length : found;
  for (const rule of RULES) {
    const [at, message, hint] = rule(words, stopped) ?? [];
    if (message !== undefined) return new SqlError(message, { place: at && placeAt(text, at.start), hint });
  }
  const at = words[stopped];
  return at === undefined
    ? new SqlError('The SQL ends too early or cannot be read.')
    : new SqlError(`The SQL cannot be read at "${at.text.slice(0, 40)}".`, {
        place: placeAt(text, at.start),
        hint: hintBefore(words, stopped),
      });
}

/** What often goes before a word that nothing explains. */
function hintBefore(words: readonly Word[], stopped: number): string {
  const [before, at] = [words[stopped - 1], words[stopped]!];
  if (isWord(before, 'AS') || before?.kind === 'word' || before?.kind === 'name') {
    if (at.kind === 'word' || at.kind === 'name')
      return 'an operator, a comma or a keyword is missing before it';
  }
  return 'the mistake is here or just before; docs/sql.md has examples of what can be written';
}

/** Signs at the place where the parser stopped that are known from elsewhere. */
function strangeSign(words: readonly Word[], stopped: number): Finding | undefined {
  const at = words[stopped];
  if (at?.text === '#') return [at, '# begins no comment.', 'a comment begins with --'];
  if (at?.text === '[') return [at, 'Names are not put in brackets.', 'use double quotes: "first name"'];
  if (words[0]?.text === '\\') {
    return [
      words[0],
      'Commands that begin with a backslash are for the interactive shell.',
      '`lake query` without a statement begins it; SHOW TABLES and DESCRIBE work everywhere',
    ];
  }
  return undefined;
}

/** A bare word shortly before the stop, or there, that is nearly a keyword. */
function misspelt(words: readonly Word[], stopped: number): Finding | undefined {
  for (const i of [stopped, stopped - 1, stopped - 2]) {
    const word = words[i];
    // A word after a dot, after AS or before a parenthesis is a name.
    if (word?.kind !== 'word' || words[i - 1]?.text === '.' || words[i + 1]?.text === '.') continue;
    if (words[i + 1]?.text === '(' || isWord(words[i - 1], 'AS')) continue;
    const keyword = nearKeyword(word.text, KEYWORDS);
    if (keyword === undefined) continue;
    return [word, `The SQL cannot be read at "${word.text}".`, `did you mean ${keyword}?`];
  }
  return undefined;
}

/** The keyword that was meant by a word that is none: its letters are in another order, or few differ. */
export function nearKeyword(written: string, keywords: readonly string[]): string | undefined {
  const word = written.toUpperCase();
  if (word.length < 3 || RESERVED.has(word) || keywords.includes(word)) return undefined;
  const letters = (text: string) => [...text].sort().join('');
  return (
    keywords.find((keyword) => keyword[0] === word[0] && letters(keyword) === letters(word)) ??
    nearest(
      word,
      keywords.filter(({ length }) => length > 3),
    )
  );
}

function parentheses(words: readonly Word[], stopped: number): Finding | undefined {
  const open: Word[] = [];
  for (const [i, word] of words.entries()) {
    if (word.text === '(') open.push(word);
    if (word.text !== ')') continue;
    if (open.pop() === undefined) {
      return i <= stopped + 1
        ? [word, 'This parenthesis closes nothing.', 'leave it out, or open it before']
        : undefined;
    }
  }
  return open.length > 0
    ? [open.at(-1), 'The parenthesis that opens here is never closed.', 'close it with )']
    : undefined;
}

/** A clause after one that it stands before, or a second time. Only of the outermost SELECT: others have their own. */
function clauseOutOfPlace(words: readonly Word[], stopped: number): Finding | undefined {
  const at = words[stopped];
  const place = at?.kind === 'word' ? CLAUSES.indexOf(at.text.toUpperCase()) : -1;
  if (at === undefined || place < 1) return undefined;
  let depth = 0;
  let before: Word | undefined;
  for (const word of words.slice(0, stopped).reverse()) {
    if (word.text === ')') depth += 1;
    if (word.text === '(') depth -= 1;
    if (depth < 0 || (depth === 0 && isWord(word, 'SELECT', 'UNION', 'EXCEPT', 'INTERSECT'))) break;
    if (depth === 0 && isWord(word, ...CLAUSES.slice(place))) before = word;
  }
  if (before === undefined) return undefined;
  const [name, other] = [at, before].map(({ text }) =>
    text.toUpperCase().replace(/^(GROUP|ORDER)$/, '$1 BY'),
  );
  if (name === other) {
    return [
      at,
      `There are two ${name}.`,
      name === 'WHERE' ? 'join the conditions by AND' : 'leave one of them out',
    ];
  }
  return [
    at,
    `${name} comes after ${other} and belongs before it.`,
    'the order is SELECT … FROM … WHERE … GROUP BY … HAVING … ORDER BY … OFFSET … LIMIT',
  ];
}
