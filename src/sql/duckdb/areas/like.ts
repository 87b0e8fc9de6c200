import { call } from '../../build.ts';
import { constantText } from '../../literal.ts';
import { refused } from '../rewriting.ts';
import type { Area } from './area.ts';

/** `LIKE … ESCAPE`: DuckDB lets an escape stand before any sign, and at the end. */
export const LIKE: Area = {
  macros: [
    `trino_like(x, pattern, mark) AS CASE
       WHEN length(mark) <> 1 THEN error('The escape of LIKE is one sign.')
       WHEN contains(replace(replace(replace(pattern, mark || mark, ''), mark || '%', ''), mark || '_', ''), mark)
       THEN error('The escape of LIKE comes before %, _ or itself.')
       ELSE like_escape(x, pattern, mark) END`,
  ],
  kinds: {
    like: ({ data, text }) => {
      if (data.escape === null || data.escape === undefined) return undefined;
      const [pattern, mark] = [constantText(data.right), constantText(data.escape)];
      if (mark !== undefined && [...mark].length !== 1) {
        return refused({ like: data }, text, 'the escape of LIKE is one sign', "write LIKE '…' ESCAPE '!'");
      }
      if (pattern === undefined || mark === undefined) {
        return call('trino_like', data.left, data.right, data.escape);
      }
      return isEscaped(pattern, mark)
        ? undefined
        : refused(
            { like: data },
            text,
            `the escape ${mark} comes before a sign that needs none`,
            'it comes before %, _ or itself',
          );
    },
  },
};

/** Whether every escape stands before `%`, `_` or itself. */
function isEscaped(pattern: string, mark: string): boolean {
  const signs = [...pattern];
  for (let i = 0; i < signs.length; i++) {
    if (signs[i] !== mark) continue;
    i++;
    if (![mark, '%', '_'].includes(signs[i] ?? '')) return false;
  }
  return true;
}
