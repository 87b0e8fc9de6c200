import type { TableSet } from '../../../../ports/tables.ts';
import { TRINO_MACROS } from '../../../../sql/duckdb/macros.ts';
import { SqlError } from '../../../../sql/errors.ts';
import { type SqlFault, sqlFault } from '../../../../sql/fault.ts';
import type { ParsedStatement } from '../../../../sql/parse.ts';

/** How RE2 begins its complaints: https://github.com/google/re2/blob/main/re2/regexp.cc, kErrorStrings */
const OF_RE2 =
  /^(unexpected error|invalid escape sequence|invalid character class|missing [)\]]|unexpected \)|trailing \\|no argument for repetition|invalid repetition|bad repetition|invalid perl operator|invalid UTF-8|invalid named capture)/;

/**
 * What DuckDB says while it reads rows, by kind and by how it begins. The values stand within or at the end, so
 * nothing but the beginning decides; what is not listed is "the statement failed".
 */
const SHAPES: readonly (readonly [type: RegExp, said: RegExp, fault: SqlFault])[] = [
  [/^Conversion$/, /^extract specifier /, 'time-unit'],
  [/^Conversion$/, /^(Malformed JSON|Input to JSON)/, 'invalid-json'],
  [/^Conversion$/, /^(Failure in decode|Could not decode string)/, 'encoding'],
  [/^Conversion$/, /^(Date out of range|Epoch seconds|Could not convert Timestamp|Timestamp )/, 'time-range'],
  [/^Conversion$/, /^/, 'cast'],
  [/^Invalid Input$/, /^Could not parse string /, 'time-format'],
  [/^Invalid Input$/, /^(Malformed JSON|Invalid JSON|JSON path)/, 'invalid-json'],
  [/^Invalid Input$/, /^More than one row returned by a subquery/, 'subquery-rows'],
  [/^Invalid Input$/, /^Map keys must be unique/, 'repeated-map-key'],
  [/^Invalid Input$/, /^(Invalid input for hex digit|Invalid UTF8|Invalid unicode)/, 'encoding'],
  [/^Invalid Input$/, /^Lists larger than/, 'too-large'],
  [/^Invalid Input$/, OF_RE2, 'invalid-pattern'],
  [/^Invalid Input$/, /^/, 'argument'],
  [/^Out of Range$/, /^(Overflow in |.{0,60} out of range)/, 'overflow'],
  [/^Out of Range$/, /^Cannot create a string of size/, 'too-large'],
  [/^Out of Range$/, /^/, 'argument'],
  [/^Divide by Zero$/, /^/, 'division-by-zero'],
  [/^Not implemented$/, /^Unknown TimeZone /, 'time-zone'],
  [/^(Not implemented|Mismatch Type|Unknown Type|Invalid type)$/, /^/, 'unsupported'],
  [/^Out of Memory$/, /^/, 'memory'],
];

/** Sentences of the lake's own macros, which DuckDB repeats as they are. */
const MACRO_WORDS = new Set(
  TRINO_MACROS.flatMap((macro) =>
    [...macro.matchAll(/error\('((?:[^']|'')+)'\)/g)].map((match) => match[1]!.replaceAll("''", "'")),
  ),
);

/** DuckDB's names of types as Athena has them; a type that is not here is not named. */
const TYPES: { readonly [type: string]: string } = {
  BOOL: 'boolean',
  BOOLEAN: 'boolean',
  INT8: 'tinyint',
  INT16: 'smallint',
  INT32: 'integer',
  INT64: 'bigint',
  TINYINT: 'tinyint',
  SMALLINT: 'smallint',
  INTEGER: 'integer',
  BIGINT: 'bigint',
  FLOAT: 'real',
  DOUBLE: 'double',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  VARCHAR: 'varchar',
  BLOB: 'varbinary',
  JSON: 'json',
};

/** An error that came while rows were read, in the lake's words. */
export function sqlErrorOfRows(
  {
    exception_type: type = '',
    exception_message: said = '',
  }: { exception_type?: string; exception_message?: string },
  statement: ParsedStatement,
  tables: TableSet,
  cause: unknown,
): SqlError {
  if (MACRO_WORDS.has(said)) return new SqlError(said, { code: codeOfMacro(said), cause });
  const fault = SHAPES.find(([kind, shape]) => kind.test(type) && shape.test(said))?.[2] ?? 'other';
  return sqlFault(fault, {
    cause,
    type: fault === 'cast' ? targetOf(said) : undefined,
    column: columnOf(said, statement, tables),
  });
}

/** The code of what a macro says: the same as that of an engine which finds it by itself. */
function codeOfMacro(said: string): string {
  if (said.startsWith('Division by zero')) return 'sql-division-by-zero';
  if (said.startsWith('An array has no such element')) return 'sql-no-such-element';
  return said.startsWith('A text is cast') ? 'sql-cast' : 'sql-not-the-same';
}

/** The type that a value was to become. */
function targetOf(said: string): string | undefined {
  const begin =
    /^(?:invalid (date|timestamp|time) field format|(date|timestamp|time) field value out of range)/.exec(
      said,
    );
  if (begin) return begin[1] ?? begin[2];
  const end =
    / (?:to|destination type) (DECIMAL\(\d+,\d+\)|[A-Z]+\d*)(?: when casting from source column \w+)?\.?$/.exec(
      said,
    )?.[1];
  return end?.startsWith('DECIMAL(') ? end.toLowerCase() : TYPES[end ?? ''];
}

/** The column that held the value, where DuckDB names it and the statement or its tables know it. */
function columnOf(said: string, statement: ParsedStatement, tables: TableSet): string | undefined {
  const name = / when casting from source column (\w+)$/.exec(said)?.[1];
  if (name === undefined) return undefined;
  const columns = statement.tables.flatMap((t) => tables[t.name]?.columns.map((c) => c.name) ?? []);
  return columns.includes(name) ? name : undefined;
}
