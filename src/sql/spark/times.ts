import { binary, call, cast, choose, isNull, NULL, numberOf, textOf, wholeDivision, word } from '../build.ts';
import { constantText } from '../literal.ts';
import { fromJoda, fromMysql, type PatternPiece, toJava } from '../time-pattern.ts';
import { type Ast, isObject } from '../tree.ts';
import { isWhole } from '../types/sql-type.ts';
import { dayText, found, without } from './readable.ts';
import type { SparkCall, SparkRewriting } from './spark-call.ts';

const NTZ = 'TIMESTAMP_NTZ';
const UNITS = ['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'];

const count = (value: Ast): Ast => cast(value, 'BIGINT');
const field =
  (name: string): SparkRewriting =>
  ({ args }) =>
    count(call(name, args[0]!));

/** The text of a literal; undefined for anything else. */
export function literalText(node: Ast | undefined): string | undefined {
  const literal = isObject(node) && isObject(node.literal) ? node.literal : undefined;
  return literal?.literal_type === 'string' ? String(literal.value) : undefined;
}

const UNITS_OF_DAYS = UNITS.slice(UNITS.indexOf('day'));

function unitOf({ args, types, name, refuse }: SparkCall): string {
  const unit = literalText(args[0])?.toLowerCase() ?? '';
  const isOfDates =
    types.includes('date') && types.slice(1).every((type) => type === 'date' || isWhole(type));
  if (isOfDates && UNITS.includes(unit) && !UNITS_OF_DAYS.includes(unit)) {
    return refuse(`a date has no ${unit}s`, 'CAST it to timestamp first');
  }
  return UNITS.includes(unit)
    ? unit
    : refuse(`the unit of ${name} is not one that every engine knows`, `write one of ${UNITS.join(', ')}`);
}

/** Weeks and quarters are seven days and three months. */
const INTERVALS: { readonly [unit: string]: (n: Ast) => Ast } = {
  millisecond: (n) =>
    call(
      'make_dt_interval',
      numberOf(0),
      numberOf(0),
      numberOf(0),
      binary('div', cast(n, 'DECIMAL(15,0)'), numberOf('1000.000')),
    ),
  second: (n) => call('make_dt_interval', numberOf(0), numberOf(0), numberOf(0), cast(n, 'INT')),
  minute: (n) => call('make_dt_interval', numberOf(0), numberOf(0), cast(n, 'INT')),
  hour: (n) => call('make_dt_interval', numberOf(0), cast(n, 'INT')),
  day: (n) => call('make_dt_interval', cast(n, 'INT')),
  week: (n) => call('make_dt_interval', binary('mul', numberOf(7), cast(n, 'INT'))),
  month: (n) => call('make_ym_interval', numberOf(0), cast(n, 'INT')),
  quarter: (n) => call('make_ym_interval', numberOf(0), binary('mul', numberOf(3), cast(n, 'INT'))),
  year: (n) => call('make_ym_interval', cast(n, 'INT')),
};

function added(given: SparkCall): Ast {
  const unit = unitOf(given);
  const [, n, time] = given.args;
  const later = binary('add', time!, INTERVALS[unit]!(n!));
  return cast(later, given.types[2] === 'date' ? 'DATE' : NTZ);
}

/** Spark truncates to a timestamp, whatever it is given. */
function truncated(given: SparkCall): Ast {
  const [, time] = given.args;
  const cut = call('date_trunc', textOf(unitOf(given)), cast(time!, 'TIMESTAMP_LTZ'));
  if (given.type === undefined) {
    return given.refuse(
      'the type of the argument of date_trunc is unknown',
      'CAST it to date or to timestamp',
    );
  }
  return cast(cut, given.type === 'date' ? 'DATE' : NTZ);
}

/** Milliseconds are no unit of TIMESTAMPDIFF. */
function between(given: SparkCall): Ast {
  const unit = unitOf(given);
  const [, from, to] = given.args;
  if (unit === 'millisecond') {
    const millis = (time: Ast) => call('unix_millis', cast(time, 'TIMESTAMP_LTZ'));
    return binary('sub', millis(to!), millis(from!));
  }
  if (unit in MONTHS) return monthsBetween(from!, to!, MONTHS[unit]!);
  return call(
    'timestampdiff',
    word(unit.toUpperCase()),
    cast(from!, 'TIMESTAMP_LTZ'),
    cast(to!, 'TIMESTAMP_LTZ'),
  );
}

const MONTHS: { readonly [unit: string]: number } = { month: 1, quarter: 3, year: 12 };

/**
 * So many months as can be added to the earlier time without passing the later one: from the last of January to the
 * last of February is one for Trino, none for Spark.
 */
