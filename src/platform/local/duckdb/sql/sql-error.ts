import { nearest } from '../../../../campus/nearest.ts';
import type { TableSet } from '../../../../ports/tables.ts';
import { type SourceLocation, SqlError } from '../../../../sql/errors.ts';
import { SHARED_FUNCTIONS } from '../../../../sql/functions/all.ts';
import type { ParsedStatement } from '../../../../sql/parse.ts';
import { relationsOf } from '../../../../sql/relations.ts';
import { type AstObject, isObject, nameOf, placeAt, placeOf, visit } from '../../../../sql/tree.ts';
import { unknownColumn } from '../../../../sql/unknown-column.ts';
import { complaintOf, wrongTypes } from './complaints.ts';
import { sqlErrorOfRows } from './row-errors.ts';

/** An error of DuckDB, as `errors_as_json` gives it. */
export interface DuckDbError {
  readonly exception_type?: string;
  readonly exception_message?: string;
  readonly error_subtype?: string;
  readonly name?: string;
  readonly candidates?: string;
}

/** What the client puts before DuckDB's JSON where DuckDB cannot read the text; no row has been read then. */
const BEFORE_PARSING = 'Failed to extract statements: Parser Error: ';

/** Kinds of errors that DuckDB raises before it reads a row: their words are those of the statement and the schema. */
const BEFORE_ROWS = new Set(['Binder', 'Catalog', 'Parser', 'Syntax', 'Parameter Not Resolved']);

/**
 * A complaint of DuckDB about the translated text as one about the text that was written: the place is that of the
 * name it complains of, the suggestion the nearest column. What DuckDB says while it reads rows quotes values, so it
 * is only recognised; what it says before that names columns and functions, and these are kept.
 */
export function explainSqlError(error: unknown, statement: ParsedStatement, tables: TableSet): SqlError {
  const details = parseDetails(error instanceof Error ? error.message : String(error));
  return BEFORE_ROWS.has(details.exception_type ?? '')
    ? complaint(details, statement, tables, error)
    : sqlErrorOfRows(details, statement, tables, error);
}

/** What is wrong with the statement itself. */
function complaint(
  details: DuckDbError,
  statement: ParsedStatement,
  tables: TableSet,
  error: unknown,
): SqlError {
  const said = (details.exception_message ?? '').split('\n')[0]!.trim();
  const [, qualifier, foreign] =
    /^Values list "([^"]+)" does not have a column named "([^"]+)"/.exec(said) ?? [];
  const column =
    /^Referenced column "([^"]+)" (?:not found|was not found)/.exec(said)?.[1] ??
    foreign ??
    (details.error_subtype === 'COLUMN_NOT_FOUND' ? details.name : undefined);
  const table = /^Referenced table "([^"]+)" not found/.exec(said)?.[1];
  const outside = isSomewhere(table ?? column, statement, tables);
  if (outside) return outOfReach((table ?? column)!, statement, error);
  if (column !== undefined) return unknownColumn(column, statement, tables, { qualifier, cause: error });
  if (table !== undefined) return unknownRelation(table, statement, tables, error);
  if (details.error_subtype === 'MISSING_ENTRY' || /^\S+ Function with name \S+ does not exist/.test(said)) {
    const name = details.name ?? /name (\S+)/.exec(said)?.[1] ?? '';
    // DuckDB would suggest functions of its own.
    const guess = nearest(name, SHARED_FUNCTIONS);
    return new SqlError(`There is no function "${name}".`, {
      place: findWord(statement, name),
      hint: guess === undefined ? 'SHOW FUNCTIONS lists the functions' : `did you mean "${guess}"?`,
      code: 'sql-unknown-function',
      cause: error,
    });
  }
  const grouped = /^column "?([^" ]+)"? must appear in the GROUP BY/.exec(said)?.[1];
  const known = relationsOf(statement, tables).flatMap(({ columns }) => columns);
  if (grouped !== undefined && known.length > 0 && !known.includes(grouped)) {
    return unknownColumn(grouped, statement, tables, { cause: error });
  }
  const call = /^No function matches the given name and argument types '([^']+)'/.exec(said)?.[1];
  const { code, message, hint, about } = call === undefined ? complaintOf(said) : wrongTypes(call, statement);
  return new SqlError(message, {
    code,
    hint,
    place: about === undefined ? undefined : findName(statement, about),
    cause: error,
  });
}

