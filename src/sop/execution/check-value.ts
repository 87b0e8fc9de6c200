import { oneOf } from '../../campus/nearest.ts';
import { InputError } from '../../errors.ts';
import type { Json } from '../../json.ts';
import type { Type } from '../language/types.ts';

/** What a person may write at once. */
const LONGEST = 4000;
/** A day, or a moment with its offset. */
export const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * A value as a type wants it; a text of the command line or a form becomes a number where one is wanted.
 * @param what for the message, such as `the answer`
 * @throws InputError for a value that is none
 */
export function checkedValue(type: Type, value: Json, what: string): Json {
  const refuse = (hint: string): never => {
    throw new InputError(`This is no value for ${what}.`, { hint });
  };
  switch (type.kind) {
    case 'any':
      return value;
    case 'choice':
      return typeof value === 'string' && type.options.includes(value)
        ? value
        : refuse(`one of ${oneOf(type.options.map((one) => `'${one}'`))}`);
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      return typeof number === 'number' && Number.isFinite(number) ? number : refuse('a number');
    }
    case 'boolean':
      if (value === true || value === 'true' || value === 'yes') return true;
      return value === false || value === 'false' || value === 'no' ? false : refuse('yes or no');
    case 'date':
      return typeof value === 'string' && MOMENT.test(value) && Number.isFinite(Date.parse(value))
        ? value
        : refuse('a day such as 2026-11-30, or a moment in ISO 8601');
    case 'text':
    case 'person':
      return typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST
        ? value
        : refuse(`a text of ${LONGEST} signs at most`);
    case 'list': {
      const items = typeof value === 'string' ? value.split(',').map((one) => one.trim()) : value;
      return Array.isArray(items) ? items.map((item) => checkedValue(type.of, item, what)) : refuse('a list');
    }
    case 'record':
      return value !== null && typeof value === 'object' && !Array.isArray(value)
        ? value
        : refuse('fields by name');
  }
}
