import { aggregate, binary, call, cast, choose, isNull, NULL, numberOf, textOf } from '../../build.ts';
import { callOf } from '../../calls.ts';
import { SqlError } from '../../errors.ts';
import { type Ast, type AstObject, isObject } from '../../tree.ts';
import { isAggregate as isAggregateName } from '../../types/call-types.ts';
import { decimalOf, isFloating, isWhole, type SqlType } from '../../types/sql-type.ts';
import { ofUnits, powerOfTen, withoutNan } from '../rewriting.ts';
import type { Area, CallRewriting, RewrittenCall } from './area.ts';

/**
 * Aggregates. What one of Trino's is made of in DuckDB may be several aggregates under operators; where it stands before
 * OVER, each of them gets the window, see `windowed`.
 */
export const AGGREGATES: Area = {
  macros: [
    `trino_whole_sum(x) AS CASE WHEN x > 9223372036854775807 OR x < -9223372036854775808
       THEN error('A sum is too large for a bigint. CAST what is summed to decimal(38,0).') ELSE CAST(x AS BIGINT) END`,
    `trino_decimal_sum(x, most) AS CASE WHEN x > most OR x < -most
       THEN error('A sum has more than 38 digits. CAST what is summed to double.') ELSE x END`,
    // Athena's skewness is that of the rows as they are, DuckDB's an estimate of that of all rows they are taken from.
    `trino_skewness(of_sample, n, spread) AS CASE WHEN n < 3 THEN NULL WHEN spread = 0 THEN CAST('NaN' AS DOUBLE)
       ELSE of_sample * (n - 2) / sqrt(CAST(n AS DOUBLE) * (n - 1)) END`,
    // The whole and the fraction apart: with so many digits more, a sum may not fit.
    `trino_units(x, power) AS CAST(trunc(x) AS HUGEINT) * CAST(power AS HUGEINT) + CAST((x % 1) * CAST(power AS BIGINT) AS HUGEINT)`,
    `trino_kurtosis(of_sample, n, spread) AS CASE WHEN n < 4 THEN NULL WHEN spread = 0 THEN CAST('NaN' AS DOUBLE) ELSE of_sample END`,
  ],
  kinds: {
    window_function: ({ data, was }) => windowed(data, was),
  },
  calls: {
    arbitrary: ({ args, data }) => aggregate('any_value', args, data),
    avg: ({ args, data, argType }) => {
      const scale = decimalOf(argType(0))?.scale;
      if (argType(0) === 'real') return cast(aggregate('avg', args, data), 'real');
      return scale === undefined ? undefined : meanOfDecimals(args[0]!, data, argType(0)!, scale);
    },
    bitwise_and_agg: ({ args, data }) => cast(aggregate('bit_and', args, data), 'bigint'),
    bitwise_or_agg: ({ args, data }) => cast(aggregate('bit_or', args, data), 'bigint'),
    bitwise_xor_agg: ({ args, data }) => cast(aggregate('bit_xor', args, data), 'bigint'),
    corr: ofPairs('null', 1, (x, y, data) => aggregate('corr', [x, y], data)),
    // Of no rows, or of none for which it is true: nought.
    count_if: ({ args, data }) => aggregate('count', [choose(args[0]!, numberOf(1), NULL)], data),
    covar_pop: ofPairs('nan', 0, (x, y, data) => aggregate('covar_pop', [x, y], data)),
    covar_samp: ofPairs('nan', 1, (x, y, data) => aggregate('covar_samp', [x, y], data)),
    geometric_mean: ({ args, data, argType }) => {
      const mean = call('exp', aggregate('avg', [call('trino_ln', args[0])], data));
      return argType(0) === 'real' || decimalOf(argType(0)) ? cast(mean, 'real') : mean;
    },
    kurtosis: (given) => moments(given, 'kurtosis'),
    max: greatest,
    max_by: extremeBy('max'),
    min_by: extremeBy('min'),
    regr_intercept: ofPairs('null', 1, (y, x, data) => {
      const along = binary('mul', slope(y, x, data), aggregate('regr_avgx', [y, x], data));
      return binary('sub', aggregate('regr_avgy', [y, x], data), along);
    }),
    regr_slope: ofPairs('null', 1, slope),
    skewness: (given) => moments(given, 'skewness'),
    stddev_pop: ofFinite('stddev_pop', 0),
    stddev_samp: ofFinite('stddev_samp', 1),
    sum: ({ args, data, argType }) => {
      const sum = aggregate('sum', args, data);
      if (argType(0) === 'real') return cast(sum, 'real');
      if (isWhole(argType(0))) return call('trino_whole_sum', sum);
      const digits = decimalOf(argType(0));
      return digits && digits.precision > SUMMED_FREELY
        ? call('trino_decimal_sum', sum, largestOf(digits.scale))
        : undefined;
    },
    var_pop: ofFinite('var_pop', 0),
    var_samp: ofFinite('var_samp', 1),
  },
};

