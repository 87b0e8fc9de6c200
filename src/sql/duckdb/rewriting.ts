import { binary, call, cast, choose, NULL, textOf } from '../build.ts';
import { SqlError } from '../errors.ts';
import { placeOfPart } from '../place.ts';
import type { Ast, AstObject } from '../tree.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { RewrittenCall } from './areas/area.ts';
import { duckType } from './duck-type.ts';

/** A call of another function, or of a macro, with the same arguments. */
export const macro =
  (name: string) =>
  ({ args }: RewrittenCall): AstObject =>
    call(name, ...args);

/**
 * Refuses a node before a row is read.
 * @param what ends up as the message, with a capital and a full stop
 * @throws SqlError
 */
export function refused(node: Ast, text: string, what: string, portable: string): never {
  throw new SqlError(`${what[0]!.toUpperCase()}${what.slice(1)}.`, {
    place: placeOfPart(node, text),
    hint: portable,
  });
}

/** A number, or null for what is none. */
export const withoutNan = (value: Ast): Ast => choose(call('isnan', value), NULL, value);

/** `1000` for 3. */
export const powerOfTen = (power: number): Ast => cast(textOf(`1${'0'.repeat(power)}`), 'decimal(38,0)');

/** A whole number of the smallest units of a decimal as that decimal. */
export function ofUnits(units: Ast, type: SqlType, scale: number): Ast {
  const whole = cast(units, 'decimal(38,0)');
  if (scale === 0) return cast(whole, type);
  const unit = cast(textOf(`0.${'0'.repeat(scale - 1)}1`), `decimal(38,${scale})`);
  return cast(binary('mul', whole, unit), type);
}

/** Types that are spelled alike in a cast: neither zoned times, which are rows in DuckDB, nor intervals or JSON. */
const isCastable = (type: SqlType | undefined): type is SqlType =>
  type !== undefined && type !== 'unknown' && !/zone|interval|json|function/.test(type);

/**
 * A value in the type that Trino gives it, where DuckDB can spell a cast to it: what DuckDB takes out of a constant null
 * has no type of its own.
 */
export const inCastableType = (value: Ast, type: SqlType | undefined): Ast =>
  isCastable(type) ? cast(value, duckType(type)) : value;

/** A call that keeps Trino's type when DuckDB folds it for a constant null, which then has no type of its own. */
export const typedMacro =
  (name: string) =>
  ({ args, type }: RewrittenCall): Ast =>
    inCastableType(call(name, ...args), type);
