import { call, numberOf } from '../../build.ts';
import { SqlError } from '../../errors.ts';
import { type Ast, type AstObject, isObject, placeOf } from '../../tree.ts';
import { isInterval, isTime, isWhole } from '../../types/sql-type.ts';
import type { Area, RewrittenNode } from './area.ts';

const SECOND = 1_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

/** Microseconds of a unit; years and months are counted in months. */
const MICROSECONDS: { readonly [unit: string]: bigint } = {
  day: DAY,
  hour: HOUR,
  minute: MINUTE,
  second: SECOND,
};
const MONTHS: { readonly [unit: string]: bigint } = { year: 12n, month: 1n };
const FROM_DAYS = ['day', 'hour', 'minute', 'second'];
const FORMS = "INTERVAL '3' DAY, '1-2' YEAR TO MONTH, '3 04:05:06' DAY TO SECOND";

/** Intervals, which are months or thousandths of a second and never both, and times that they are put to. */
export const INTERVALS: Area = {
  macros: [
    `trino_plus(a, i) AS cast_to_type(a + i, a)`,
    `trino_minus(a, i) AS cast_to_type(a - i, a)`,
    // A date and an interval give a date in Trino, a timestamp in DuckDB.
    `trino_date_plus(d, i) AS CASE WHEN CAST(d + i AS TIME) <> TIME '00:00:00'
       THEN error('Hours, minutes or seconds are put to a date. CAST it to timestamp first.')
       ELSE CAST(d + i AS DATE) END`,
    `trino_between(b, a) AS to_microseconds(epoch_us(b) - epoch_us(a))`,
    `trino_milliseconds(i) AS CAST(epoch_us(i) // 1000 AS BIGINT)`,
  ],
  kinds: {
    interval: (node) => intervalOf(node),
    add: ({ data: { left, right }, was, typeOf }) => {
      const [a, b] = [typeOf(was.left), typeOf(was.right)];
      if (isInterval(b)) return isInterval(a) ? undefined : moved('plus', left, a, right);
      return isInterval(a) ? moved('plus', right, b, left) : undefined;
    },
    sub: ({ data: { left, right }, was, typeOf }) => {
      const [a, b] = [typeOf(was.left), typeOf(was.right)];
      if ((isTime(a) && isTime(b)) || (a === 'time' && b === 'time'))
        return call('trino_between', left, right);
      return isInterval(b) && !isInterval(a) ? moved('minus', left, a, right) : undefined;
    },
    mul: repeated(true),
    div: repeated(false),
  },
  calls: {
    to_milliseconds: ({ args }) => call('trino_milliseconds', ...args),
  },
};

function moved(
  sign: 'plus' | 'minus',
  time: Ast | undefined,
  type: string | undefined,
  interval: Ast | undefined,
): Ast {
  if (type !== 'date') return call(`trino_${sign}`, time, interval);
  return call(
    'trino_date_plus',
    time,
    sign === 'plus' ? interval : { neg: { this: { paren: { this: interval ?? null } } } },
  );
}

/** Only whole times an interval are the same everywhere. */
function repeated(isProduct: boolean) {
  return ({ data, was, typeOf, text }: RewrittenNode): undefined => {
    const types = [typeOf(was.left), typeOf(was.right)];
    if (!types.some(isInterval) || (isProduct && types.some(isWhole))) return;
    throw new SqlError('An interval is multiplied by what is no whole number, or divided.', {
      place: placeOf(data, text),
      hint: "write 3 * INTERVAL '1' DAY, or date_add('second', n, t)",
    });
  };
}

function intervalOf({ data, text }: RewrittenNode): AstObject {
  const { sign, value } = written(data.this);
  const [from, to] = unitsOf(data.unit);
  const months = value === undefined ? undefined : monthsOf(value, from, to);
  if (months !== undefined) return call('to_months', numberOf(String(sign * months)));
  const microseconds = value === undefined ? undefined : microsecondsOf(value, from, to);
  if (microseconds !== undefined && microseconds < 2n ** 63n)
    return call('to_microseconds', numberOf(String(sign * microseconds)));
  throw new SqlError('An interval is not written as Athena reads it.', {
    place: placeOf(data, text),
    hint: `write ${FORMS}; for a number in a column date_add('day', n, t)`,
  });
}

/** The text of an interval, and the sign before and in it. */
function written(node: Ast | undefined): { sign: bigint; value: string | undefined } {
  if (isObject(node) && isObject(node.neg)) {
    const { sign, value } = written(node.neg.this);
    return { sign: -sign, value };
  }
  const literal = isObject(node) && isObject(node.literal) ? node.literal : undefined;
  const [, minus, value] = /^([+-]?)(.*)$/s.exec(literal === undefined ? '' : String(literal.value)) ?? [];
  return { sign: minus === '-' ? -1n : 1n, value: literal === undefined ? undefined : value };
}

function unitsOf(unit: Ast | undefined): readonly [from: string, to: string | undefined] {
  if (!isObject(unit)) return ['', undefined];
  const word = (value: Ast | undefined) => (typeof value === 'string' ? value.toLowerCase() : '');
  return unit.type === 'span' ? [word(unit.this), word(unit.expression)] : [word(unit.unit), undefined];
}

function monthsOf(value: string, from: string, to: string | undefined): bigint | undefined {
  if (to === undefined)
    return Object.hasOwn(MONTHS, from) && /^\d+$/.test(value) ? BigInt(value) * MONTHS[from]! : undefined;
  const [, years, months] = /^(\d+)-(\d+)$/.exec(value) ?? [];
  return from === 'year' && to === 'month' && years !== undefined && months !== undefined
    ? 12n * BigInt(years) + BigInt(months)
    : undefined;
}

function microsecondsOf(value: string, from: string, to = from): bigint | undefined {
  const units = FROM_DAYS.slice(FROM_DAYS.indexOf(from), FROM_DAYS.indexOf(to) + 1);
  if (units[0] !== from || units.at(-1) !== to) return undefined;
  const form = units.map((unit) => (unit === 'second' ? '(\\d+(?:\\.\\d{1,3})?)' : '(\\d+)'));
  const text = from === 'day' ? [form[0], form.slice(1).join(':')].filter(Boolean).join(' ') : form.join(':');
  const parts = new RegExp(`^${text}$`).exec(value)?.slice(1);
  return parts?.reduce((sum, part, i) => {
    const [whole = '0', fraction = ''] = part.split('.');
    return sum + BigInt(whole) * MICROSECONDS[units[i]!]! + BigInt(fraction.padEnd(6, '0'));
  }, 0n);
}
