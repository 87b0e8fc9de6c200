import { SqlError } from '../../../src/sql/errors.ts';

/**
 * The line of the text in which the mistake is, with a caret under its place; nothing when the place is unknown.
 */
export function caretUnder(error: unknown, text: string): string | undefined {
  if (!(error instanceof SqlError) || !error.place) return undefined;
  const { line, column } = error.place;
  const written = text.split('\n')[line - 1];
  if (written === undefined) return undefined;
  const label = `${line} | `;
  // Tabs stay tabs, so that the caret is below its letter whatever their width.
  const before = [...written].slice(0, column - 1).map((c) => (c === '\t' ? '\t' : ' '));
  return `${label}${written}\n${' '.repeat(label.length)}${before.join('')}^`;
}
