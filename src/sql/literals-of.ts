import { wordsOf } from './words.ts';

/** The values that stand in a statement as literals, texts without their quotes; of any text, whether it is SQL or not. */
export const literalsOf = (sql: string): string[] =>
  wordsOf(sql).flatMap(({ kind, text }) =>
    kind === 'number' ? [text] : kind === 'text' ? [text.slice(1, -1).replaceAll("''", "'")] : [],
  );

/** A statement without its literals, comments and white space: the same for questions that differ only in values. */
export const shapeOf = (sql: string): string =>
  wordsOf(sql)
    .map(({ kind, text }) =>
      kind === 'number' || kind === 'text' || kind === 'open' ? '?' : text.toLowerCase(),
    )
    .join(' ');
