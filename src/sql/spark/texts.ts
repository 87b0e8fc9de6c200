import { binary, call, cast, choose, isNull, lambda, NULL, numberOf, textOf, word } from '../build.ts';
import { SqlError } from '../errors.ts';
import { constantNumber, constantText } from '../literal.ts';
import { type Ast, isObject } from '../tree.ts';
import { elementOf } from '../types/sql-type.ts';
import { NEWER_CAPITAL, NEWER_SMALL } from '../unicode-16.ts';
import { WHITE_SPACE } from '../white-space.ts';
import { REGEXP } from './regexp.ts';
import { BY_ATHENA, type SparkCall, type SparkRewriting, stoppedWhere } from './spark-call.ts';
import { literalText } from './times.ts';

const counted =
  (name: string): SparkRewriting =>
  ({ args }) =>
    cast(call(name, ...args), 'BIGINT');

/** Spark's separators are patterns: quoted, they stand for themselves. An empty one splits nothing in Athena. */
function splitAt(given: SparkCall): Ast {
  const [text, separator] = given.args;
  const quoted = call('concat', textOf('\\Q'), notEmpty(given, separator!), textOf('\\E'));
  return call('split', text, quoted, numberOf(-1));
}

/** A text that must not be empty: refused where it is written out, an error where it comes from a row. */
function notEmpty({ name, refuse }: SparkCall, text: Ast): Ast {
  const written = constantText(text);
  if (written === '')
    refuse(`${name} is given an empty text, which Athena does not take`, 'write the text out');
  const isEmpty = binary('eq', text, textOf(''));
  return written === undefined ? stoppedWhere(isEmpty, `${name} was given an empty text.`, text) : text;
}

/** A whole number that must not be less than `least`: refused or an error, likewise. */
function notLess({ name, refuse }: SparkCall, number: Ast, least: number): Ast {
  const written = constantNumber(number);
  if (written !== undefined && written < least) {
    refuse(`${name} is given ${written}, which Athena does not take`, `write a number from ${least} on`);
  }
  const isLess = binary('lt', number, numberOf(least));
  return written === undefined
    ? stoppedWhere(isLess, `${name} was given too small a number.`, number)
    : number;
}

const padded: SparkRewriting = (given) =>
  call(given.name, given.args[0], notLess(given, given.args[1]!, 0), notEmpty(given, given.args[2]!));

/**
 * With the value in a list, Spark gives it as JSON: a text in quotes, so that an object or a list, which are no
 * scalars, can be told from a text that looks like one.
 */
const scalar: SparkRewriting = ({ args, refuse }) => {
  const path = literalText(args[1]);
  if (path === undefined || !/^\$(\.[A-Za-z_]\w*|\[\d+\])+$/.test(path)) {
    return refuse(
      'the path into the JSON is not one that every engine understands',
      "write it out with plain names: '$.a.b[0]'",
    );
  }
  const listed = call(
    'get_json_object',
    call('concat', textOf('['), args[0]!, textOf(']')),
    textOf(path.replace('$', '$[*]')),
  );
  const isNested = call('rlike', listed, textOf('^[\\[{]'));
  const isFraction = call('rlike', listed, textOf('^-?[0-9]+[.eE]'));
  const found = call('get_json_object', args[0]!, args[1]!);
  const isBroken = binary(
    'and',
    call('rlike', args[0]!, textOf('^\\s*[\\[{]')),
    isNull(call('get_json_object', args[0]!, textOf('$'))),
  );
  const unlessFraction = choose(isFraction, call('raise_error', textOf(FRACTION)), found);
  return stoppedWhere(isBroken, BROKEN, choose(isNested, NULL, unlessFraction));
};
const BROKEN = 'A text that looks like JSON breaks off and Athena takes what comes before that place.';
const FRACTION =
  'A fraction is taken out of JSON as text, which Athena leaves as it was written. Cast it to double or to a decimal.';

/** A fraction in JSON that becomes a number is taken as it is. */
export function jsonNumber(text: Ast): Ast {
  const outer = isObject(text) && isObject(text.case) ? text.case : undefined;
  if (!outer || !JSON.stringify(outer).includes(FRACTION)) return text;
  const isThis = JSON.stringify(outer.whens ?? null).includes(FRACTION);
  return isThis ? (outer.else_ ?? null) : { case: { ...outer, else_: jsonNumber(outer.else_ ?? null) } };
}

/**
 * Letter by letter: Spark makes two capitals of one ß, and a small sigma of its own at the end of a word, which Trino
 * does not. Texts of plain letters go the short way.
 */
const letterwise =
  (name: string): SparkRewriting =>
  ({ args }) => {
    const letter = call(name, word('c'));
    const isOne = binary('eq', call('length', letter), numberOf(1));
    const changed = name === 'upper' ? choose(isOne, letter, word('c')) : call('left', letter, numberOf(1));
    const [from, to] = name === 'upper' ? [NEWER_SMALL, NEWER_CAPITAL] : [NEWER_CAPITAL, NEWER_SMALL];
    const known = call('translate', args[0]!, textOf(from), textOf(to));
    const letters = call('transform', call('split', known, textOf('')), lambda(['c'], changed));
    const isPlain = call('rlike', args[0]!, textOf('^[\\x00-\\x7F]*$'));
    return choose(isPlain, call(name, args[0]!), call('array_join', letters, textOf('')));
  };

