import { CALL_KINDS } from '../calls.ts';
import { SqlError } from '../errors.ts';
import { REFUSED_FUNCTIONS, SHARED_FUNCTIONS } from '../functions/all.ts';
import { type Ast, type AstObject, isObject, nameOf, placeAt, visit } from '../tree.ts';
import { FOREIGN_SIGNS, FOREIGN_WORDS, type Reason } from './foreign-words.ts';
import { DOCUMENTED, unknownFunction } from './shape.ts';
import { type Token, tokensOf } from './tokens.ts';
import { BEFORE_PARENTHESIS, CLAUSES, GRAMMAR, TYPES } from './words.ts';

/** A rule over the words of a statement: what is wrong at this one, if anything. */
type Rule = (tokens: readonly Token[], i: number) => Reason | undefined;

const isWord = (token: Token | undefined, ...words: readonly string[]): boolean =>
  token?.kind === 'word' && words.includes(token.value.toLowerCase());
const isSign = (token: Token | undefined, ...signs: readonly string[]): boolean =>
  token?.kind === 'sign' && signs.includes(token.value);
const isClause = (token: Token | undefined): boolean =>
  token?.kind === 'word' && CLAUSES.has(token.value.toLowerCase());

/** Whether a comma stands before the parenthesis that is open at this token closes. */
function isList(tokens: readonly Token[], from: number): boolean {
  let depth = 0;
  for (const token of tokens.slice(from)) {
    if (isSign(token, '(', '[')) depth += 1;
    if (isSign(token, ')', ']')) depth -= 1;
    if (depth < 0) return false;
    if (depth === 0 && isSign(token, ',')) return true;
  }
  return false;
}

/** What the parser reads without a word and Athena does not read. */
const RULES: readonly Rule[] = [
  (tokens, i) => {
    const { kind, value } = tokens[i]!;
    if (kind !== 'unknown') return undefined;
    return FOREIGN_SIGNS[value] ?? [`Athena does not know the sign ${value}`, DOCUMENTED];
  },
  (tokens, i) => {
    const next = tokens[i + 1];
    const ends = next === undefined || isSign(next, ')', ']', ';', ',') || isClause(next);
    const begins =
      i === 0 || isSign(tokens[i - 1], '(', '[') || isWord(tokens[i - 1], 'select', 'by', 'from');
    return isSign(tokens[i], ',') && (ends || begins)
      ? ['a comma has nothing to divide', 'leave it out: a list ends without a comma']
      : undefined;
  },
  (tokens, i) =>
    isWord(tokens[i], 'from') && (i === 0 || isSign(tokens[i - 1], '('))
      ? ['a query begins with SELECT', 'write SELECT * FROM and the table']
      : undefined,
  (tokens, i) =>
    isWord(tokens[i], 'with') && isSign(tokens[i - 1], ')') && !isWord(tokens[i + 1], 'ordinality', 'time')
      ? ['there are two WITH before a query', 'write it once, and a comma between: WITH a AS (…), b AS (…)']
      : undefined,
  (tokens, i) =>
    isWord(tokens[i], 'limit') && tokens[i + 1]?.kind === 'number' && isSign(tokens[i + 2], ',')
      ? ['Athena has no LIMIT of two numbers', 'write OFFSET 5 LIMIT 10']
      : undefined,
  (tokens, i) =>
    isWord(tokens[i], 'limit') && tokens[i + 1]?.kind === 'number' && isWord(tokens[i + 2], 'offset')
      ? ['OFFSET comes before LIMIT', 'write OFFSET 5 LIMIT 10']
      : undefined,
  (tokens, i) =>
    tokens[i]!.kind === 'text' && tokens[i + 1]?.kind === 'text'
      ? ['two texts follow each other', "join them: 'a' || 'b'; a quote inside of a text is written twice"]
      : undefined,
  (tokens, i) => {
    const [before, number] = [tokens[i], tokens[i + 1]];
    const isLength = isWord(before, 'interval') && (number?.kind === 'number' || isSign(number, '('));
    return isLength
      ? [
          'the number of an interval is a text',
          "write INTERVAL '2' DAY, or date_add('day', n, d) for a number that is computed",
        ]
      : undefined;
  },
  (tokens, i) =>
    tokens[i]!.kind === 'number' &&
    tokens[i + 1]?.kind === 'word' &&
    tokens[i + 1]!.at === tokens[i]!.at + tokens[i]!.value.length
      ? [
          'a number and a word are written as one',
          'write digits alone: 1000, 1.5, 1e3; a name that begins with a digit is put into double quotes',
        ]
      : undefined,
  (tokens, i) =>
    isWord(tokens[i], 'is') &&
    isWord(tokens[isWord(tokens[i + 1], 'not') ? i + 2 : i + 1], 'unknown', 'true', 'false')
      ? ['Athena has IS NULL alone', 'write x IS NULL, or the condition itself']
      : undefined,
  (tokens, i) =>
    isWord(tokens[i], 'by') && isWord(tokens[i - 1], 'group') && isWord(tokens[i + 1], 'distinct', 'all')
      ? [
          isWord(tokens[i + 1], 'all')
            ? 'Athena has no GROUP BY ALL'
            : 'GROUP BY DISTINCT is not for every engine',
          'name the columns, or their numbers: GROUP BY 1, 2',
        ]
      : undefined,
  (tokens, i) =>
    isSign(tokens[i], '[') && isSign(tokens[i + 1], ']') && !isWord(tokens[i - 1], 'array')
      ? ['a type of arrays is written in another way', 'write array(integer), and ARRAY[] for an empty array']
      : undefined,
  (tokens, i) =>
    isSign(tokens[i], ';') && i < tokens.length - 1
      ? ['one statement is asked at a time', 'leave out what follows the semicolon']
      : undefined,
  // The parser makes a row of the arguments.
  (tokens, i) =>
    isWord(tokens[i], 'count') &&
    isSign(tokens[i + 1], '(') &&
    isWord(tokens[i + 2], 'distinct') &&
    isList(tokens, i + 3)
      ? ['count takes one value', 'count rows of values: count(DISTINCT (a, b))']
      : undefined,
];

