import { nearest } from '../../../../campus/nearest.ts';
import { type Place, SqlError } from '../../../../sql/errors.ts';
import { ownWords } from '../../../../sql/fault.ts';
import type { ParsedStatement } from '../../../../sql/parse.ts';
import { type AstObject, isObject, nameOf, placeAt, placeOf, visit } from '../../../../sql/tree.ts';
import type { TableSet } from '../../../ports/tables.ts';
import { sqlErrorOfRows } from './row-errors.ts';

/** An error of DuckDB, as `errors_as_json` gives it. */
export interface DuckDbError {
  readonly exception_type?: string;
  readonly exception_message?: string;
  readonly error_subtype?: string;
  readonly name?: string;
  readonly candidates?: string;
}

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
  const column =
    /^Referenced column "([^"]+)" (?:not found|was not found)|does not have a column named "([^"]+)"/
      .exec(said)
      ?.slice(1)
      .find((name) => name !== undefined) ??
    (details.error_subtype === 'COLUMN_NOT_FOUND' ? details.name : undefined);
  if (column !== undefined) return unknownColumn(column, statement, tables, error);
  const table = /^Referenced table "([^"]+)" not found/.exec(said)?.[1];
  if (table !== undefined) {
    return new SqlError(`Nothing in FROM is called "${table}".`, {
      place: findName(statement, table),
      hint: 'use the alias that FROM gives to the table',
      code: 'sql-unknown-table',
      cause: error,
    });
  }
  if (details.error_subtype === 'MISSING_ENTRY' || /^\S+ Function with name \S+ does not exist/.test(said)) {
    const name = details.name ?? /name (\S+)/.exec(said)?.[1] ?? '';
    return new SqlError(`There is no function "${name}".`, {
      place: findWord(statement, name),
      hint: details.candidates
        ? `did you mean ${details.candidates.split(',')[0]}?`
        : 'docs/sql.md lists the functions',
      code: 'sql-unknown-function',
      cause: error,
    });
  }
  const ambiguous = /^Ambiguous reference to column name "([^"]+)"/.exec(said)?.[1];
  if (ambiguous !== undefined) {
    return new SqlError(`More than one table has a column "${ambiguous}".`, {
      place: findName(statement, ambiguous),
      hint: 'put the table or its alias before it',
      code: 'sql-ambiguous-column',
      cause: error,
    });
  }
  const grouped = /^column "?([^" ]+)"? must appear in the GROUP BY/.exec(said)?.[1];
  if (grouped !== undefined) {
    return new SqlError(`The column "${grouped}" is neither grouped nor aggregated.`, {
      place: findName(statement, grouped),
      hint: 'add it to GROUP BY, or take max(…), min(…) or arbitrary(…) of it',
      code: 'sql-not-grouped',
      cause: error,
    });
  }
  const call = /^No function matches the given name and argument types '([^']+)'/.exec(said)?.[1];
  const words = call === undefined ? said : `No function takes ${lowered(call)}; an argument may need a CAST`;
  const names = Object.values(tables).flatMap((version) => version.columns.map(({ name }) => name));
  return new SqlError(ownWords(words.replaceAll(/trino_/g, ''), [statement.text, ...names]), {
    code: 'sql-invalid',
    cause: error,
  });
}

/** `date_parse(INTEGER, STRING_LITERAL)` in Athena's words. */
const lowered = (call: string): string =>
  call.replaceAll('_LITERAL', '').replaceAll('STRING', 'VARCHAR').toLowerCase();

function unknownColumn(
  column: string,
  statement: ParsedStatement,
  tables: TableSet,
  cause: unknown,
): SqlError {
  const known = new Set(statement.tables.flatMap((t) => tables[t.name]?.columns.map((c) => c.name) ?? []));
  const guess = nearest(column, known);
  return new SqlError(`There is no column "${column}".`, {
    code: 'sql-unknown-column',
    place: findName(statement, column),
    hint: guess === undefined ? '`lake describe <table>` lists the columns' : `did you mean "${guess}"?`,
    cause,
  });
}

/** Where a column, or the qualifier of one, is named. */
function findName(statement: ParsedStatement, wanted: string): Place | undefined {
  let place: Place | undefined;
  visit(statement.ast, (object: AstObject) => {
    const column = object.column;
    if (place || !isObject(column)) return;
    for (const part of [column.name, column.table]) {
      if (nameOf(part)?.toLowerCase() === wanted.toLowerCase()) place ??= placeOf(part!, statement.text);
    }
  });
  return place ?? findWord(statement, wanted);
}

function findWord(statement: ParsedStatement, word: string): Place | undefined {
  if (word === '') return undefined;
  const escaped = word.replaceAll(/[^\w]/g, '\\$&');
  const found = new RegExp(`\\b${escaped}\\b`, 'i').exec(statement.text);
  return found ? placeAt(statement.text, [...statement.text.slice(0, found.index)].length) : undefined;
}

/**
 * DuckDB's own JSON of an error. Only a message that is JSON from its first sign is that: what a value says inside
 * of another message is not looked at.
 */
function parseDetails(message: string): DuckDbError {
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