/** Whether a name that DuckDB does not find belongs to a table of the statement, or is one. */
const isSomewhere = (name: string | undefined, statement: ParsedStatement, tables: TableSet): boolean =>
  name !== undefined &&
  relationsOf(statement, tables).some((relation) =>
    [relation.name, ...relation.columns].some((known) => known.toLowerCase() === name.toLowerCase()),
  );

/**
 * Names are looked up before a statement is translated. What DuckDB does not find of them stands in a lambda, a macro's
 * or the statement's own, in a subquery, and belongs to the query outside.
 */
const outOfReach = (name: string, statement: ParsedStatement, cause: unknown): SqlError =>
  new SqlError(
    `"${name}" of the query outside cannot be read in a function of arrays or JSON of this subquery.`,
    {
      code: 'sql-out-of-reach',
      place: findName(statement, name),
      hint: 'join the table instead, and filter the rows of both: contains, any_match and the like take columns of one query',
      cause,
    },
  );

/** A qualifier that nothing in FROM has. */
function unknownRelation(
  name: string,
  statement: ParsedStatement,
  tables: TableSet,
  cause: unknown,
): SqlError {
  const relations = relationsOf(statement, tables);
  const renamed = relations.find(({ table }) => table?.split('.')[1] === name.toLowerCase());
  const guess =
    renamed?.name ??
    nearest(
      name,
      relations.map((relation) => relation.name),
    );
  return new SqlError(`Nothing in FROM is called "${name}".`, {
    place: findName(statement, name),
    hint:
      renamed !== undefined
        ? `FROM gives the table the alias "${guess}": write that instead`
        : guess === undefined
          ? 'use the alias that FROM gives to the table'
          : `did you mean the alias "${guess}"?`,
    code: 'sql-unknown-table',
    cause,
  });
}

/** Where a column, or the qualifier of one, is named. */
function findName(statement: ParsedStatement, wanted: string): SourceLocation | undefined {
  let place: SourceLocation | undefined;
  visit(statement.ast, (object: AstObject) => {
    const column = object.column;
    if (place || !isObject(column)) return;
    for (const part of [column.name, column.table]) {
      if (nameOf(part)?.toLowerCase() === wanted.toLowerCase()) place ??= placeOf(part!, statement.text);
    }
  });
  return place ?? findWord(statement, wanted);
}

function findWord(statement: ParsedStatement, word: string): SourceLocation | undefined {
  if (word === '') return undefined;
  const escaped = word.replaceAll(/[^\w]/g, '\\$&');
  const found = new RegExp(`\\b${escaped}\\b`, 'i').exec(statement.text);
  return found ? placeAt(statement.text, [...statement.text.slice(0, found.index)].length) : undefined;
}

/**
 * DuckDB's own JSON of an error. Only a message that is JSON from its first sign is that: what a value says inside
 * of another message is not looked at.
 */
function parseDetails(raised: string): DuckDbError {
  const message = raised.startsWith(BEFORE_PARSING) ? raised.slice(BEFORE_PARSING.length) : raised;
  if (!message.startsWith('{')) {
    const [, type, said] = /^([A-Z][A-Za-z ]{2,30}) Error: ([\s\S]*)$/.exec(message) ?? [];
    return type === undefined ? {} : { exception_type: type, exception_message: said };
  }
  try {
    return JSON.parse(message) as DuckDbError;
  } catch {
    return {};
  }
}