/** `trim(BOTH letters FROM x)`: without letters Spark trims blanks alone. */
export const trimmed = (x: Ast, letters: Ast | undefined, side: string): Ast => ({
  trim: {
    this: x,
    characters: letters ?? textOf(WHITE_SPACE),
    position: side,
    sql_standard_syntax: true,
    position_explicit: true,
  },
});

/** An empty text is found before, between and after all signs in Athena, and nowhere in Spark. */
const replaced: SparkRewriting = ({ args, refuse }) => {
  const [x, part, other] = [args[0]!, args[1]!, args[2] ?? textOf('')];
  const found = call('replace', x, part, other);
  const searched = constantText(part);
  if (searched === undefined) {
    const isEmpty = binary('eq', part, textOf(''));
    return args[2] === undefined
      ? found
      : choose(isEmpty, call('raise_error', textOf('replace was given an empty text to look for.')), found);
  }
  return searched === '' && args[2] !== undefined
    ? refuse('not every engine finds an empty text', 'name the text that is looked for')
    : found;
};

/** Spark takes 0 for 1, and begins at the first sign where a start lies before it. */
const part: SparkRewriting = ({ args }) => {
  const [x, start, count] = [args[0]!, args[1]!, args[2]];
  const cut = call('substr', x, start, ...(count === undefined ? [] : [count]));
  if (isPositive(start) && (count === undefined || isPositive(count))) return cut;
  const isOutside = binary(
    'or',
    binary('eq', start, numberOf(0)),
    binary('lt', start, { neg: { this: call('length', x) } }),
  );
  return choose(isOutside, choose(isNull(binary('concat', x, cut)), NULL, textOf('')), cut);
};
const isPositive = (node: Ast): boolean => (constantNumber(node) ?? 0) > 0;

/** The last number of a sign in Unicode. */
const LAST_SIGN = 0x10ffff;

/** Texts, where Spark has other names, gives other types, or takes separators for patterns. */
export const TEXTS: { readonly [name: string]: SparkRewriting } = {
  chr: (given) => {
    const sign = notLess(given, given.args[0]!, 0);
    const written = constantNumber(sign);
    if (written !== undefined && written > LAST_SIGN)
      given.refuse('there is no such sign', 'signs end at 1114111');
    const isPast = binary('gt', sign, numberOf(LAST_SIGN));
    const known =
      written === undefined ? stoppedWhere(isPast, 'chr was given too big a number.', sign) : sign;
    const bytes = call('unhex', call('lpad', call('hex', known), numberOf(8), textOf('0')));
    return call('decode', bytes, textOf('UTF-32'));
  },
  codepoint: (given) => call('ascii', notEmpty(given, given.args[0]!)),
  concat_ws: ({ node, types, refuse }) =>
    types.some((type) => elementOf(type) !== undefined)
      ? refuse('concat_ws of a list is another in Spark where the list is null', 'write array_join')
      : node,
  ends_with: ({ args }) => call('endswith', ...args),
  json_array_length: counted('json_array_length'),
  json_extract_scalar: scalar,
  length: counted('length'),
  lpad: padded,
  ltrim: ({ args }) => trimmed(args[0]!, args[1], 'Leading'),
  lower: letterwise('lower'),
  replace: replaced,
  ...REGEXP,
  rpad: padded,
  rtrim: ({ args }) => trimmed(args[0]!, args[1], 'Trailing'),
  split: (given) =>
    given.args[2] === undefined
      ? splitAt(given)
      : given.refuse(
          'split with a limit is not for every engine',
          'write split_part, or split without a limit',
        ),
  // Past the last part there is nothing, not an empty text.
  split_part: (given) => call('try_element_at', splitAt(given), notLess(given, given.args[2]!, 1)),
  substr: part,
  starts_with: ({ args }) => call('startswith', ...args),
  upper: letterwise('upper'),
  strpos: ({ args, refuse }) =>
    args[2] === undefined
      ? cast(call('locate', args[1]!, args[0]!), 'BIGINT')
      : refuse('strpos of a further find is not for every engine', 'write strpos(x, part), or split'),
};

/** `a LIKE b`: a backslash stands for itself, which it does in Spark only where another escape is named. */
export function like(left: Ast, right: Ast, written: Ast): Ast {
  const text = literalText(right);
  if (isObject(written) && literalText(written) === undefined) {
    throw new SqlError('The escape of LIKE comes from a row, which Spark does not take.', {
      hint: `write it out: LIKE p ESCAPE '!'; or ${BY_ATHENA}`,
    });
  }
  const isPlain = text !== undefined && !text.includes('\\');
  return { like: { left, right, escape: written ?? (isPlain ? null : textOf('\u0001')), quantifier: null } };
}
