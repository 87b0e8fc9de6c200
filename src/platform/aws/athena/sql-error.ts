import { nearest } from '../../../campus/nearest.ts';
import { type Place, SqlError } from '../../../models/errors.ts';
import type { ParsedStatement } from '../../../models/parse-select.ts';
import type { TableSet } from '../../ports/tables.ts';
import type { Bound } from './bind-tables.ts';
import { StatementFailed } from './run-statement.ts';

/** Kinds of errors that lie in the SQL or the data that it meets, and not in Athena. */
const OF_THE_SQL =
  /^(SYNTAX_ERROR|COLUMN_NOT_FOUND|TYPE_MISMATCH|FUNCTION_NOT_FOUND|AMBIGUOUS_NAME|EXPRESSION_NOT_AGGREGATE|[A-Z_]*INVALID[A-Z_]*|DIVISION_BY_ZERO|NUMERIC_VALUE_OUT_OF_RANGE|NOT_SUPPORTED|MISSING_[A-Z_]+|[A-Z_]*NOT_FOUND|SUBQUERY_[A-Z_]+|DUPLICATE_[A-Z_]+|TOO_MANY_ARGUMENTS|EXCEEDED_FUNCTION_MEMORY_LIMIT)\b/;

/**
 * Athena's complaint about the statement that ran as one about the text that was written: `line 3:8: Column 'x'
 * cannot be resolved` at the place where x stands there. Failures of Athena itself stay what they are.
 */
export function explainSqlError(
  error: unknown,
  statement: ParsedStatement,
  bound: Bound,
  tables: TableSet,
  before = '',
): unknown {
  if (!(error instanceof StatementFailed)) return error;
  const said = error.said.trim();
  if (!OF_THE_SQL.test(said) && !/\bline \d+:\d+/.test(said)) return error;
  const at = /\bline (\d+):(\d+): ?/.exec(said);
  const place = at
    ? bound.placeInText(placeAfter(before, { line: Number(at[1]), column: Number(at[2]) }))
    : undefined;
  const column = /Column '([^']+)' cannot be resolved/.exec(said)?.[1];
  if (column !== undefined) return unknownColumn(column.split('.').at(-1)!, place, statement, tables, error);
  if (/INVALID_CAST_ARGUMENT|INVALID_FUNCTION_ARGUMENT/.test(said)) {
    const type = / to ([A-Za-z]+(?:\(\d+(?:,\s*\d+)?\))?)\s*$/.exec(said)?.[1];
    return new SqlError(`A value cannot be converted${type ? ` to ${type}` : ''}.`, { place, cause: error });
  }
  const words = said.replace(/^[A-Z_]+: ?/, '').replace(/line \d+:\d+: ?/, '');
  return new SqlError(`${words.slice(0, 400)}${/[.!?]$/.test(words) ? '' : '.'}`, {
    place,
    hint: hintFor(said),
    cause: error,
  });
}

/** The same of a statement whose text is no longer at hand: without a place. What it names was checked before it ran. */
export function explainWhileRunning(error: unknown): unknown {
  const explained = explainSqlError(error, NO_STATEMENT, { sql: '', placeInText: () => NOWHERE }, {});
  if (!(explained instanceof SqlError)) return explained;
  return new SqlError(explained.message, { hint: explained.hint, cause: explained.cause });
}

const NOWHERE: Place = { line: 1, column: 1 };
const NO_STATEMENT: ParsedStatement = { text: '', ast: {}, kind: 'select', tables: [] };

/** A place of a statement as one of what comes after its beginning. */
function placeAfter(before: string, { line, column }: Place): Place {
  const lines = before.split('\n');
  const isFirst = line === lines.length;
  return { line: line - lines.length + 1, column: isFirst ? column - lines.at(-1)!.length : column };
}

function hintFor(said: string): string | undefined {
  if (/^DIVISION_BY_ZERO/.test(said)) return 'write nullif(divisor, 0)';
  if (/must be an aggregate expression/.test(said)) {
    return 'add it to GROUP BY, or take max(…), min(…) or arbitrary(…) of it';
  }
  if (/is ambiguous/.test(said)) return 'put the table or its alias before it';
  return undefined;
}

function unknownColumn(
  column: string,
  place: SqlError['place'],
  statement: ParsedStatement,
  tables: TableSet,
  cause: unknown,
): SqlError {
  const known = new Set(statement.tables.flatMap((t) => tables[t.name]?.columns.map((c) => c.name) ?? []));
  const guess = nearest(column, known);
  return new SqlError(`There is no column "${column}".`, {
    place,
    hint: guess === undefined ? '`lake describe <table>` lists the columns' : `did you mean "${guess}"?`,
    cause,
  });
}
