import { describe, expect, it } from 'vitest';
import type { Argument } from '../../../src/sql/signatures/bind.ts';
import { typeOfDecimals } from '../../../src/sql/signatures/decimals.ts';
import { resolve } from '../../../src/sql/signatures/resolve.ts';
import type { SqlType } from '../../../src/sql/types/sql-type.ts';

const lambda = (
  parameters: number,
  gives: (types: readonly (SqlType | undefined)[]) => SqlType | undefined,
) => ({
  parameters,
  typeWith: gives,
});

/** `none` and `several` where Trino refuses the call; otherwise the type that it gives. */
function typeOf(name: string, args: readonly Argument[]): string | undefined {
  const found = resolve(name, args);
  if (found.found !== 'one') return found.found;
  return found.type ?? (found.bound && typeOfDecimals(name, found.bound.parameters));
}

describe('a call means the signature that Trino takes', () => {
  it.each<[name: string, args: readonly Argument[], type: string]>([
    ['sum', ['integer'], 'bigint'],
    ['sum', ['decimal(5,2)'], 'decimal(38,2)'],
    ['avg', ['integer'], 'double'],
    ['sqrt', ['decimal(5,2)'], 'double'],
    // Whole numbers become reals before they become doubles.
    ['corr', ['integer', 'decimal(3,1)'], 'real'],
    ['greatest', ['integer', 'decimal(3,1)'], 'decimal(11,1)'],
    ['mod', ['decimal(2,1)', 'integer'], 'decimal(2,1)'],
    ['round', ['decimal(3,2)', 'integer'], 'decimal(4,2)'],
    ['ceil', ['decimal(3,2)'], 'decimal(2,0)'],
    ['truncate', ['integer'], 'decimal(10,0)'],
    ['to_unixtime', ['timestamp'], 'double'],
    ['date_diff', ['varchar', 'date', 'timestamp'], 'bigint'],
    ['from_unixtime', ['bigint'], 'timestamp with time zone'],
    ['regexp_like', ['varchar', 'varchar'], 'boolean'],
    ['max', ['integer', 'integer'], 'array(integer)'],
    ['count', [], 'bigint'],
  ])('%s(%s) is %s', (name, args, type) => expect(typeOf(name, args)).toBe(type));

  it.each<[name: string, args: readonly Argument[], type: string]>([
    ['concat', ['array(integer)', 'bigint'], 'array(bigint)'],
    ['concat', ['varchar', 'varchar', 'varchar'], 'varchar'],
    ['map', ['array(varchar)', 'array(integer)'], 'map(varchar,integer)'],
    ['element_at', ['map(varchar,integer)', 'varchar'], 'integer'],
    ['map_entries', ['map(varchar,integer)'], 'array(row(varchar,integer))'],
    ['zip', ['array(integer)', 'array(varchar)'], 'array(row(integer,varchar))'],
    ['flatten', ['array(array(integer))'], 'array(integer)'],
    ['sequence', ['date', 'date', 'interval year to month'], 'array(date)'],
  ])('variables stand for types of arguments: %s(%s) is %s', (name, args, type) =>
    expect(typeOf(name, args)).toBe(type),
  );

  it('lambdas see the types that the other arguments have, and widen them', () => {
    const sum = lambda(2, ([state]) => (state === undefined ? undefined : 'bigint'));
    const same = lambda(1, ([first]) => first);

    expect(typeOf('reduce', ['array(bigint)', 'integer', sum, same])).toBe('bigint');
  });

  it.each([
    ['bigint', 'integer'],
    ['row(bigint,bigint)', 'row(a bigint,b bigint)'],
    ['array(bigint)', 'array(integer)'],
    ['bigint', 'unknown'],
  ])('nothing converts what a lambda gives: a state of %s does not become %s', (state, gives) => {
    const reducing = lambda(2, () => gives);
    const same = lambda(1, ([first]) => first);

    expect(typeOf('reduce', ['array(bigint)', state, reducing, same])).toBe('none');
  });

  it('lambdas of one and of two parameters are told apart', () => {
    const same = lambda(1, ([first]) => first);
    expect(typeOf('transform', ['array(varchar)', same])).toBe('array(varchar)');
    expect(typeOf('filter', ['array(integer)', same])).toBe('none');
    expect(typeOf('filter', ['array(integer)', lambda(1, () => 'unknown')])).toBe('none');
    expect(typeOf('transform', ['array(integer)', lambda(2, () => 'integer')])).toBe('none');
  });

  it.each<[name: string, args: readonly Argument[], found: string]>([
    ['upper', ['integer'], 'none'],
    ['sqrt', ['varchar'], 'none'],
    ['concat', ['varchar', 'integer'], 'none'],
    ['contains', ['array(integer)', 'varchar'], 'none'],
    ['lpad', ['varchar', 'varchar', 'varchar'], 'none'],
    ['count', ['integer', 'integer'], 'none'],
    ['sum', ['unknown'], 'several'],
    ['reverse', ['unknown'], 'several'],
    ['json_extract_scalar', ['unknown', 'varchar'], 'several'],
  ])('%s(%s) is refused: %s', (name, args, found) => expect(typeOf(name, args)).toBe(found));

  it.each<[name: string, args: readonly Argument[], type: string]>([
    ['upper', ['unknown'], 'varchar'],
    ['length', ['unknown'], 'bigint'],
    ['mod', ['unknown', 'integer'], 'integer'],
    ['max', ['unknown'], 'unknown'],
  ])('a bare NULL becomes what is wanted: %s(%s) is %s', (name, args, type) =>
    expect(typeOf(name, args)).toBe(type),
  );

  it('what is not known of a table decides nothing', () => {
    expect(typeOf('length', [undefined])).toBe('bigint');
    expect(typeOf('max', [undefined])).toBeUndefined();
    expect(typeOf('substr', [undefined, 'varchar'])).toBe('none');
  });
});
