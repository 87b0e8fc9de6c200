import { binary, call, cast, choose, isNull, NULL, textOf } from '../../build.ts';
import { SqlError } from '../../errors.ts';
import { constantText } from '../../literal.ts';
import { isOffset, isZone } from '../../time-zones.ts';
import { type Ast, type AstObject, isObject, placeOf } from '../../tree.ts';
import { isInterval, type SqlType } from '../../types/sql-type.ts';
import type { Area, RewrittenCall, RewrittenNode } from './area.ts';
import { TIME_PATTERNS } from './time-patterns.ts';
import { fieldCall, fieldOf, TIMES } from './times.ts';
import { unitOf } from './units.ts';
import { ZONE_MACROS } from './zone-macros.ts';

const ZONED = 'timestamp with time zone';
const UTC = textOf('UTC');
/** Units that move the instant; longer ones move the clock of the zone. */
const OF_THE_INSTANT: ReadonlySet<string> = new Set(['millisecond', 'second', 'minute', 'hour']);
/** Functions that read the clock of the zone, by the place of their time. */
const BY_THE_CLOCK: ReadonlySet<string> = new Set(
  `year quarter month week day day_of_week day_of_year year_of_week hour minute second millisecond
  date last_day_of_month date_format format_datetime`.split(/\s+/),
);

/** Functions that DuckDB calls otherwise. */
const PLAIN: { readonly [name: string]: string } = { last_day_of_month: 'last_day' };

const zoned = (instant: Ast, zone: Ast): AstObject => call('trino_zoned', instant, zone);

/** Instant and zone where they are written out; undefined for a value that holds both. */
function partsOf(value: Ast): readonly [instant: Ast, zone: Ast] | undefined {
  const made = isObject(value) && isObject(value.function) ? value.function : undefined;
  const args = made?.name === 'trino_zoned' && Array.isArray(made.args) ? made.args : undefined;
  const zone = isObject(args?.[1]) ? args[1] : undefined;
  return args && zone ? [args[0]!, zone] : undefined;
}

const isNamed = (zone: Ast): boolean => {
  const text = constantText(zone);
  return text !== undefined && !isOffset(text);
};

/** What the clock of a zoned value shows. */
function wallOf(value: Ast): Ast {
  const parts = partsOf(value);
  if (!parts) return call('trino_wall_of', value);
  return call(isNamed(parts[1]) ? 'trino_wall_named' : 'trino_wall', ...parts);
}

/** The instant of a zoned value, null where it is. */
function instantOf(value: Ast): Ast {
  const parts = partsOf(value);
  return parts && constantText(parts[1]) !== undefined ? parts[0] : call('trino_instant_of', value);
}

/** A value of another type as a zoned one: a time without a zone is of UTC. */
function asZoned(value: Ast, type: SqlType | undefined): Ast {
  return type === ZONED || type === 'unknown' ? value : zoned(cast(value, 'TIMESTAMP'), UTC);
}

/** The instant of a value that is compared with a zoned one. */
const asInstant = (value: Ast, type: SqlType | undefined): Ast =>
  type === ZONED ? instantOf(value) : cast(value, 'TIMESTAMP');

/** Zoned times are compared by their instants, whatever their zones. */
const compared =
  (kind: string, keys: readonly string[]) =>
  ({ data, was, typeOf }: RewrittenNode): Ast | undefined => {
    const parts = keys.flatMap((key) => (Array.isArray(was[key]) ? was[key] : [was[key] ?? null]));
    if (!parts.some((part) => typeOf(part) === ZONED)) return undefined;
    const changed = keys.map((key) => {
      const [value, before] = [data[key] ?? null, was[key] ?? null];
      const changedOne = (one: Ast, i?: number) =>
        asInstant(one, typeOf(i === undefined || !Array.isArray(before) ? before : before[i]));
      return [key, Array.isArray(value) ? value.map(changedOne) : changedOne(value)] as const;
    });
    return { [kind]: { ...data, ...Object.fromEntries(changed) } };
  };

const COMPARISONS = Object.fromEntries(
  ['eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'null_safe_eq', 'null_safe_neq'].map((kind) => [
    kind,
    compared(kind, ['left', 'right']),
  ]),
);

const converted =
  (kind: string) =>
  ({ data, was, typeOf }: RewrittenNode): Ast | undefined =>
    typeOf(was.this) === ZONED ? { [kind]: { ...data, this: wallOf(data.this ?? null) } } : undefined;