function monthsBetween(from: Ast, to: Ast, months: number): Ast {
  const [first, last] = [call('least', ltz(from), ltz(to)), call('greatest', ltz(from), ltz(to))];
  const complete = call('timestampdiff', word('MONTH'), first, last);
  const oneMore = binary('add', first, INTERVALS.month!(binary('add', complete, numberOf(1))));
  const all = binary('add', complete, choose(binary('lte', oneMore, last), numberOf(1), numberOf(0)));
  const signed = choose(binary('lte', ltz(from), ltz(to)), all, binary('mul', numberOf(-1), all));
  const counted = months === 1 ? signed : wholeDivision(signed, numberOf(months));
  // LEAST and GREATEST leave nulls out.
  return choose(binary('or', isNull(from), isNull(to)), NULL, counted);
}

const ltz = (time: Ast): Ast => cast(time, 'TIMESTAMP_LTZ');

function pattern(given: SparkCall, pieces: (text: string) => readonly PatternPiece[] | undefined): Ast {
  const text = literalText(given.args[1]);
  const found = text === undefined ? undefined : pieces(text);
  const letters = found && toJava(found);
  return letters !== undefined
    ? textOf(letters)
    : given.refuse(
        `the pattern of ${given.name} is not one that every engine understands`,
        'docs/sql.md lists the letters; the pattern must be written out as a text',
      );
}

/** Names of zones of old that Java still knows and Athena refuses. */
const OLD_ZONES =
  `ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT EST HST IET IST JST MIT MST NET NST PLT PNT PRT
  PST SST VST`.split(/\s+/);

const atTimezone: SparkRewriting = ({ args, refuse }) => {
  const [time, zone] = args;
  const name = constantText(zone);
  if (OLD_ZONES.includes(name ?? ''))
    refuse(`"${name}" is no zone of Athena`, 'name a place: America/New_York');
  const known = name === undefined ? without(zone!, OLD_ZONES.join('|')) : zone!;
  return call('convert_timezone', textOf('UTC'), known, cast(time!, NTZ));
};

/**
 * Times. A zoned time of Trino is its wall clock here, as only that can be asked of it (see the lint); the session's
 * zone is UTC, so that a timestamp with and one without a zone read the same.
 */
export const TIMES: { readonly [name: string]: SparkRewriting } = {
  at_timezone: atTimezone,
  current_timestamp: () => cast(call('current_timestamp'), NTZ),
  date: ({ args, types }) => cast(types[0] === 'varchar' ? dayText(args[0]!) : args[0]!, 'DATE'),
  date_add: added,
  date_diff: between,
  date_format: (given) =>
    call('date_format', cast(given.args[0]!, 'TIMESTAMP_LTZ'), pattern(given, fromMysql)),
  date_parse: (given) =>
    /%y/.test(literalText(given.args[1]) ?? '')
      ? given.refuse(
          'Spark reads years of two digits as those after 2000',
          'write %Y, and put the century before',
        )
      : cast(call('to_timestamp', given.args[0]!, pattern(given, fromMysql)), NTZ),
  date_trunc: truncated,
  day: field('day'),
  day_of_week: ({ args }) => count(binary('add', call('weekday', args[0]!), numberOf(1))),
  day_of_year: field('dayofyear'),
  format_datetime: (given) =>
    call('date_format', cast(given.args[0]!, 'TIMESTAMP_LTZ'), pattern(given, fromJoda)),
  from_iso8601_date: ({ args }) => cast(found(args[0]!, '^([0-9]{4,}-[0-9]{1,2}-[0-9]{1,2})$'), 'DATE'),
  from_iso8601_timestamp: ({ args }) =>
    cast(cast(without(args[0]!, '[0-9-]*[^0-9T-].*'), 'TIMESTAMP_LTZ'), NTZ),
  from_unixtime: ({ args }) =>
    cast(call('timestamp_millis', count(call('round', binary('mul', args[0]!, numberOf(1000))))), NTZ),
  hour: field('hour'),
  last_day_of_month: ({ args }) => call('last_day', cast(args[0]!, 'DATE')),
  localtimestamp: () => call('localtimestamp'),
  millisecond: ({ args }) =>
    count(call('pmod', call('unix_millis', cast(args[0]!, 'TIMESTAMP_LTZ')), numberOf(1000))),
  minute: field('minute'),
  month: field('month'),
  now: () => cast(call('current_timestamp'), NTZ),
  quarter: field('quarter'),
  second: field('second'),
  to_iso8601: ({ args, types }) =>
    types[0] === 'date'
      ? cast(args[0]!, 'STRING')
      : call('date_format', cast(args[0]!, 'TIMESTAMP_LTZ'), textOf("yyyy-MM-dd'T'HH:mm:ss.SSS")),
  to_unixtime: ({ args }) =>
    binary('div', call('unix_micros', cast(args[0]!, 'TIMESTAMP_LTZ')), numberOf('1e6')),
  week: field('weekofyear'),
  year: field('year'),
  year_of_week: ({ args }) => count(call('date_part', textOf('YEAROFWEEK'), args[0]!)),
};
