import type { LakeType } from '../../campus/lake-type.ts';
import { ApiError } from '../errors.ts';

const DAY = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const DATE = new RegExp(`^${DAY}$`);
const TIMESTAMP = new RegExp(
  `^(${DAY})(?:[T ]((?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,6})?)?)Z?)?$`,
);
const MOST_DIGITS = 28;
const MOST_FRACTION = 10;

/** Types of which a column can be compared with a value. */
export const isComparable = (type: LakeType): boolean => type !== 'varbinary' && type !== 'time';

/**
 * A value as the text of its type, in the form that statements take.
 * @param value as JSON or GraphQL has it: a text, a number, a boolean, a bigint
 * @throws ApiError where it is no value of the type
 */
export function valueText(value: unknown, type: LakeType, path = '$'): string {
  const base = type.replace(/\(.*/, '');
  const text = typeof value === 'string' || typeof value === 'boolean' ? String(value) : numberText(value);
  if (typeof value === 'number' && text !== undefined && isRounded(text, base))
    throw ApiError.invalid(`a ${base} of so many digits has to be given as a text`, path);
  const made = text === undefined ? undefined : MAKE[base]?.(text, typeof value);
  if (made === undefined) throw ApiError.invalid(`a value is no ${base}`, path);
  return made;
}

function numberText(value: unknown): string | undefined {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? BigInt(value).toString() : String(value);
}

/** Whether JSON may have rounded what was written: only doubles are given as they are. */
const isRounded = (text: string, base: string): boolean =>
  /^(?:integer|bigint|decimal)$/.test(base) &&
  (/^-?\d+$/.test(text) ? !Number.isSafeInteger(Number(text)) : text.replaceAll(/\D/g, '').length > 16);

const whole = (bits: bigint) => (text: string) => {
  if (!/^[+-]?\d{1,19}$/.test(text)) return undefined;
  const number = BigInt(text);
  const most = 2n ** (bits - 1n);
  return number >= -most && number < most ? String(number) : undefined;
};

const MAKE: { readonly [type: string]: (text: string, given: string) => string | undefined } = {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no value of the lake has them
  varchar: (text, given) => (given === 'string' && !/[\u0000\uD800-\uDFFF]/u.test(text) ? text : undefined),
  integer: whole(32n),
  bigint: whole(64n),
  boolean: (text) => (/^(true|false)$/.test(text) ? text : undefined),
  double: floating,
  real: floating,
  decimal(text) {
    const plain = /e/i.test(text) ? undefined : text;
    const [, digits = '', fraction = ''] = /^[+-]?(\d+)(?:\.(\d+))?$/.exec(plain ?? '') ?? [];
    if (digits === '' || digits.length > MOST_DIGITS || fraction.length > MOST_FRACTION) return undefined;
    return plain;
  },
  date: (text) => (DATE.test(text) && isDay(text) ? text : undefined),
  timestamp(text) {
    const [, day, time = '00:00'] = TIMESTAMP.exec(text) ?? [];
    if (day === undefined || !isDay(day)) return undefined;
    const [clock = '', fraction = ''] = (time.length === 5 ? `${time}:00` : time).split('.');
    return `${day} ${clock}.${fraction.slice(0, 3).padEnd(3, '0')}`;
  },
};

function floating(text: string): string | undefined {
  if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d{1,3})?$/i.test(text) || !Number.isFinite(Number(text))) return undefined;
  return text;
}

/** February has no 30th. */
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
