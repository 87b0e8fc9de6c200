import { call, choose, NULL, numberOf, textOf } from '../build.ts';
import { constantNumber, constantText } from '../literal.ts';
import { checkPortable, groupUse, ligaturesOf } from '../regexp/analyse.ts';
import { parseRegexp } from '../regexp/parse.ts';
import { PatternProblem, type Regexp } from '../regexp/pattern.ts';
import { parseReplacement } from '../regexp/replacement.ts';
import { JAVA, spelt } from '../regexp/spell.ts';
import type { Ast } from '../tree.ts';
import type { SparkCall, SparkRewriting } from './spark-call.ts';

/** The pattern of a call, and as Spark reads it: only a line feed ends a line. */
function patternOf({ args, refuse }: SparkCall): { readonly regexp: Regexp; readonly java: Ast } {
  const written = constantText(args[1]);
  if (written === undefined) {
    return refuse(
      'the pattern comes from a row, and every engine reads some signs of it otherwise',
      'write the pattern out as a text; a part of a row is looked for with strpos, starts_with or LIKE',
    );
  }
  const regexp = readPattern(refuse, () => parseRegexp(written));
  readPattern(refuse, () => checkPortable(regexp));
  if (ligaturesOf(regexp.pattern) !== '') {
    refuse('(?i) finds two letters in one sign in Athena alone', 'compare lower(x) without (?i)');
  }
  return { regexp, java: textOf(`(?d)${spelt(regexp.pattern, JAVA)}`) };
}

function readPattern<T>(refuse: SparkCall['refuse'], read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PatternProblem)) throw error;
    return refuse(`this pattern is not the same in every engine: ${error.message}`, error.portable);
  }
}

const found: SparkRewriting = (given) => {
  const { regexp, java } = patternOf(given);
  const [x, , written] = given.args;
  const group = written === undefined ? 0 : constantNumber(written);
  if (group === undefined || group < 0 || group > regexp.groups) {
    return given.refuse(
      'the pattern has no such group',
      'groups are in parentheses and count from 1; write the number out',
    );
  }
  const use = group === 0 ? undefined : groupUse(regexp.pattern, group);
  const text = call('regexp_extract', x, java, numberOf(group));
  const isSure = use === undefined || use.always;
  // Spark gives an empty text for a group that took no part.
  if (!isSure && use.canBeEmpty) {
    given.refuse(
      'Spark cannot tell an empty group from one that took no part',
      'write + rather than * in the group',
    );
  }
  return choose(call('rlike', x, java), isSure ? text : call('nullif', text, textOf('')), NULL);
};

const replaced: SparkRewriting = (given) => {
  const { regexp, java } = patternOf(given);
  const [x, , other] = given.args;
  const written = other === undefined ? '' : constantText(other);
  if (written === undefined) {
    return given.refuse(
      'what is put in comes from a row, where $ and a backslash mean something else',
      'write it out as a text, or use replace',
    );
  }
  const pieces = readPattern(given.refuse, () => parseReplacement(written, regexp));
  const java2 = pieces.map((piece) =>
    typeof piece === 'string' ? piece.replace(/[\\$]/, '\\$&') : `$${piece}`,
  );
  return call('regexp_replace', x, java, textOf(java2.join('')));
};

/** Patterns, which are Java's in Spark. */
export const REGEXP: { readonly [name: string]: SparkRewriting } = {
  regexp_extract: found,
  regexp_like: (given) => call('rlike', given.args[0], patternOf(given).java),
  regexp_replace: replaced,
};
