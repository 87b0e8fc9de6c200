import { describe, expect, it } from 'vitest';
import { parseStatement } from '../../../src/sql/parse.ts';
import { inferTypes } from '../../../src/sql/types/infer.ts';
import { commonType, elementOf, entryOf, fieldsOf, mapOf, rowOf } from '../../../src/sql/types/sql-type.ts';

const castTo = async (type: string): Promise<string | undefined> => {
  const statement = await parseStatement(`SELECT CAST(NULL AS ${type})`);
  return inferTypes(statement).columns?.[0]?.type;
};

describe('types that hold others', () => {
  it('are taken apart at the commas of their own depth', () => {
    expect(entryOf('map(varchar,map(bigint,decimal(5,2)))')).toEqual({
      key: 'varchar',
      value: 'map(bigint,decimal(5,2))',
    });
    expect(fieldsOf('row(a integer,"a, b" row(decimal(5,2),varchar),timestamp with time zone)')).toEqual([
      { name: 'a', type: 'integer' },
      { name: 'a, b', type: 'row(decimal(5,2),varchar)' },
      { name: undefined, type: 'timestamp with time zone' },
    ]);
    expect(elementOf('array(map(varchar,bigint))')).toBe('map(varchar,bigint)');
    expect([entryOf('array(integer)'), fieldsOf('map(integer,integer)'), elementOf('integer')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are put together again as they were', () => {
    expect(mapOf('varchar', 'array(bigint)')).toBe('map(varchar,array(bigint))');
    expect(
      rowOf([
        { name: 'a', type: 'integer' },
        { name: 'say "a"', type: 'date' },
        { name: undefined, type: 'date' },
      ]),
    ).toBe('row(a integer,"say ""a""" date,date)');
  });

  it('have one in common where what they hold has', () => {
    expect(commonType('map(varchar,integer)', 'map(varchar,bigint)')).toBe('map(varchar,bigint)');
    expect(commonType('row(a integer,b date)', 'row(a double,c timestamp)')).toBe('row(a double,timestamp)');
    expect(commonType('row(integer)', 'row(integer,integer)')).toBeUndefined();
    expect(commonType('array(unknown)', 'array(map(integer,varchar))')).toBe('array(map(integer,varchar))');
  });

  it.each([
    ['map(varchar, array(decimal(5,2)))', 'map(varchar,array(decimal(5,2)))'],
    ['row(a integer, b varchar(3))', 'row(a integer,b varchar)'],
    ['row("a b" bigint)', 'row("a b" bigint)'],
    ['timestamp(3) with time zone', 'timestamp with time zone'],
    ['time', 'time'],
  ])('are named by a CAST: %s', async (written, type) => {
    expect(await castTo(written)).toBe(type);
  });
});
