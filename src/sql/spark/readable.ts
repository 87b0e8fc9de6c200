import { call, numberOf, textOf } from '../build.ts';
import type { Ast } from '../tree.ts';
import { decimalOf, isFloating, type SqlType } from '../types/sql-type.ts';

/** White space for Java's parsers. */
const BLANK = '[\\x00-\\x20]*';
const DAY = '[0-9]{1,2}-[0-9]{1,2}';
const CLOCK = '([01]?[0-9]|2[0-3]):[0-9]{1,2}(:[0-9]{1,2}(\\.[0-9]+)?)?';
const PLACE = '(Africa|America|Antarctica|Asia|Atlantic|Australia|Etc|Europe|Indian|Pacific)/[A-Za-z_/]+';
const ZONE = ` ?\\s*(UTC|Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|${PLACE})`;

/**
 * What Spark would read out of a text and Trino would not becomes a text that neither reads: the cast fails, and
 * TRY_CAST gives null. One expression, so that the text is not repeated.
 */
export const without = (text: Ast, pattern: string): Ast =>
  call('regexp_replace', text, textOf(`(?s)^(${pattern})$`), textOf('?'));

/** The first group of a pattern; an empty text, which is no value of any type, where it is not found. */
export const found = (text: Ast, pattern: string): Ast =>
  call('regexp_extract', text, textOf(pattern), numberOf(1));

/** A text of a date. Spark wants four to seven digits of a year. */
export const dayText = (text: Ast): Ast =>
  call('concat', textOf('000'), found(text, `^${BLANK}\\+?0*([0-9]{1,4}-${DAY})${BLANK}$`));

/** A text as Spark reads it in the way in which Trino reads it, for a cast to a type. */
export function readable(text: Ast, to: SqlType): Ast {
  if (isFloating(to)) return without(text, `${BLANK}[+-]?(?!Infinity|NaN)(?i:inf|infinity|nan)${BLANK}`);
  if (decimalOf(to)) {
    // Zero with whatever exponent is zero.
    const plain = call('regexp_replace', text, textOf('^([+-]?0+)[eE][+-]?[0-9]+$'), textOf('$1'));
    return without(plain, '.*[\\x00-\\x20].*');
  }
  if (to === 'boolean') return without(text, '(?!(?i:true|t|1|false|f|0)$).*');
  if (to === 'date') return dayText(text);
  return to === 'timestamp'
    ? found(text, `^${BLANK}\\+?([0-9]{4,}-${DAY}( ${CLOCK})?)(${ZONE})?${BLANK}$`)
    : text;
}
