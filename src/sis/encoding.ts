import type { SisEncoding } from '../campus/sis-encodings.ts';
import { quoteLiteral } from './quote.ts';

/**
 * A text of a database in SQL_ASCII, which stores bytes and knows of no encoding, as UTF-8.
 * @param expression SQL of a text
 */
export function inUtf8(expression: string, encoding: SisEncoding): string {
  const bytes = `convert_to(${expression}, 'SQL_ASCII')`;
  return `convert_from(convert(${bytes}, ${quoteLiteral(encoding)}, 'UTF8'), 'SQL_ASCII')`;
}
