/**
 * The signs that `trim`, `ltrim` and `rtrim` cut off: Java's `Character.isWhitespace`, so tabs and line ends, and no
 * no-break space (U+00A0, U+2007, U+202F). Found by asking Trino 476 for every code point.
 */
export const WHITE_SPACE: string = [
  '\t\n\v\f\r\x1c\x1d\x1e\x1f ',
  '\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029\u205f\u3000',
].join('');
