import { SqlError } from './errors.ts';
import { CLAUSES, type Finding, RESERVED } from './reserved-words.ts';
import { placeAt } from './tree.ts';
import { isWord, type Word, wordsOf } from './words.ts';

/**
 * What no engine but a lenient parser reads.
 * @throws SqlError
 */
export function refuseForeignSigns(text: string): void {
  const words = wordsOf(text);
  const [at, message, hint] =
    foreignSign(words) ?? commaAtTheEnd(words) ?? reservedAlias(words) ?? numberOfRows(words) ?? [];
  if (message !== undefined) throw new SqlError(message, { place: at && placeAt(text, at.start), hint });
}

/** Signs that other programs know and SQL does not. */
function foreignSign(words: readonly Word[]): Finding | undefined {
  for (const [i, word] of words.entries()) {
    if (word.kind === 'text' || word.kind === 'name') continue;
    if (word.text.startsWith('/*')) {
      return [word, 'The comment that begins here is never closed.', 'end it with */'];
    }
    if (/^[‘’“”„«»]/.test(word.text)) {
      const hint = 'texts are put in \'single\', names in "double" straight quotes';
      return [word, `${word.text[0]} is no quote of SQL.`, hint];
    }
    if (word.text === '{{' || (word.text === '$' && words[i + 1]?.text === '{')) {
      return [
        word,
        'Templates are not filled in here.',
        'write :term for a value, and give it: lake query --param term=2026FA "SELECT … WHERE term = :term"',
      ];
    }
    if (word.text === '==') return [word, '== is no operator of SQL.', 'write ='];
  }
  return undefined;
}

function commaAtTheEnd(words: readonly Word[]): Finding | undefined {
  const comma = words.find(({ text }, i) => {
    const after = words[i + 1];
    return text === ',' && (after === undefined || after.text === ')' || isWord(after, ...CLAUSES.slice(1)));
  });
  return comma && [comma, 'There is a comma after the end of the list.', 'leave the last comma out'];
}

/** `LIMIT -1`, `LIMIT 1.5`, `LIMIT 'a'` at the end of a query; within one the words may be names of columns. */
function numberOfRows(words: readonly Word[]): Finding | undefined {
  for (const [i, word] of words.entries()) {
    if (!isWord(word, 'LIMIT', 'OFFSET') || words[i - 1]?.kind === 'sign') continue;
    const given = words.slice(i + 1, words[i + 1]?.text === '-' ? i + 3 : i + 2);
    const after = words[i + 1 + given.length];
    const isLast = after === undefined || /^[);]$/.test(after.text) || isWord(after, 'LIMIT', 'OFFSET');
    if (given.length === 0 || !isLast || given[0]?.kind === 'word' || given[0]?.kind === 'parameter')
      continue;
    if (given.length === 1 && /^\d+$/.test(given[0]!.text)) continue;
    const name = word.text.toUpperCase();
    return given.length === 2
      ? [word, `${name} cannot be negative.`, `give ${name} a whole number from 0`]
      : [word, `${name} takes a whole number.`, `write ${name} 10`];
  }
  return undefined;
}

/** A word of SQL as a name: some parsers take it. */
function reservedAlias(words: readonly Word[]): Finding | undefined {
  const at = words.find((word, i) => isWord(words[i - 1], 'AS') && isWord(word, ...RESERVED));
  return (
    at && [
      at,
      `"${at.text}" is a word of SQL and no name.`,
      `put it in double quotes: AS "${at.text.toLowerCase()}"`,
    ]
  );
}