/** Decimals of so few digits that no sum of as many rows as there can be has more than 38; DuckDB would not notice. */
const SUMMED_FREELY = 25;

/** The greatest decimal of 38 digits. */
const largestOf = (scale: number): Ast =>
  cast(textOf(`${'9'.repeat(38 - scale)}.${'9'.repeat(scale)}`), `decimal(38,${scale})`);

const NAN = cast(textOf('NaN'), 'double');

/** Puts a window on every aggregate of which the windowed one is made. */
function windowed(data: AstObject, was: AstObject): Ast | undefined {
  const written = isObject(was.this) ? Object.values(was.this)[0] : undefined;
  if (isObject(written) && isObject(written.filter)) {
    throw new SqlError('Athena has no FILTER for functions of windows.', {
      hint: 'leave the others out as nulls: sum(CASE WHEN … THEN n END) OVER (…)',
    });
  }
  const isPlain = !isObject(data.this) || isAggregate(data.this) || !holdsAggregate(data.this);
  // The aggregates within lag(sum(x)) are those of the group.
  return isPlain || !isOfAggregate(was.this) ? undefined : withWindow(data.this!, data);
}

/** Whether the function that OVER is of is an aggregate; what is said of its nulls stands around it. */
function isOfAggregate(node: Ast | undefined): boolean {
  if (!isObject(node)) return false;
  const call = callOf(node);
  if (call) return isAggregateName(call.name);
  const inner = Object.values(node)[0];
  return isObject(inner) && isOfAggregate(inner.this);
}

/** One that the areas have made, or one that means the same in DuckDB. */
const isAggregate = (node: AstObject): boolean =>
  isObject(node.aggregate_function) || isAggregateName(callOf(node)?.name ?? '');

const holdsAggregate = (node: Ast): boolean =>
  Array.isArray(node)
    ? node.some(holdsAggregate)
    : isObject(node) && (isAggregate(node) || Object.values(node).some(holdsAggregate));

function withWindow(node: Ast, window: AstObject): Ast {
  if (Array.isArray(node)) return node.map((item) => withWindow(item, window));
  if (!isObject(node)) return node;
  if (isAggregate(node)) return { window_function: { ...window, this: node } };
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withWindow(value, window)]));
}

/** Digits of a power of ten that is a bigint. */
const MOST_OF_A_BIGINT = 18;

/** A sum of decimals, divided by their number, in their own type. */
function meanOfDecimals(value: Ast, data: AstObject, type: SqlType, scale: number): Ast {
  const sum = aggregate('sum', [value], data);
  const power = powerOfTen(scale);
  const whole =
    scale > MOST_OF_A_BIGINT ? cast(binary('mul', sum, power), 'hugeint') : call('trino_units', sum, power);
  const count = aggregate('count', [value], data);
  return choose(
    binary('eq', count, numberOf(0)),
    NULL,
    ofUnits(call('trino_half_up', whole, count), type, scale),
  );
}

const orNull = (value: Ast, isKept: Ast): Ast => choose(isKept, value, NULL);

