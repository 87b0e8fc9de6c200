import { PatternProblem, type Regexp } from './pattern.ts';

/** Pieces of what is put in place of a find: text as it stands, and groups by number (0 is the whole find). */
export type ReplacementPiece = string | number;

/**
 * Reads the third argument of Athena's `regexp_replace`: `$1`, `${name}`, and a backslash before any sign that stands
 * for itself. Of `$12` as much is the number as there are groups.
 * @throws PatternProblem where it is none, or names a group that the pattern has not
 */
export function parseReplacement(text: string, { groups, names }: Regexp): readonly ReplacementPiece[] {
  const pieces: ReplacementPiece[] = [];
  const signs = [...text];
  for (let at = 0; at < signs.length; at++) {
    const sign = signs[at]!;
    if (sign === '\\') {
      const next = signs[++at];
      if (next === undefined)
        throw new PatternProblem('what is put in ends in a backslash', 'write \\\\ for the sign');
      pieces.push(next);
    } else if (sign === '$') {
      const { group, length } = groupAt(signs.slice(at + 1), groups, names);
      pieces.push(group);
      at += length;
    } else pieces.push(sign);
  }
  return pieces;
}

function groupAt(
  signs: readonly string[],
  groups: number,
  names: ReadonlyMap<string, number>,
): { readonly group: number; readonly length: number } {
  const text = signs.join('');
  const named = /^\{(\w+)\}/.exec(text);
  if (named) {
    const group = names.get(named[1]!);
    if (group === undefined) throw unknownGroup(named[1]!);
    return { group, length: named[0].length };
  }
  const digits = /^\d+/.exec(text)?.[0];
  if (digits === undefined) {
    throw new PatternProblem('a $ names no group', 'write \\$ for the sign');
  }
  if (Number(digits[0]) > groups) throw unknownGroup(digits[0]!);
  let length = 1;
  while (length < digits.length && Number(digits.slice(0, length + 1)) <= groups) length++;
  return { group: Number(digits.slice(0, length)), length };
}

const unknownGroup = (name: string): PatternProblem =>
  new PatternProblem(
    `the pattern has no group ${name}`,
    'groups are in parentheses and count from 1; write \\$ for the sign',
  );
