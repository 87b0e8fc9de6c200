import { describe, expect, it } from 'vitest';
import { SqlError } from '../../../../src/models/errors.ts';
import { parseStatement } from '../../../../src/models/parse-select.ts';
import { bindTables } from '../../../../src/platform/aws/athena/bind-tables.ts';
import { StatementFailed } from '../../../../src/platform/aws/athena/run-statement.ts';
import { explainSqlError } from '../../../../src/platform/aws/athena/sql-error.ts';

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
      message: 'A value cannot be converted to INT.',
    });
    expect(await explain('DIVISION_BY_ZERO: Division by zero')).toMatchObject({
      message: 'Division by zero.',
      hint: 'write nullif(divisor, 0)',
    });
  });

  it('stay failures where the SQL is not to blame', async () => {
    expect(await explain('HIVE_CURSOR_ERROR: Read timed out')).toBeInstanceOf(StatementFailed);
  });
});
