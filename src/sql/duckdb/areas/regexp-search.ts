import { call, cast, NULL, textOf } from '../../build.ts';
import { constantText } from '../../literal.ts';
import { checkPortable, hasEdges, isLastLineAtEnd, ligaturesOf, lineEndOf } from '../../regexp/analyse.ts';
import { parseRegexp } from '../../regexp/parse.ts';
import { PatternProblem, type Regexp } from '../../regexp/pattern.ts';
import { re2, spelt } from '../../regexp/spell.ts';
import { type Ast, isObject } from '../../tree.ts';
import { refused } from '../rewriting.ts';
import type { RewrittenCall } from './area.ts';

/** A call that looks for a pattern, as DuckDB is asked for it. */
export interface Search {
  readonly regexp: Regexp;
  /** What is searched, without what the pattern may not meet. */
  readonly x: Ast;
  readonly pattern: Ast;
  /** The pattern in RE2's words. */
  readonly text: string;
  /** A line feed that ends the text was left out of `x`. */
  readonly isCut: boolean;
}

/** Letters, marks and digits beyond ASCII, which are words to Athena and none to RE2. Too wide rather than too narrow. */
const WORDS_BEYOND_ASCII =
  '[^\\x{0}-\\x{a9}\\x{ab}-\\x{b1}\\x{b4}\\x{b6}-\\x{b8}\\x{bb}\\x{bf}\\x{2000}-\\x{203e}\\x{2041}-\\x{2053}\\x{2055}-\\x{206f}\\x{20a0}-\\x{20cf}]';

/**
 * For a call that says only whether there is a find, where `$` may take the line feed that it stands before.
 * @throws SqlError for a pattern that is not the same in every engine
 */
export function forTesting(given: RewrittenCall): Search {
  const regexp = regexpOf(given);
  const isExact = isLastLineAtEnd(regexp.pattern);
  if (!isExact) refuse(given, '$ is inside the pattern', 'write $ last, or \\z for the very end');
  return searched(given, regexp, '(?:\\n?\\z)', [], false);
}

/**
 * For a call that takes finds out of a text.
 * @param canCut whether a line feed may be left out, which a find cannot reach
 * @throws SqlError for a pattern that is not the same in every engine
 */
export function forFinding(given: RewrittenCall, canCut: boolean): Search {
  const regexp = regexpOf(given);
  const lineEnd = lineEndOf(regexp.pattern);
  const isCut = lineEnd === 'leave-out' && canCut;
  const hazard = lineEnd === 'none-allowed' || (lineEnd === 'leave-out' && !canCut) ? ['\\n\\z'] : [];
  return searched(given, regexp, '\\z', hazard, isCut);
}

function searched(
  given: RewrittenCall,
  regexp: Regexp,
  lastLine: string,
  hazards: readonly string[],
  isCut: boolean,
): Search {
  const { pattern } = regexp;
  const ligatures = ligaturesOf(pattern);
  const unsafe = [
    ...hazards,
    ...(hasEdges(pattern) ? [WORDS_BEYOND_ASCII] : []),
    ...(ligatures === '' ? [] : [`[${ligatures}]`]),
  ].join('|');
  const [given0 = NULL] = given.args;
  const safe = unsafe === '' ? given0 : call('trino_searchable', given0, textOf(unsafe));
  const text = spelt(pattern, re2(lastLine));
  return {
    regexp,
    x: isCut ? call('trino_without_line_feed', safe) : safe,
    pattern: isNullPattern(given) ? cast(NULL, 'VARCHAR') : textOf(text),
    text,
    isCut,
  };
}

function regexpOf(given: RewrittenCall): Regexp {
  if (isNullPattern(given)) return parseRegexp('-');
  const written = constantText(given.args[1]);
  if (written === undefined) {
    return refuse(
      given,
      'the pattern comes from a row, and every engine reads some signs of it otherwise',
      'write the pattern out as a text; a part of a row is looked for with strpos, starts_with or LIKE',
    );
  }
  return readPattern(given, () => {
    const regexp = parseRegexp(written);
    checkPortable(regexp);
    return regexp;
  });
}

const isNullPattern = ({ args }: RewrittenCall): boolean => isObject(args[1]) && 'null' in args[1];

/** @throws SqlError for a problem of a pattern, at the call */
export function readPattern<T>(given: RewrittenCall, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PatternProblem)) throw error;
    return refuse(given, `this pattern is not the same in every engine: ${error.message}`, error.portable);
  }
}

export const refuse = (given: RewrittenCall, what: string, portable: string): never =>
  refused(given.node, given.text, what, portable);