/** What is no number is neither the greatest nor the least, unless there is nothing else. */
function greatest({ args, data, argType }: RewrittenCall): Ast | undefined {
  if (!isFloating(argType(0))) return undefined;
  return call('coalesce', aggregate('max', [withoutNan(args[0]!)], data), aggregate('max', args, data));
}

/** The value of the row with the greatest or least key, a null too. */
function extremeBy(name: 'max' | 'min'): CallRewriting {
  return ({ args, data, argType }) => {
    const [value, key] = args;
    const mayBeNan = name === 'max' && isFloating(argType(1));
    const plain = aggregate(`arg_${name}_null`, [value!, key!], data);
    if (!mayBeNan) return plain;
    const kept = withoutNan(key!);
    const hasKept = binary('gt', aggregate('count', [kept], data), numberOf(0));
    return choose(hasKept, aggregate(`arg_${name}_null`, [value!, kept], data), plain);
  };
}

/** Infinities and NaN among the values, which DuckDB's statistics do not take. */
const infinite = (values: readonly Ast[]): Ast => {
  const known = values.map((value) => isNull(value, true)).reduce((a, b) => binary('and', a, b));
  const lost = values.map((value) => ({ not: { this: call('isfinite', value) } }) as Ast);
  return binary(
    'and',
    known,
    lost.reduce((a, b) => binary('or', a, b)),
  );
};

const finite = (value: Ast): Ast => orNull(value, call('isfinite', value));

/** Spread: NaN as soon as there is a value that is not finite, and values enough. */
function ofFinite(name: string, least: number): CallRewriting {
  return ({ args, data, argType }) => {
    if (!isFloating(argType(0))) return undefined;
    const lost = aggregate('count', [orNull(numberOf(1), infinite(args))], data);
    const isLost = binary('gt', lost, numberOf(0));
    const isEnough = binary('gt', aggregate('count', args, data), numberOf(least));
    return choose(binary('and', isLost, isEnough), NAN, aggregate(name, [finite(args[0]!)], data));
  };
}

function slope(y: Ast, x: Ast, data: AstObject): Ast {
  return binary('div', aggregate('regr_sxy', [y, x], data), aggregate('regr_sxx', [y, x], data));
}

/**
 * Statistics of pairs. Trino has them of doubles and of reals, and takes whole numbers and decimals for reals.
 * @param lost what comes of pairs that are not finite
 * @param least so many pairs are too few for anything but null
 */
function ofPairs(
  lost: 'null' | 'nan',
  least: number,
  of: (first: Ast, second: Ast, data: AstObject) => Ast,
): CallRewriting {
  return ({ args, data, argType }) => {
    const types = [argType(0), argType(1)];
    const isDouble = types.includes('double') || types.includes(undefined);
    const pair = args.map((arg) => (isDouble ? arg : cast(arg, 'real')));
    const mayBeInfinite = types.some(isFloating);
    const [first, second] = mayBeInfinite ? pair.map((arg) => finite(cast(arg, 'double'))) : pair;
    const plain = call('nullif', of(first!, second!, data), NAN);
    const given = isDouble ? plain : cast(plain, 'real');
    if (!mayBeInfinite) return given;
    const doubles = pair.map((arg) => cast(arg, 'double'));
    const isLost = binary(
      'gt',
      aggregate('count', [orNull(numberOf(1), infinite(doubles))], data),
      numberOf(0),
    );
    const both = orNull(numberOf(1), binary('and', isNull(pair[0]!, true), isNull(pair[1]!, true)));
    const isEnough = binary('gt', aggregate('count', [both], data), numberOf(least));
    const answer = lost === 'nan' ? orNull(isDouble ? NAN : cast(NAN, 'real'), isEnough) : NULL;
    return choose(isLost, answer, given);
  };
}

/** Shape: how many values there are and whether they differ decides before DuckDB's number does. */
function moments({ args, data }: RewrittenCall, name: 'skewness' | 'kurtosis'): Ast {
  const of = cast(args[0]!, 'double');
  const spread = aggregate('var_pop', [of], data);
  return call(`trino_${name}`, aggregate(name, [of], data), aggregate('count', [of], data), spread);
}
