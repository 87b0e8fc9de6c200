import { describe, expect, it } from 'vitest';
import { isLakeType } from '../../src/campus/lake-type.ts';
import { travelType } from '../../src/sis/types.ts';

describe('A type of PostgreSQL', () => {
  it.each([
    ['smallint', 'INT2', 'integer'],
    ['integer', 'INT4', 'integer'],
    ['bigint', 'INT8', 'bigint'],
    ['numeric(5,2)', 'NUMERIC(5,2)', 'decimal(5,2)'],
    ['numeric(38,10)', 'NUMERIC(38,10)', 'decimal(38,10)'],
    ['numeric(10)', 'NUMERIC(10,0)', 'decimal(10,0)'],
    ['numeric(39,2)', 'STRING(255)', 'varchar'],
    ['numeric(3,-2)', 'NUMERIC(5,0)', 'decimal(5,0)'],
    ['numeric(2,5)', 'NUMERIC(5,5)', 'decimal(5,5)'],
    ['numeric', 'NUMERIC(28,6)', 'decimal(28,6)'],
    ['money', 'NUMERIC(38,4)', 'decimal(38,4)'],
    ['real', 'REAL4', 'real'],
    ['double precision', 'REAL8', 'double'],
    ['character varying(20)', 'WSTRING(20)', 'varchar'],
    ['character varying', 'WSTRING(8000)', 'varchar'],
    ['character(4)', 'WSTRING(4)', 'varchar'],
    ['text', 'NCLOB', 'varchar'],
    ['jsonb', 'NCLOB', 'varchar'],
    ['integer[]', 'NCLOB', 'varchar'],
    ['numeric(5,2)[]', 'NCLOB', 'varchar'],
    ['bytea', 'BLOB', 'varbinary'],
    ['boolean', 'BOOLEAN', 'boolean'],
    ['date', 'DATE', 'date'],
    ['time(3) without time zone', 'TIME', 'time'],
    ['time with time zone', 'TIME', 'time'],
    ['timestamp(0) without time zone', 'DATETIME', 'timestamp'],
    ['timestamp with time zone', 'DATETIME', 'timestamp'],
    ['uuid', 'STRING(36)', 'varchar'],
    ['interval', 'STRING(128)', 'varchar'],
    ['interval year to month', 'STRING(128)', 'varchar'],
    ['inet', 'STRING(50)', 'varchar'],
    ['registrar.standing', 'STRING(255)', 'varchar'],
    ['tstzrange', 'STRING(255)', 'varchar'],
    ['"char"', 'STRING(255)', 'varchar'],
  ])('%s travels as %s and becomes %s', (type, dms, lake) => {
    expect(travelType(type)).toMatchObject({ dms, lake });
    expect(isLakeType(travelType(type).lake)).toBe(true);
  });
});
