import { AlertProgramError, type Span } from './errors.ts';

/** A part of a program between commas, without blanks at its ends. */
export interface Token extends Span {
  readonly kind: 'text';
  readonly text: string;
}

/** The longest program that is read. */
const LONGEST = 20_000;

/**
 * Splits a program at its commas. Comments may be nested and may stand within a word.
 * @throws AlertProgramError for a comment that does not end, or ends without having begun
 */
export function tokenize(program: string): Token[] {
  if (program.length > LONGEST)
    throw new AlertProgramError(
      program,
      { from: LONGEST, to: LONGEST },
      `longer than ${LONGEST.toLocaleString('en-US')} characters`,
    );
  const tokens: Token[] = [];
  const comments: number[] = [];
  let text = '';
  let from = -1;
  let to = -1;
  const end = () => {
    if (from !== -1)
      tokens.push({ kind: 'text', text: text.slice(0, text.length - trailing(text)), from, to });
    text = '';
    from = -1;
  };
  for (let i = 0; i < program.length; i++) {
    if (program.startsWith('/*', i)) {
      comments.push(i++);
    } else if (program.startsWith('*/', i)) {
      if (comments.pop() === undefined)
        throw new AlertProgramError(
          program,
          { from: i, to: i + 2 },
          '"*/" ends a comment that has not begun',
        );
      i++;
    } else if (comments.length === 0) {
      const character = program[i]!;
      if (character === ',') {
        end();
      } else if (from !== -1 || /\S/.test(character)) {
        if (from === -1) from = i;
        text += character;
        if (/\S/.test(character)) to = i + 1;
      }
    }
  }
  const open = comments[0];
  if (open !== undefined)
    throw new AlertProgramError(program, { from: open, to: open + 2 }, 'this comment has no end ("*/")');
  end();
  return tokens;
}

const trailing = (text: string): number => text.length - text.trimEnd().length;

/** A literal with each `\uXXXX` as the character that it stands for. */
export const unescapeText = (text: string): string =>
  text.includes('\\u')
    ? text.replace(/\\u([0-9a-fA-F]{4})/g, (_, digits: string) =>
        String.fromCharCode(Number.parseInt(digits, 16)),
      )
    : text;
