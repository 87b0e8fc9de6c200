import { isObject } from '../tree.ts';
import { matching, node, oneOf, record, refuse, type Shape, text } from './shape.ts';

/** Whole numbers, decimals and doubles as Trino writes them: no `1_000`, no `0x1F`. */
const NUMBER = /^(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** Bytes, each in two digits. */
const BYTES = /^(?:[\da-f]{2})*$/i;

/** A whole number without a point is a bigint at most; the least one has a minus sign in front. */
const LARGEST = 9223372036854775807n;

/** A number, a text, a date, a time, a timestamp or bytes that are written out. */
export const literal: Shape = (value, at) => {
  const digits = isObject(value) && value.literal_type === 'number' ? String(value.value) : '';
  const isNegative = at.above.slice(0, 3).some((object) => isObject(object.neg));
  if (/^\d+$/.test(digits) && BigInt(digits) > LARGEST + (isNegative ? 1n : 0n)) {
    refuse(['a number is too large for a bigint', `write CAST('${digits}' AS decimal(38,0))`], at, value);
  }
  if (isObject(value) && value.literal_type === 'hex_string' && !BYTES.test(String(value.value))) {
    refuse(
      ['bytes are not written as pairs of digits', "write two digits for each byte: X'0fff'"],
      at,
      value,
    );
  }
  record({
    literal_type: oneOf('string', 'number', 'date', 'time', 'timestamp', 'hex_string'),
    value: isObject(value) && value.literal_type === 'number' ? matching(NUMBER) : text,
  })(value, at);
};

export const literalText = node(
  { literal: record({ literal_type: oneOf('string'), value: text }) },
  'a text',
);

const UNIT = oneOf('Year', 'Month', 'Day', 'Hour', 'Minute', 'Second');
/** `INTERVAL '1' DAY`, `INTERVAL '1-2' YEAR TO MONTH`. */
export const interval: Shape = record({
  this: (value, at) => {
    const signed = isObject(value) && isObject(value.neg) ? value.neg.this : value;
    if (!isObject(signed) || !isObject(signed.literal)) refuseInterval(at);
    literalText(signed, at);
  },
  unit: (value, at) => {
    const isSpan = isObject(value) && value.type === 'span';
    record(isSpan ? { type: text, this: UNIT, expression: UNIT } : { type: oneOf('simple'), unit: UNIT })(
      value,
      {
        ...at,
        part: 'interval.unit',
      },
    );
  },
});

const refuseInterval = (at: Parameters<Shape>[1]): never =>
  refuse(
    [
      'the number of an interval is a text that is written out',
      "write INTERVAL '2' DAY, or date_add('day', n, d) for a number that is computed",
    ],
    at,
  );
