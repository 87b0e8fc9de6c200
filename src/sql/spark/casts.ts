import { binary, call, cast, castBy, numberOf, textOf } from '../build.ts';
import { SqlError } from '../errors.ts';
import { type Ast, type AstObject, isObject } from '../tree.ts';
import {
  decimalOf,
  elementOf,
  isFloating,
  isTime,
  isWhole,
  type SqlType,
  typeOfCast,
} from '../types/sql-type.ts';
import { readable } from './readable.ts';
import { BY_ATHENA, sparkType } from './spark-call.ts';
import { jsonNumber } from './texts.ts';

type Kind = 'cast' | 'try_cast';

/** A time to the millisecond, a half to the later one. */
function inMillis(kind: Kind, value: Ast): Ast {
  const half = call('make_dt_interval', numberOf(0), numberOf(0), numberOf(0), numberOf('0.0005'));
  const cut = call(
    'date_trunc',
    textOf('millisecond'),
    binary('add', castBy(kind, value, 'TIMESTAMP_LTZ'), half),
  );
  return cast(cut, 'TIMESTAMP_NTZ');
}

/**
 * A cast: a half is rounded away from zero, a text cut to its length. A double becomes a decimal by its shortest digits,
 * and by way of a text NaN is an error, as it is in Athena.
 * @param data as the parser keeps the cast, with its value in Spark's SQL already
 * @throws SqlError for a cast that Spark makes otherwise
 */
export function converted(kind: Kind, data: AstObject, from: SqlType | undefined): Ast | undefined {
  const to = typeOfCast(data.to);
  const value = data.this ?? null;
  if (to === undefined || !isObject(data.to)) return undefined;
  if (/\b(?:tiny|small)int\b/.test(to))
    refuse('Whole numbers of 8 and 16 bits are not translated for Spark.', 'CAST to integer');
  if (to.startsWith('time') && to !== 'timestamp')
    refuse('Spark has no times of the day or with a zone.', 'CAST it to timestamp');
  if (elementOf(to) !== undefined) checkElements(kind, elementOf(from), elementOf(to)!);
  if (to === 'timestamp') checkDigits(data.to, from);
  if (from === 'real' && decimalOf(to))
    refuse('A real is cast to a decimal, of which Spark takes more digits.', 'CAST it to double first');
  if (from === 'varchar' && to === 'timestamp') return inMillis(kind, readable(value, to));
  if (from === 'varchar') {
    const given = isFloating(to) || decimalOf(to) ? jsonNumber(value) : value;
    return toLength(castBy(kind, readable(given, to), sparkType(to)), data.to, to, from);
  }
  const given = isFloating(to) || decimalOf(to) ? jsonNumber(value) : value;
  if (from === 'double' && decimalOf(to)) return castBy(kind, cast(given, 'STRING'), sparkType(to));
  const whole = isWhole(to) && (isFloating(from) || decimalOf(from)) ? call('round', given) : given;
  return toLength(castBy(kind, whole, sparkType(to)), data.to, to, from);
}

/** A text is cut; anything else is written whole or not at all. */
function toLength(whole: AstObject, type: AstObject, to: SqlType, from: SqlType | undefined): Ast {
  if (to !== 'varchar' || typeof type.length !== 'number') return whole;
  if (from !== undefined && from !== 'varchar' && from !== 'unknown') {
    refuse(
      'What is no text is cast to a varchar with a length, which Spark would cut.',
      'CAST it to varchar, and take substr of it where it may be cut',
    );
  }
  return call('left', whole, numberOf(type.length));
}

/** One element that cannot be cast makes the whole array null in TRY_CAST; Spark casts each by its own rules. */
function checkElements(kind: Kind, from: SqlType | undefined, to: SqlType): void {
  if (from === undefined || from === 'unknown' || from === to) return;
  const isAlike =
    kind === 'cast' && (from !== 'varchar' || isWhole(to)) && !(from === 'real' && decimalOf(to));
  if (!isAlike) {
    refuse(
      'An array is cast whose elements Spark would cast otherwise.',
      'cast them by one: transform(a, x -> CAST(x AS …))',
    );
  }
}

/** Spark keeps microseconds of what is a time already; a text is read to the millisecond. */
function checkDigits(type: AstObject, from: SqlType | undefined): void {
  const digits = typeof type.precision === 'number' ? type.precision : 3;
  if (digits !== 3 && (from === 'varchar' || (isTime(from) && from !== 'date' && digits !== 6))) {
    refuse(
      `timestamp(${digits}) has other digits than Spark keeps.`,
      'write timestamp, which keeps milliseconds',
    );
  }
}

function refuse(message: string, portable: string): never {
  throw new SqlError(message, {
    hint: `${portable}; or ${BY_ATHENA}`,
  });
}
