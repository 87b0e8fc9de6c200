import type { TextFormat, WriteOptions } from './format.ts';
import { textColumns } from './tabular.ts';

const NEEDS_QUOTES = /[",\n\r\t]/;

/** CSV as in RFC 4180: `""` is an empty text, nothing at all is a missing value, newlines stand as they are. */
export function csvFormat(options: WriteOptions): TextFormat {
  const columns = textColumns(options);
  return {
    header: `${columns.map((c) => c.label).join(',')}\n`,
    record: (change) => {
      let line = '';
      for (const [i, column] of columns.entries()) {
        if (i > 0) line += ',';
        const text = column.text(change);
        if (text === undefined) continue;
        // A text that reads NULL is quoted: older documents use the bare word for a missing value.
        const quote = text === '' || text === 'NULL' || NEEDS_QUOTES.test(text);
        line += quote ? `"${text.replaceAll('"', '""')}"` : text;
      }
      return `${line}\n`;
    },
  };
}
