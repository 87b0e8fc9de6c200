import { SqlError } from './errors.ts';
import { placeAt } from './tree.ts';
import { isWord, wordsOf } from './words.ts';

/** What an EXPLAIN asks about. */
export interface ExplainForm {
  /** Whether the statement is run, and each step measured. */
  readonly analyze: boolean;
  /** The statement alone; blanks stand for the words before it, so that every place stays what it was. */
  readonly select: string;
}

/**
 * Takes EXPLAIN and EXPLAIN ANALYZE off a statement.
 * @returns undefined for any other statement
 * @throws SqlError for the options of other engines
 */
export function explainForm(text: string): ExplainForm | undefined {
  const words = wordsOf(text);
  if (!isWord(words[0], 'EXPLAIN')) return undefined;
  const analyze = isWord(words[1], 'ANALYZE');
  const first = words[analyze ? 2 : 1];
  if (first === undefined || first.text === ';') {
    throw new SqlError('EXPLAIN is followed by no statement.', {
      place: { line: 1, column: 1 },
      hint: 'write EXPLAIN SELECT …, or EXPLAIN ANALYZE SELECT … to run it and measure each step',
    });
  }
  if (first.text === '(' && isWord(words[words.indexOf(first) + 1], 'TYPE', 'FORMAT')) {
    throw new SqlError('EXPLAIN takes no options here.', {
      place: placeAt(text, first.start),
      hint: 'lake query --json "EXPLAIN SELECT …" gives the plan as JSON',
    });
  }
  const characters = [...text];
  const blanks = characters.slice(0, first.start).map((sign) => (sign === '\n' ? sign : ' '));
  return { analyze, select: [...blanks, ...characters.slice(first.start)].join('') };
}