/**
 * Refuses what the text says and the tree no longer shows: signs of other engines, commas without use, names of
 * functions that the parser has replaced by those of Athena.
 * @throws SqlError at the word in question
 */
export function checkWords(text: string): void {
  const tokens = tokensOf(text);
  for (const i of tokens.keys()) {
    const found = RULES.map((rule) => rule(tokens, i)).find((reason) => reason !== undefined);
    if (found) throw refusal(found, tokens[i]!, text);
  }
}

/**
 * Refuses a text that holds more than its tree, or less: whatever the parser has dropped or replaced, a name, a function, a
 * text or a number, is said to be read by nobody.
 * @throws SqlError at the word in question
 */
export function checkNothingIsLost(text: string, ast: AstObject): void {
  const tokens = tokensOf(text);
  const kept = keptBy(ast);
  const written = (word: string) => tokens.filter((token) => isWord(token, word));
  if (written('select').length !== kept.selects) {
    throw refusal(['a query begins with SELECT', 'write SELECT * FROM and the table'], tokens[0]!, text);
  }
  if (written('not').length !== kept.negations) {
    throw refusal(['a NOT has no meaning here', DOCUMENTED], written('not')[0] ?? tokens[0]!, text);
  }
  for (const [i, token] of tokens.entries()) {
    if (isSign(tokens[i + 1], '(') && isCalled(token, kept)) {
      const name = token.value.toLowerCase();
      if (!isFunction(name)) throw refusal(unknownFunction(name), token, text);
      continue;
    }
    if (token.kind === 'sign' || (token.kind === 'word' && GRAMMAR.has(token.value.toLowerCase()))) continue;
    const what = `${token.kind === 'quoted' ? 'word' : token.kind} ${token.kind === 'text' ? token.value : token.value.toLowerCase()}`;
    const left = kept.words.get(what) ?? 0;
    if (left === 0) {
      throw refusal(lost(token), token, text);
    }
    kept.words.set(what, left - 1);
  }
}

function lost({ kind, value }: Token): Reason {
  const name = value.toLowerCase();
  return kind === 'word' && Object.hasOwn(FOREIGN_WORDS, name)
    ? FOREIGN_WORDS[name]!
    : [`${kind === 'text' ? 'a text' : `"${value}"`} has no meaning where it stands`, DOCUMENTED];
}

interface Kept {
  /** How many SELECTs there are. */
  readonly selects: number;
  /** How often something is denied. */
  readonly negations: number;
  /** How often each name, text and number stands in the tree. */
  readonly words: Map<string, number>;
  /** Names that a list of columns may follow. */
  readonly withColumns: ReadonlySet<string>;
}

function keptBy(ast: AstObject): Kept {
  const words = new Map<string, number>();
  const withColumns = new Set<string>();
  let selects = 0;
  let negations = 0;
  const count = (what: string) => words.set(what, (words.get(what) ?? 0) + 1);
  const names = (value: Ast | undefined) => {
    if (typeof value === 'string') count(`word ${value.replaceAll('"', '').toLowerCase()}`);
  };
  visit(ast, (object) => {
    if (isObject(object.select) && !isOfValues(object.select)) selects += 1;
    if (object.not === true || isObject(object.not) || isObject(object.null_safe_eq)) negations += 1;
    const { name, data_type, alias, literal, precision, scale, length } = object;
    names(name);
    if (isObject(object.field)) names(object.field.Custom);
    for (const digits of [precision, scale, length])
      if (typeof digits === 'number') count(`number ${digits}`);
    if (isObject(literal)) {
      const isNumber = literal.literal_type === 'number';
      count(
        `${isNumber ? 'number' : 'text'} ${isNumber ? String(literal.value).toLowerCase() : literal.value}`,
      );
    }
    const aliased = nameOf(alias);
    if (aliased !== undefined && data_type === undefined) withColumns.add(aliased.toLowerCase());
  });
  return { selects, negations, words, withColumns };
}

/** `VALUES … UNION …`: the parser puts a SELECT of its own around the values. */
function isOfValues(select: AstObject): boolean {
  const from = isObject(select.from) ? select.from.expressions : undefined;
  const values = Array.isArray(from) && isObject(from[0]) ? from[0].values : undefined;
  return isObject(values) && nameOf(values.alias) === '_values';
}

const isCalled = (token: Token, { withColumns }: Kept): boolean => {
  const name = token.value.toLowerCase();
  if (token.kind !== 'word') return false;
  return !BEFORE_PARENTHESIS.has(name) && !TYPES.has(name) && !withColumns.has(name);
};

/** Functions that are written in ways of their own, and the other names of those that the parser keeps under one. */
const WRITTEN: ReadonlySet<string> = new Set([
  'position',
  'rollup',
  'cube',
  'grouping',
  'map',
  'row',
  'extract',
  'trim',
]);

const isFunction = (name: string): boolean =>
  SHARED_FUNCTIONS.has(name) ||
  Object.hasOwn(REFUSED_FUNCTIONS, name) ||
  WRITTEN.has(name) ||
  Object.hasOwn(CALL_KINDS, name);

function refusal([what, portable]: Reason, { at }: Token, text: string): SqlError {
  return new SqlError(`${what[0]!.toUpperCase()}${what.slice(1)}.`, {
    place: placeAt(text, [...text.slice(0, at)].length),
    hint: portable,
  });
}
