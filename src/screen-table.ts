import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';

/** Columns where nothing says how wide the screen is. */
const UNKNOWN_WIDTH = 80;

/** How many columns a stream has; `Infinity` where it is no terminal, so that nothing is cut that a program reads. */
export const widthOf = (stream: { readonly isTTY?: boolean; readonly columns?: number }): number =>
  stream.isTTY ? (stream.columns ?? UNKNOWN_WIDTH) : Number.POSITIVE_INFINITY;

/** Rows of texts, which may have colours and lines. */
export interface ScreenTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Default: all to the left. */
  readonly colAligns?: ('left' | 'right')[];
}

/** Blanks at both sides of a cell. */
const PADDING = 2;

/**
 * A table no wider than the screen: its longest columns are wrapped between words. Where even the longest words do not
 * fit beside each other, a paragraph for each row.
 * @param screen in columns; `Infinity`: as wide as it is
 */
export function screenTable({ head, rows, colAligns }: ScreenTable, screen: number): string {
  const cells = [head, ...rows.map((row) => row.map(String))];
  const columns = head.map((_, i) => cells.map((row) => stripVTControlCharacters(row[i] ?? '')));
  const whole = columns.map((texts) => longest(texts.flatMap((text) => text.split('\n'))));
  const least = columns.map((texts) => longest(texts.flatMap((text) => text.split(/\s+/))));
  const room = screen - (head.length + 1) - PADDING * head.length;
  const widths = narrowed(whole, least, room);
  if (!widths) return rows.map((row) => paragraphOf(head, row)).join('\n\n');
  const table = new Table({
    head: [...head],
    ...(colAligns ? { colAligns } : {}),
    ...(widths === whole ? {} : { colWidths: widths.map((width) => width + PADDING), wordWrap: true }),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length));

/** Takes from the widest column first; undefined where the words do not fit. */
function narrowed(whole: number[], least: readonly number[], room: number): number[] | undefined {
  const sum = (widths: readonly number[]) => widths.reduce((all, width) => all + width, 0);
  if (sum(whole) <= room) return whole;
  if (sum(least) > room) return undefined;
  const widths = [...whole];
  while (sum(widths) > room) {
    const free = widths.map((width, i) => (width > least[i]! ? width : -1));
    const widest = free.indexOf(Math.max(...free));
    widths[widest]! -= 1;
  }
  return widths;
}

function paragraphOf(head: readonly string[], row: readonly (string | number)[]): string {
  const told = head.flatMap((title, i) => {
    const text = String(row[i] ?? '').replaceAll('\n', ', ');
    return text === '' ? [] : [title === '' ? text : `${title}: ${text}`];
  });
  return told.map((line, i) => (i === 0 ? line : `  ${line}`)).join('\n');
}
