import type { Cell } from '../../ports/query-engine.ts';

export interface CsvOptions {
  /** Texts exactly as they are. Default: what a spreadsheet would run as a formula is marked as text. */
  readonly raw?: boolean;
  /** Begin with a byte order mark, by which Excel knows UTF-8. Default: none. */
  readonly bom?: boolean;
}

export const BOM = '\uFEFF';

/**
 * What spreadsheets take for the beginning of a formula, with the full-width forms that some of them fold, also after
 * signs that take no room and that a reader may drop: https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^[\uFEFF\u200B\u2060]*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const PLAIN_NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** One line of CSV after RFC 4180, with its end. */
export const csvLine = (cells: readonly Cell[], text: (cell: Cell) => string, options: CsvOptions): string =>
  `${cells.map((cell) => csvCell(cell, text, options)).join(',')}\r\n`;

/** Null is nothing, the empty text is `""`: so the two differ. */
function csvCell(cell: Cell, inWords: (cell: Cell) => string, { raw = false }: CsvOptions): string {
  if (cell === null) return '';
  const text = inWords(cell);
  const shown = !raw && typeof cell !== 'number' && isFormula(text) ? `'${text}` : text;
  return shown === '' || /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

const isFormula = (text: string): boolean => FORMULA.test(text) && !PLAIN_NUMBER.test(text);
