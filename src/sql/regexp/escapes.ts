import { PatternProblem } from './pattern.ts';

/** Signs that are written as a letter after a backslash. */
const SIGN_ESCAPES: { readonly [letter: string]: number } = {
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  a: 7,
  e: 27,
};

/** The sign that stands after a backslash, and how much of the text names it. */
export function escapedSign(after: readonly string[]): { readonly code: number; readonly length: number } {
  const letter = after[0] ?? '';
  const named = SIGN_ESCAPES[letter];
  if (named !== undefined) return { code: named, length: 1 };
  const number = /^(?:x([0-7][0-9A-Fa-f])|x\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4}))/.exec(
    after.slice(0, 9).join(''),
  );
  if (number) {
    const code = Number.parseInt(number[1] ?? number[2] ?? number[3] ?? '', 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      throw new PatternProblem('a number is that of no sign', 'write the sign itself');
    }
    return { code, length: number[0].length };
  }
  if (letter === '' || /[A-Za-z0-9]/.test(letter) || letter > '\x7f') {
    throw new PatternProblem(
      `\\${letter} is not known to every engine`,
      letter === 'p' || letter === 'P'
        ? 'write the letters out as a class: [A-Za-zÀ-ÿ]'
        : 'known are \\d \\w \\s \\b, their capitals, \\A \\z \\Z, \\t \\n \\r, \\uhhhh and signs that are no letters',
    );
  }
  return { code: letter.codePointAt(0)!, length: 1 };
}
