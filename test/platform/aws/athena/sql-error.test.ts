import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../../src/failure.ts';
import { bindTables } from '../../../../src/platform/aws/athena/bind-tables.ts';
import { StatementFailed } from '../../../../src/platform/aws/athena/run-statement.ts';
import { explainSqlError } from '../../../../src/platform/aws/athena/sql-error.ts';
import { SqlError } from '../../../../src/sql/errors.ts';
import { parseStatement } from '../../../../src/sql/parse.ts';

const TEXT = 'SELECT id,\n  nme FROM (VALUES 1) t (id)';

async function explain(reason: string, before?: string): Promise<unknown> {
  const statement = await parseStatement(TEXT);
  const failure = new StatementFailed({ doing: 'The query' }, 'q1', {
    Status: { State: 'FAILED', StateChangeReason: reason },
  });
  return explainSqlError(failure, statement, bindTables(statement, {}), {}, before);
}

describe("Athena's complaints about SQL", () => {
  it.each([
    [undefined, "COLUMN_NOT_FOUND: line 2:3: Column 'nme' cannot be resolved"],
    ['SELECT * FROM (\n', "COLUMN_NOT_FOUND: line 3:3: Column 't.nme' cannot be resolved"],
    ['UNLOAD (\nSELECT a, b FROM (\n', "COLUMN_NOT_FOUND: line 4:3: Column 'nme' cannot be resolved"],
  ])('name the place in the text as written, after %j', async (before, reason) => {
    const error = await explain(reason, before);

    expect(error).toBeInstanceOf(SqlError);
    expect(error).toMatchObject({ message: 'There is no column "nme".', place: { line: 2, column: 3 } });
  });

  it('keep values to themselves, and say what to do about what is usual', async () => {
    expect(await explain("INVALID_CAST_ARGUMENT: Cannot cast 'Ada' to INT")).toMatchObject({
      message: 'A value cannot be converted to int.',
      code: 'sql-cast',
    });
    expect(await explain('DIVISION_BY_ZERO: Division by zero')).toMatchObject({
      message: 'Division by zero.',
      hint: 'write nullif(divisor, 0)',
    });
  });

  // What Trino says while it reads rows, with a value in it; the names are those of its StandardErrorCode.
  it.each([
    ["INVALID_CAST_ARGUMENT: Value cannot be cast to date: D'Angelo", 'sql-cast'],
    ["INVALID_CAST_ARGUMENT: Cannot cast varchar 'line 1:1: D'Angelo' to decimal(5,2)", 'sql-cast'],
    ['INVALID_FUNCTION_ARGUMENT: Invalid format: "D\'Angelo"', 'sql-argument'],
    ["INVALID_FUNCTION_ARGUMENT: Cannot convert value to JSON: 'D'Angelo'", 'sql-argument'],
    ['NUMERIC_VALUE_OUT_OF_RANGE: bigint multiplication overflow: 21070000000000196 * 9', 'sql-overflow'],
    ['SUBQUERY_MULTIPLE_ROWS: Scalar sub-query has returned multiple rows', 'sql-subquery-rows'],
    ["DUPLICATE_MAP_KEY: Duplicate map keys (D'Angelo) are not allowed", 'sql-repeated-map-key'],
    ["JSON_INPUT_CONVERSION_ERROR: conversion to JSON failed: D'Angelo", 'sql-invalid-json'],
    ["GENERIC_USER_ERROR: D'Angelo", 'sql-other'],
    ["NOT_SUPPORTED: Unknown time zone D'Angelo", 'sql-unsupported'],
  ])('hold no value of a row: %s', async (reason, code) => {
    const error = (await explain(reason)) as SqlError;

    expect(error).toMatchObject({ name: 'SqlError', code });
    expect(JSON.stringify(failureOf(error))).not.toMatch(/Angelo|21070000000000196/);
  });

  it.each([
    "HIVE_BAD_DATA: Error parsing field value 'D'Angelo' for field 0",
    "SOME_NEW_ERROR: D'Angelo",
    "D'Angelo is not what Athena says",
    "HIVE_CURSOR_ERROR: Access Denied to D'Angelo",
  ])('that are failures of Athena hold none either: %s', async (reason) => {
    const error = await explain(reason);

    expect(error).toBeInstanceOf(StatementFailed);
    expect(JSON.stringify(failureOf(error))).not.toContain('Angelo');
  });

  it('keep the words about the statement, but no quoted word that is not in it', async () => {
    expect(
      await explain("TYPE_MISMATCH: line 2:3: Cannot apply operator to 'nme' and 'D_Angelo'"),
    ).toMatchObject({ code: 'sql-invalid', message: "Cannot apply operator to 'nme' and …." });
  });

  it('stay failures where the SQL is not to blame', async () => {
    expect(await explain('HIVE_CURSOR_ERROR: Read timed out')).toBeInstanceOf(StatementFailed);
  });
});
