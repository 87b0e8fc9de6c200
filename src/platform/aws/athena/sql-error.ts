import { nearest } from '../../../campus/nearest.ts';
import type { TableSet } from '../../../ports/tables.ts';
import { type SourceLocation, SqlError } from '../../../sql/errors.ts';
import { ownWords, type SqlFault, sqlFault } from '../../../sql/fault.ts';
import type { ParsedStatement } from '../../../sql/parse.ts';
import type { Bound } from './bind-tables.ts';
import { StatementFailed } from './run-statement.ts';

/** What Athena finds before it reads a row: words of the statement, the tables and Athena alone. */
const BEFORE_ROWS =
  /^(SYNTAX_ERROR|COLUMN_NOT_FOUND|COLUMN_TYPE_UNKNOWN|TYPE_MISMATCH|FUNCTION_NOT_FOUND|FUNCTION_NOT_AGGREGATE|FUNCTION_NOT_WINDOW|AMBIGUOUS_NAME|AMBIGUOUS_FUNCTION_CALL|EXPRESSION_NOT_[A-Z_]+|INVALID_COLUMN_REFERENCE|INVALID_ARGUMENTS|INVALID_LITERAL|INVALID_VIEW|INVALID_WINDOW_FRAME|INVALID_ORDER_BY|INVALID_PARAMETER_USAGE|INVALID_LIMIT_CLAUSE|MISSING_[A-Z_]+|TABLE_NOT_FOUND|SCHEMA_NOT_FOUND|CATALOG_NOT_FOUND|TYPE_NOT_FOUND|DUPLICATE_(?:COLUMN_NAME|NAMED_QUERY|WINDOW_NAME|PARAMETER_NAME)|TOO_MANY_ARGUMENTS|NESTED_[A-Z_]+|VIEW_IS_[A-Z_]+|MISMATCHED_COLUMN_ALIASES|COLUMN_ALIAS_[A-Z_]+)$/;

/** What it finds while it reads rows, whose words hold values: https://github.com/trinodb/trino, StandardErrorCode */
const OF_ROWS: { readonly [name: string]: SqlFault } = {
  INVALID_CAST_ARGUMENT: 'cast',
  INVALID_FUNCTION_ARGUMENT: 'argument',
  DIVISION_BY_ZERO: 'division-by-zero',
  NUMERIC_VALUE_OUT_OF_RANGE: 'overflow',
  SUBQUERY_MULTIPLE_ROWS: 'subquery-rows',
  EXCEEDED_FUNCTION_MEMORY_LIMIT: 'too-large',
  INVALID_ARRAY_SUBSCRIPT: 'no-such-element',
  DUPLICATE_MAP_KEY: 'repeated-map-key',
  INVALID_JSON: 'invalid-json',
  JSON_INPUT_CONVERSION_ERROR: 'invalid-json',
  JSON_OUTPUT_CONVERSION_ERROR: 'invalid-json',
  JSON_VALUE_RESULT_ERROR: 'invalid-json',
  PATH_EVALUATION_ERROR: 'invalid-json',
  INVALID_REGULAR_EXPRESSION: 'invalid-pattern',
  GENERIC_USER_ERROR: 'other',
};

/** Types of Trino that a message may name. */
const TYPE =
  / to (boolean|tinyint|smallint|integer|int|bigint|real|double|date|time|timestamp|varchar|varbinary|json|uuid|(?:decimal|varchar|timestamp|time|char)\(\d{1,4}(?:,\s*\d{1,2})?\))\s*$/i;

/**
 * Athena's complaint about the statement that ran as one about the text that was written: `line 3:8: Column 'x'
 * cannot be resolved` at the place where x stands there. Failures of Athena itself stay what they are. Only its name
 * for the error decides; the text after it is kept where it was written before a row was read.
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
  const [, name, line, column, words = ''] =
    /^(?:([A-Z][A-Z0-9_]+): ?)?(?:line (\d+):(\d+): ?)?([\s\S]*)$/.exec(said) ?? [];
  const place =
    line === undefined
      ? undefined
      : bound.placeInText(placeAfter(before, { line: Number(line), column: Number(column) }));
  const fault = OF_ROWS[name ?? ''];
  if (fault !== undefined) {
    return sqlFault(fault, { place, cause: error, type: TYPE.exec(words)?.[1]?.toLowerCase() });
  }
  if (name === 'NOT_SUPPORTED' && line === undefined) return sqlFault('unsupported', { cause: error });
  const beforeRows =
    name === undefined || name === 'NOT_SUPPORTED' ? line !== undefined : BEFORE_ROWS.test(name);
  if (!beforeRows) return error;
  const missing = /^Column '([^']+)' cannot be resolved/.exec(words)?.[1];
  if (missing !== undefined) {
    return unknownColumn(missing.split('.').at(-1)!, place, statement, tables, error);
  }
  const names = Object.values(tables).flatMap((version) => version.columns.map((c) => c.name));
  return new SqlError(ownWords(words, [statement.text, bound.sql, ...names]), {
    code: 'sql-invalid',
    place,
    hint: hintFor(words),
    cause: error,
  });
}

/** The same of a statement whose text is no longer at hand: without a place. What it names was checked before it ran. */
export function explainWhileRunning(error: unknown): unknown {
  const explained = explainSqlError(error, NO_STATEMENT, { sql: '', placeInText: () => NOWHERE }, {});
  if (!(explained instanceof SqlError)) return explained;
  const { message, hint, code, cause } = explained;
  return new SqlError(message, { hint, code, cause });
}

const NOWHERE: SourceLocation = { line: 1, column: 1 };
const NO_STATEMENT: ParsedStatement = { text: '', ast: {}, kind: 'select', tables: [] };

/** A place of a statement as one of what comes after its beginning. */
function placeAfter(before: string, { line, column }: SourceLocation): SourceLocation {
  const lines = before.split('\n');
  const isFirst = line === lines.length;
  return { line: line - lines.length + 1, column: isFirst ? column - lines.at(-1)!.length : column };
}

function hintFor(said: string): string | undefined {
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
    code: 'sql-unknown-column',
    place,
    hint: guess === undefined ? '`lake describe <table>` lists the columns' : `did you mean "${guess}"?`,
    cause,
  });
}
