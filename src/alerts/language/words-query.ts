import { and, type CompareKind, FALSE, not, or, type PatternKind, type Query, TRUE } from './query.ts';
import { type Word, WordFault, word } from './word.ts';

const compare = (name: CompareKind, does: string): Word =>
  word(name, ['text', 'text'], does, ([key, value]) => [{ kind: name, key, value }]);

const LONGEST_PATTERN = 500;

function pattern(name: PatternKind, does: string, flags: string): Word {
  return word(name, ['text', 'text'], does, ([key, value]) => {
    if (value.length > LONGEST_PATTERN)
      throw new WordFault(`takes a pattern of at most ${LONGEST_PATTERN} characters`);
    return [{ kind: name, key, value, pattern: compiled(value, flags) }];
  });
}

/** Anchored at the start alone, as in Atlas. */
function compiled(value: string, flags: string): RegExp {
  try {
    return new RegExp(`^${value}`, flags);
  } catch {
    throw new WordFault(`cannot read the pattern "${value}"`);
  }
}

/** Words that choose datapoints by their tags. */
export const QUERY_WORDS: readonly Word[] = [
  word('true', [], 'every datapoint', (): Query[] => [TRUE]),
  word('false', [], 'no datapoint', (): Query[] => [FALSE]),
  word('has', ['text'], 'datapoints that have the tag', ([key]) => [{ kind: 'has', key }]),
  compare('eq', 'the tag has this value'),
  compare('lt', 'the tag is before this text'),
  compare('le', 'the tag is this text or before it'),
  compare('gt', 'the tag is after this text'),
  compare('ge', 'the tag is this text or after it'),
  pattern('re', 'the tag begins with what the pattern describes', 'u'),
  pattern('reic', 'the same, upper or lower case', 'iu'),
  compare('contains', 'the tag has this text in it'),
  compare('starts', 'the tag begins with this text'),
  compare('ends', 'the tag ends with this text'),
  word('in', ['text', 'texts'], 'the tag has one of these values', ([key, values]) => [
    { kind: 'in', key, values },
  ]),
  word('and', ['query', 'query'], 'both', ([a, b]) => [and(a, b)]),
  word('or', ['query', 'query'], 'one of them', ([a, b]) => [or(a, b)]),
  word('not', ['query'], 'the others, also those without the tag', ([query]) => [not(query)]),
];
