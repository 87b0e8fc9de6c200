import { escapedSign } from './escapes.ts';
import { type Member, PatternProblem } from './pattern.ts';

interface ParsedClass {
  readonly negated: boolean;
  readonly members: readonly Member[];
  /** How many signs it takes, with the closing bracket. */
  readonly length: number;
}

/**
 * Reads a class, from after its opening bracket.
 * @throws PatternProblem for a class in a class, intersections, and names as in `[[:alpha:]]`
 */
export function parseClass(signs: readonly string[]): ParsedClass {
  let at = 0;
  const negated = signs[at] === '^';
  if (negated) at++;
  const members: Member[] = [];
  for (let isFirst = true; isFirst || signs[at] !== ']'; isFirst = false) {
    if (at >= signs.length) throw new PatternProblem('a bracket is not closed', 'write \\[ for the sign');
    const begin = memberAt(signs, at);
    at += begin.length;
    if (signs[at] !== '-' || signs[at + 1] === ']') {
      members.push(begin.member);
      continue;
    }
    const end = memberAt(signs, at + 1);
    if (!('from' in begin.member) || !('from' in end.member) || end.member.from < begin.member.from) {
      throw new PatternProblem('a class has a range without two ends', 'write a hyphen last: [\\w.-]');
    }
    members.push({ from: begin.member.from, to: end.member.from });
    at += 1 + end.length;
  }
  return { negated, members, length: at + 1 };
}

function memberAt(
  signs: readonly string[],
  at: number,
): { readonly member: Member; readonly length: number } {
  const sign = signs[at];
  if (sign === undefined) throw new PatternProblem('a bracket is not closed', 'write \\[ for the sign');
  if (sign === '[') {
    throw new PatternProblem(
      'a class holds another one, which every engine reads otherwise',
      'write its letters out, [A-Za-z], and \\[ for the sign',
    );
  }
  if (sign === '&' && signs[at + 1] === '&') {
    throw new PatternProblem('not every engine can intersect classes', 'write the letters out');
  }
  if (sign !== '\\') {
    const code = sign.codePointAt(0)!;
    return { member: { from: code, to: code }, length: 1 };
  }
  const letter = signs[at + 1] ?? '';
  if (/[dwsDWS]/.test(letter)) return { member: { letter: letter as 'd' }, length: 2 };
  const { code, length } = escapedSign(signs.slice(at + 1, at + 10));
  return { member: { from: code, to: code }, length: 1 + length };
}
