import { ApiError } from '../errors.ts';

/**
 * A pattern of LIKE as PostgreSQL reads it, where a backslash takes any character as itself, in the form that every
 * engine reads alike: it stands before `%`, `_` and itself only.
 */
export function likePattern(pattern: string): { readonly pattern: string; readonly isEscaped: boolean } {
  let made = '';
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    if (characters[i] !== '\\') {
      made += characters[i];
      continue;
    }
    const next = characters[++i];
    if (next === undefined)
      throw ApiError.invalid('A pattern of LIKE ends with the sign that escapes another.');
    made += /[%_\\]/.test(next) ? `\\${next}` : next;
  }
  return { pattern: made, isEscaped: made.includes('\\') };
}

/**
 * A pattern of SIMILAR TO as a regular expression.
 * Source: https://www.postgresql.org/docs/current/functions-matching.html#FUNCTIONS-SIMILARTO-REGEXP
 */
export function similarPattern(pattern: string): string {
  let made = '';
  let isInClass = false;
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!;
    if (character === '\\') {
      const next = characters[++i];
      if (next === undefined)
        throw ApiError.invalid('A pattern of SIMILAR TO ends with the sign that escapes another.');
      made += literal(next);
    } else if (isInClass) {
      if (character === ']') isInClass = false;
      made += character === '[' ? '\\[' : character;
    } else if (character === '[') {
      isInClass = true;
      made += '[';
    } else if (character === '%') made += '.*';
    else if (character === '_') made += '.';
    else if ('|*+?{}()'.includes(character)) made += character;
    else made += literal(character);
  }
  return `^(?:${made})$`;
}

const literal = (character: string): string =>
  /[\\^$.|?*+()[\]{}]/.test(character) ? `\\${character}` : character;
