import { constantText } from './literal.ts';
import type { AstObject } from './tree.ts';

/** The text of a `U&'…'`; undefined where an escape is none, or names no sign. */
export function unicodeText(data: AstObject): string | undefined {
  const [written, sign] = [constantText(data.this) ?? '', constantText(data.escape) ?? '\\'];
  const mark = sign.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  let isRight = true;
  const read = written.replaceAll(
    new RegExp(`${mark}(?:(${mark})|\\+([0-9a-f]{6})|([0-9a-f]{4})|)`, 'gi'),
    (_, self?: string, six?: string, four?: string) => {
      if (self !== undefined) return sign;
      const number = Number.parseInt(six ?? four ?? 'x', 16);
      isRight &&= number <= 0x10ffff && !(number >= 0xd800 && number <= 0xdfff);
      return isRight ? String.fromCodePoint(number) : '';
    },
  );
  return isRight ? read : undefined;
}