/** `AT TIME ZONE`: another clock for the same instant. */
function atZone(called: RewrittenCall): Ast {
  const [time = null, zone = null] = called.args;
  const instant = called.argType(0) === ZONED ? instantOf(time) : cast(time, 'TIMESTAMP');
  return zoned(instant, zoneFrom(zone, called));
}

/** A zone that is written out is looked up at once, another one while rows are read. */
function zoneFrom(zone: Ast, { node, text }: RewrittenCall): Ast {
  const name = constantText(zone);
  if (name === undefined) return call('trino_zone', zone);
  if (isZone(name)) return textOf(/^[+-]00:00$/.test(name) ? 'UTC' : name);
  throw new SqlError('A text that is no time zone is used as one.', {
    place: placeOf(node, text),
    hint: 'use an IANA name, with its capitals: America/Chicago',
  });
}

/** A time that is written with its zone. */
function written({ data, type, text }: RewrittenNode): Ast | undefined {
  if (data.literal_type !== 'timestamp' || type !== ZONED) return undefined;
  const [, wall, zone] = /^\s*(\S+(?:\s+\d[\d:.]*)?)\s*([A-Za-z+-]\S*)\s*$/.exec(String(data.value)) ?? [];
  if (wall === undefined || zone === undefined || !isZone(zone)) {
    throw new SqlError('A time is written with a text that is no time zone.', {
      place: placeOf({ literal: data }, text),
      hint: "write TIMESTAMP '2026-01-31 08:00:00 America/Chicago', or +01:00 for an offset",
    });
  }
  const local = cast(textOf(wall), 'TIMESTAMP');
  return zoned(call('trino_utc_written', local, textOf(zone)), textOf(zone));
}

/** By the instant, or by the clock of the zone. */
const byUnit = (name: string, unit: string): string => (OF_THE_INSTANT.has(unit) ? name : `${name}_by_clock`);

function truncated(called: RewrittenCall): Ast | undefined {
  if (called.argType(1) !== ZONED) return undefined;
  const unit = unitOf(called);
  return call(byUnit('trino_zoned_trunc', unit), textOf(unit), called.args[1]);
}

function added(called: RewrittenCall): Ast | undefined {
  if (called.argType(2) !== ZONED) return undefined;
  const unit = unitOf(called);
  const [, count, time] = called.args;
  if (unit === 'quarter') return call('trino_zoned_add_quarters', count, time);
  return call(byUnit('trino_zoned_add', unit), textOf(unit), count, time);
}

/** Hours are counted between the instants, days on the clock of the first time. */
function between(called: RewrittenCall): Ast | undefined {
  const [from, to] = [called.argType(1), called.argType(2)];
  if (from !== ZONED && to !== ZONED) return undefined;
  const unit = unitOf(called);
  const [, first = null, second = null] = called.args;
  const [a, b] = [asZoned(first, from), asZoned(second, to)];
  return OF_THE_INSTANT.has(unit)
    ? call('trino_date_diff', textOf(unit), instantOf(a), instantOf(b))
    : call('trino_zoned_diff_by_clock', textOf(unit), a, b);
}

/** Functions that give one of their arguments, all of which become zoned. */
const together =
  (name: string, from = 0) =>
  (called: RewrittenCall): Ast | undefined =>
    called.type === ZONED
      ? call(name, ...called.args.map((arg, i) => (i < from ? arg : asZoned(arg, called.argType(i)))))
      : undefined;

/** `greatest` and `least`: null where an argument is. */
const extreme =
  (name: string) =>
  (called: RewrittenCall): Ast | undefined => {
    const all = together(name)(called);
    if (!all || !isObject(all) || !isObject(all.function) || !Array.isArray(all.function.args))
      return undefined;
    const absent = all.function.args.map((arg): Ast => isNull(arg));
    return absent.reduceRight((otherwise: Ast, condition) => choose(condition, NULL, otherwise), all);
  };

const byTheClock = (called: RewrittenCall, name: string, at: number): Ast | undefined => {
  if (called.argType(at) !== ZONED) return undefined;
  const args = called.args.map((arg, i) => (i === at ? wallOf(arg) : arg));
  const argType = (index: number) => (index === at ? 'timestamp' : called.argType(index));
  const plain = TIMES.calls?.[name] ?? TIME_PATTERNS.calls?.[name];
  return plain?.({ ...called, args, argType }) ?? call(PLAIN[name] ?? name, ...args);
};

