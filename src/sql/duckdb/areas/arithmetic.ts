import { binary, call, cast } from '../../build.ts';
import type { Ast } from '../../tree.ts';
import {
  asDecimal,
  decimalOf,
  isFloating,
  isNarrow,
  isNumber,
  isWhole,
  type SqlType,
} from '../../types/sql-type.ts';
import { ofUnits, powerOfTen } from '../rewriting.ts';
import type { Area, KindRewriting, RewrittenCall, RewrittenNode } from './area.ts';

/** `+ - * / %` of numbers. Source: https://trino.io/docs/current/functions/decimal.html */
export const ARITHMETIC: Area = {
  macros: [
    `trino_no_zero(x) AS CASE WHEN x = 0 THEN error('Division by zero. Write nullif(divisor, 0).') ELSE x END`,
    // By `//`, which divides whole numbers to whole numbers in every session, whatever `/` means there.
    `trino_divide(a, b) AS a // trino_no_zero(b)`,
    `trino_modulo(a, b) AS a % trino_no_zero(b)`,
    // Of the least number there is no quotient, but a remainder.
    `trino_whole_modulo(a, b) AS CASE WHEN b = -1 THEN a - a ELSE trino_modulo(a, b) END`,
    // Doubles divide by zero as IEEE 754 has it; DuckDB would give null.
    `trino_float_divide(a, b) AS CASE WHEN b <> 0 THEN a // b WHEN a IS NULL OR b IS NULL THEN NULL WHEN a = 0 OR isnan(a) THEN cast_to_type(CAST('NaN' AS FLOAT), a)
       WHEN b = 0 THEN cast_to_type(CAST('Infinity' AS FLOAT), a) * CASE WHEN signbit(a) = signbit(b) THEN 1 ELSE -1 END END`,
    // Of a type that is not known beforehand.
    `trino_any_divide(a, b) AS CASE
       WHEN typeof(a) LIKE 'DECIMAL%' AND typeof(b) NOT IN ('DOUBLE', 'FLOAT')
         OR typeof(b) LIKE 'DECIMAL%' AND typeof(a) NOT IN ('DOUBLE', 'FLOAT')
       THEN error('A decimal of unknown digits is divided. Cast one side to double, or both to decimal(p,s).')
       ELSE a // trino_no_zero(b) END`,
    `trino_divisible(x, least) AS CASE WHEN abs(x) >= least
       THEN error('A decimal of many digits is divided, and the quotient needs more than 38 on its way. CAST one side to double.') ELSE x END`,
    // Half away from zero, for whole numbers of any size.
    `trino_half_up(n, d) AS (abs(n) // abs(trino_no_zero(d)) + CASE WHEN abs(n) % abs(d) >= abs(d) - abs(n) % abs(d) THEN 1 ELSE 0 END)
       * CASE WHEN (n < 0) = (d < 0) THEN 1 ELSE -1 END`,
  ],
  kinds: {
    add: ofDecimals('add'),
    sub: ofDecimals('sub'),
    mul: ofDecimals('mul'),
    div: (given) => {
      const { data, was, type, typeOf } = given;
      if (type === undefined) return call('trino_any_divide', data.left, data.right);
      if (decimalOf(type)) return quotient(given, type);
      if (isFloating(type)) {
        const sides = [data.left!, data.right!].map((side, i) =>
          typeOf(i === 0 ? was.left : was.right) === type ? side : cast(side, type),
        );
        return call('trino_float_divide', ...sides);
      }
      if (!isWhole(type)) return undefined;
      const whole = call('trino_divide', data.left, data.right);
      return isNarrow(type) ? cast(whole, type) : whole;
    },
    mod: ({ data, type }) => remainder(data.left!, data.right!, type),
  },
  calls: {
    mod: ({ args, type }) => remainder(args[0]!, args[1]!, type),
  },
};

type Digits = NonNullable<ReturnType<typeof asDecimal>>;

const asItsDecimal = (value: Ast, type: SqlType | undefined): Ast => {
  const parts = asDecimal(type);
  return parts ? cast(value, `decimal(${parts.precision},${parts.scale})`) : value;
};

/** A whole number among decimals has the digits of its type, and the result those that Trino gives it. */
function ofDecimals(kind: string): KindRewriting {
  return ({ data, was, type, typeOf, refuse }) => {
    const types = [typeOf(was.left), typeOf(was.right)];
    if ((type === 'real' || isNarrow(type)) && types.every(isNumber)) return cast({ [kind]: data }, type);
    if (!decimalOf(type) || !types.every(isNumber)) return undefined;
    const scales = types.map((side) => asDecimal(side)?.scale ?? 0);
    if (kind === 'mul' && scales[0]! + scales[1]! > 38) {
      return refuse(
        'the product has more than 38 digits after its point',
        'CAST one side to fewer, or to double',
      );
    }
    const [left, right] = [asItsDecimal(data.left!, types[0]), asItsDecimal(data.right!, types[1])];
    return cast(binary(kind, left, right), type as SqlType);
  };
}

function remainder(left: Ast, right: Ast, type: SqlType | undefined): Ast {
  if (isFloating(type)) return cast(binary('mod', cast(left, type!), cast(right, type!)), type!);
  const rest = call(isWhole(type) ? 'trino_whole_modulo' : 'trino_modulo', left, right);
  return decimalOf(type) ? cast(rest, type!) : rest;
}

/** What of 128 bits is sure to be enough. */
const MOST_DIGITS = 38;
/** Digits before the point that a number of any type may have when it is divided; one with more stops the statement. */
const SURE_DIGITS = 18;

/** The quotient of decimals, rounded half up, in whole numbers: both sides without their points. */
function quotient({ data, was, typeOf, refuse }: RewrittenNode, type: SqlType): Ast {
  const [a, b] = [asDecimal(typeOf(was.left)), asDecimal(typeOf(was.right))];
  const scale = decimalOf(type)!.scale;
  const places = scale + (b?.scale ?? 0);
  if (!a || !b || !isDivisible(a, places) || !isDivisible(b, b.scale)) {
    return refuse(
      'a decimal with many digits after its point is divided, and the quotient may need more than 38',
      'CAST one side to double, or both to decimals of fewer digits',
    );
  }
  const divided = call('trino_half_up', units(data.left!, a, places), units(data.right!, b, b.scale));
  return ofUnits(divided, type, scale);
}

/** Whether all numbers of a type, or all without too many digits before the point, can be multiplied so far. */
const isDivisible = ({ precision, scale }: Digits, power: number): boolean =>
  precision + power <= MOST_DIGITS || SURE_DIGITS + scale + power <= MOST_DIGITS;

/** A decimal times a power of ten, as a whole number. */
function units(value: Ast, { precision, scale }: Digits, power: number): Ast {
  const wide = cast(value, `decimal(${MOST_DIGITS},${scale})`);
  const fits = precision + power <= MOST_DIGITS;
  const checked = fits ? wide : call('trino_divisible', wide, powerOfTen(MOST_DIGITS - power - scale));
  return cast(binary('mul', checked, powerOfTen(power)), 'hugeint');
}

/** A whole number to tens, hundreds …; other digits of it there are none. */
export function roundedWhole({ args, type }: RewrittenCall): Ast {
  return cast(call('trino_round_whole', args[0], args[1]), type!);
}
