import type { Anchor, Member, Pattern } from './pattern.ts';

/** How an engine spells what others spell otherwise. */
export interface Spelling {
  readonly anchors: { readonly [anchor in Anchor]: string };
  /** Before the name of a group. */
  readonly name: string;
  /** Flags of what regards no case. */
  readonly folded: string;
}

/** RE2 of DuckDB; `end` says what stands for `$`. */
export const re2 = (lastLine: string): Spelling => ({
  anchors: {
    start: '\\A',
    end: '\\z',
    'last-line': lastLine,
    'line-start': '(?m:^)',
    'line-end': '(?m:$)',
    edge: '\\b',
    'no-edge': '\\B',
  },
  name: '?P',
  folded: '(?i:',
});

/** Java's patterns, of Spark, to be read with the flag `d`: only a line feed ends a line. */
export const JAVA: Spelling = {
  anchors: {
    start: '\\A',
    end: '\\z',
    'last-line': '\\Z',
    'line-start': '(?m:^)',
    'line-end': '(?m:$)',
    edge: '\\b',
    'no-edge': '\\B',
  },
  name: '?',
  folded: '(?iu:',
};

/** A pattern as an engine reads it. */
export function spelt(pattern: Pattern, spelling: Spelling): string {
  switch (pattern.kind) {
    case 'sign': {
      const sign = signOf(pattern.code);
      return pattern.folded && isLetter(pattern.code) ? `${spelling.folded}${sign})` : sign;
    }
    case 'any':
      return pattern.overLines ? '(?s:.)' : '.';
    case 'class': {
      const text = `[${pattern.negated ? '^' : ''}${pattern.members.map(memberOf).join('')}]`;
      const hasLetters = pattern.members.some((member) => 'from' in member && !isPlainSign(member));
      return pattern.folded && hasLetters ? `${spelling.folded}${text})` : text;
    }
    case 'anchor':
      return spelling.anchors[pattern.at];
    case 'group': {
      const opened =
        pattern.number === undefined ? '?:' : pattern.name && `${spelling.name}<${pattern.name}>`;
      return `(${opened ?? ''}${spelt(pattern.body, spelling)})`;
    }
    case 'repeat':
      return `${asOne(pattern.body, spelling)}${timesOf(pattern.least, pattern.most)}${pattern.lazy ? '?' : ''}`;
    case 'sequence':
      return pattern.items
        .map((item) => (item.kind === 'choice' ? asOne(item, spelling) : spelt(item, spelling)))
        .join('');
    case 'choice':
      return pattern.branches.map((branch) => spelt(branch, spelling)).join('|');
  }
}

const asOne = (pattern: Pattern, spelling: Spelling): string =>
  pattern.kind === 'sequence' || pattern.kind === 'choice'
    ? `(?:${spelt(pattern, spelling)})`
    : spelt(pattern, spelling);

function timesOf(least: number, most: number): string {
  if (most === 1 && least === 0) return '?';
  if (!Number.isFinite(most)) return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`;
  return least === most ? `{${least}}` : `{${least},${most}}`;
}

/** Signs that are no letters, digits or blanks are written by their number: none of them can be taken for a command. */
function signOf(code: number): string {
  const sign = String.fromCodePoint(code);
  return /[A-Za-z0-9 ,:;=@_"'%/<>&~#!-]/.test(sign) || (code > 0xa0 && !/\p{Z}|\p{C}/u.test(sign))
    ? sign
    : `\\x{${code.toString(16)}}`;
}

function memberOf(member: Member): string {
  if ('from' in member) {
    const [from, to] = [member.from, member.to].map((code) => `\\x{${code.toString(16)}}`);
    return member.from === member.to
      ? inClass(member.from)
      : isWordRange(member)
        ? rangeOf(member)
        : `${from}-${to}`;
  }
  // RE2 leaves the vertical tab out of \s.
  if (member.letter === 's') return '\\t\\n\\x0b\\f\\r ';
  if (member.letter === 'S') return '\\x00-\\x08\\x0e-\\x1f\\x21-\\x{10ffff}';
  return `\\${member.letter}`;
}

const inClass = (code: number): string => {
  const sign = String.fromCodePoint(code);
  return /[A-Za-z0-9]/.test(sign) ? sign : `\\x{${code.toString(16)}}`;
};
const rangeOf = ({ from, to }: { readonly from: number; readonly to: number }): string =>
  `${String.fromCodePoint(from)}-${String.fromCodePoint(to)}`;
const isWordRange = ({ from, to }: { readonly from: number; readonly to: number }): boolean =>
  /^[A-Za-z0-9]{2}$/.test(String.fromCodePoint(from, to));

const isLetter = (code: number): boolean => /\p{L}/u.test(String.fromCodePoint(code));
const isPlainSign = ({ from, to }: { readonly from: number; readonly to: number }): boolean =>
  to < 0x41 || (from === to && !isLetter(from));