/** Times with a zone. The lint lets through what is rewritten here; see `findZoned`. */
export const ZONED_TIMES: Area = {
  macros: ZONE_MACROS,
  kinds: {
    ...COMPARISONS,
    between: compared('between', ['this', 'low', 'high']),
    in: compared('in', ['this', 'expressions']),
    ordered: ({ data, was, typeOf }) =>
      typeOf(was.this) === ZONED ? { ...data, this: instantOf(data.this ?? null) } : undefined,
    cast: converted('cast'),
    try_cast: converted('try_cast'),
    literal: written,
    extract: ({ data, was, typeOf, text }) => {
      if (typeOf(was.this) !== ZONED) return undefined;
      const called = fieldCall(fieldOf(data), data, text);
      return ZONED_TIMES.calls?.[called.name]?.({ ...called, argType: () => ZONED });
    },
    add: ({ data, was, typeOf }) =>
      plus(data.left, typeOf(was.left), data.right) ?? plus(data.right, typeOf(was.right), data.left),
    sub: ({ data, was, typeOf }) => {
      const [a, b] = [typeOf(was.left), typeOf(was.right)];
      if (a !== ZONED && b !== ZONED) return undefined;
      return isInterval(b)
        ? plus(data.left, a, { neg: { this: { paren: { this: data.right ?? null } } } })
        : call('trino_between', asInstant(data.left ?? null, a), asInstant(data.right ?? null, b));
    },
    case: ({ data, was, type, typeOf }) => {
      if (type !== ZONED || !Array.isArray(data.whens) || !Array.isArray(was.whens)) return undefined;
      const before = was.whens;
      const whens = data.whens.map((when, i) => {
        const [condition = null, result = null] = Array.isArray(when) ? when : [];
        const old = before[i];
        return [condition, asZoned(result, typeOf(Array.isArray(old) ? old[1] : undefined))];
      });
      const else_ = data.else_ ? asZoned(data.else_, typeOf(was.else_)) : (data.else_ ?? null);
      return { case: { ...data, whens, else_ } };
    },
  },
  calls: {
    ...Object.fromEntries(
      [...BY_THE_CLOCK].map((name) => [name, (called: RewrittenCall) => byTheClock(called, name, 0)]),
    ),
    at_timezone: atZone,
    with_timezone: (called) => {
      const zone = zoneFrom(called.args[1] ?? null, called);
      return zoned(call('trino_utc', cast(called.args[0] ?? null, 'TIMESTAMP'), zone), zone);
    },
    timezone_hour: ({ args }) => call('trino_zone_hour', wallOf(args[0] ?? null), instantOf(args[0] ?? null)),
    timezone_minute: ({ args }) =>
      call('trino_zone_minute', wallOf(args[0] ?? null), instantOf(args[0] ?? null)),
    current_timestamp: () => zoned(call('trino_now'), UTC),
    now: () => zoned(call('trino_now'), UTC),
    localtimestamp: () => call('trino_now'),
    from_unixtime: (called) => {
      const [seconds = null, zone, minutes] = called.args;
      if (minutes !== undefined)
        called.refuse(
          'from_unixtime is given the hours and minutes of an offset',
          "write from_unixtime(x, '+05:30')",
        );
      return zoned(call('trino_from_unixtime', seconds), zone === undefined ? UTC : zoneFrom(zone, called));
    },
    from_iso8601_timestamp: ({ args }) => call('trino_from_iso8601', ...args),
    to_unixtime: ({ args, argType }) => {
      const time = args[0] ?? null;
      return call('trino_to_unixtime', asInstant(time, argType(0)));
    },
    date_add: added,
    date_trunc: truncated,
    date_diff: between,
    coalesce: together('coalesce'),
    greatest: extreme('greatest'),
    least: extreme('least'),
    if: (called) => {
      if (called.type !== ZONED) return undefined;
      const [condition = null, yes = null, no] = called.args;
      const otherwise = no === undefined ? NULL : asZoned(no, called.argType(2));
      return choose(condition, asZoned(yes, called.argType(1)), otherwise);
    },
    nullif: ({ args: [a = null, b = null], argType }) => {
      if (argType(0) !== ZONED && argType(1) !== ZONED) return undefined;
      return choose(binary('eq', asInstant(a, argType(0)), asInstant(b, argType(1))), NULL, a);
    },
  },
};

const plus = (
  time: Ast | undefined,
  type: SqlType | undefined,
  interval: Ast | undefined,
): Ast | undefined => (type === ZONED ? call('trino_zoned_plus', time, interval) : undefined);
