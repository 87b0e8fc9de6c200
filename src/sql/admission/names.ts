import { isObject } from '../tree.ts';
import { flag, matching, record, refuse, type Shape } from './shape.ts';
import { RESERVED } from './words.ts';

const PLAIN_NAME = /^[a-z_][a-z0-9_]*$/i;

/** A name: `{ name, quoted }`. Without quotes it is of letters and digits, and no word of SQL. */
export const identifier: Shape = (value, at) => {
  const { name, quoted } = isObject(value) ? value : {};
  if (quoted !== true && RESERVED.has(String(name).toLowerCase())) {
    refuse(
      [`"${name}" is a word of SQL and no name`, `choose another, or put it into double quotes: "${name}"`],
      at,
      value,
    );
  }
  if (quoted !== true && !PLAIN_NAME.test(String(name))) {
    refuse(
      [
        'a name is of other signs than letters and digits',
        'put it into double quotes: "first name"; no double quote is in it',
      ],
      at,
      value,
    );
  }
  record({ name: matching(/^[^"\p{Cc}]+$/u), quoted: flag })(value, { ...at, part: 'name' });
};
