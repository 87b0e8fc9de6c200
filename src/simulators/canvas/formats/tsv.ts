import type { TextFormat, WriteOptions } from './format.ts';
import { textColumns } from './tabular.ts';

const NEEDS_ESCAPE = /[\b\f\n\r\t\v\\]/;
const ESCAPED = /[\b\f\n\r\t\v\\]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

/** Tab-separated values in the manner of PostgreSQL's COPY: `\N` is a missing value. */
export function tsvFormat(options: WriteOptions): TextFormat {
  const columns = textColumns(options);
  return {
    header: `${columns.map((c) => c.label).join('\t')}\n`,
    record: (change) => {
      let line = '';
      for (const [i, column] of columns.entries()) {
        if (i > 0) line += '\t';
        const text = column.text(change);
        if (text === undefined) line += '\\N';
        else line += NEEDS_ESCAPE.test(text) ? text.replace(ESCAPED, (c) => ESCAPES[c] ?? c) : text;
      }
      return `${line}\n`;
    },
  };
}
