import { asDecimal, decimal, type SqlType } from '../types/sql-type.ts';

/**
 * The type that a function gives for decimals, where its signature names digits that a formula makes of those of its
 * arguments; undefined for other functions. Source: https://trino.io/docs/current/functions/decimal.html and the
 * declarations of `MathFunctions`.
 */
export function typeOfDecimals(name: string, args: readonly (SqlType | undefined)[]): SqlType | undefined {
  const first = asDecimal(args[0]);
  if (!first) return undefined;
  const { precision, scale } = first;
  switch (name) {
    case 'ceil':
    case 'ceiling':
    case 'floor':
      return decimal(precision - scale + Math.min(scale, 1), 0);
    case 'round':
      return args.length === 1
        ? decimal(precision - scale + Math.min(scale, 1), 0)
        : decimal(precision + 1, scale);
    case 'truncate':
      return args.length === 1 ? decimal(Math.max(1, precision - scale), 0) : decimal(precision, scale);
    case 'mod': {
      const second = asDecimal(args[1]);
      if (!second) return undefined;
      const most = Math.max(scale, second.scale);
      return decimal(Math.min(precision - scale, second.precision - second.scale) + most, most);
    }
    default:
      return undefined;
  }
}
