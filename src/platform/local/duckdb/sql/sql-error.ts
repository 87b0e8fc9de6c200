import { nearest } from '../../../../campus/nearest.ts';
import { type Place, SqlError } from '../../../../models/errors.ts';
import type { ParsedStatement } from '../../../../models/parse-select.ts';
import { type AstObject, isObject, nameOf, placeAt, placeOf, visit } from '../../../../models/sql-ast.ts';
import type { TableSet } from '../../../ports/tables.ts';

interface DuckDbError {
  readonly exception_type?: string;
  readonly exception_message?: string;
  readonly error_subtype?: string;
  readonly name?: string;
  readonly candidates?: string;
}

/**
 * A complaint of DuckDB about the translated text as one about the text that was written: the place is that of the
 * name it complains of, the suggestion the nearest column. A value of the data never gets into the message.
 */
export function explainSqlError(error: unknown, statement: ParsedStatement, tables: TableSet): SqlError {
  const message = error instanceof Error ? error.message : String(error);
  const details = parseDetails(message);
  const said = (details.exception_message ?? message).split('\n')[0]!.trim();
  const column =
    /Referenced column "([^"]+)" not found|does not have a column named "([^"]+)"/
      .exec(said)
      ?.slice(1)
      .find((name) => name !== undefined) ??
    (details.error_subtype === 'COLUMN_NOT_FOUND' ? details.name : undefined);
  if (column !== undefined) return unknownColumn(column, statement, tables, error);
  const table = /Referenced table "([^"]+)" not found/.exec(said)?.[1];
  if (table !== undefined) {
    return new SqlError(`Nothing in FROM is called "${table}".`, {
      place: findName(statement, table),
      hint: 'use the alias that FROM gives to the table',
      cause: error,
    });
  }
  if (details.error_subtype === 'MISSING_ENTRY' || /Function with name \S+ does not exist/.test(said)) {
    const name = details.name ?? /name (\S+)/.exec(said)?.[1] ?? '';
    return new SqlError(`There is no function "${name}".`, {
      place: findWord(statement, name),
      hint: details.candidates
        ? `did you mean ${details.candidates.split(',')[0]}?`
        : 'docs/sql.md lists the functions',
      cause: error,
    });
  }
  const ambiguous = /Ambiguous reference to column name "([^"]+)"/.exec(said)?.[1];
  if (ambiguous !== undefined) {
    return new SqlError(`More than one table has a column "${ambiguous}".`, {
      place: findName(statement, ambiguous),
      hint: 'put the table or its alias before it',
      cause: error,
    });
  }
  const grouped = /column "([^"]+)" must appear in the GROUP BY/.exec(said)?.[1];
  if (grouped !== undefined) {
    return new SqlError(`The column "${grouped}" is neither grouped nor aggregated.`, {
      place: findName(statement, grouped),
      hint: 'add it to GROUP BY, or take max(…), min(…) or arbitrary(…) of it',
      cause: error,
    });
  }
  return new SqlError(withoutValues(said, details.exception_type), { cause: error });
}

function unknownColumn(
  column: string,
  statement: ParsedStatement,
  tables: TableSet,
  cause: unknown,
): SqlError {
  const known = new Set(statement.tables.flatMap((t) => tables[t.name]?.columns.map((c) => c.name) ?? []));
  const guess = nearest(column, known);
  return new SqlError(`There is no column "${column}".`, {
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

function parseDetails(message: string): DuckDbError {
  const start = message.indexOf('{');
  if (start < 0) return {};
  try {
    return JSON.parse(message.slice(start)) as DuckDbError;
  } catch {
    return {};
  }
}

/** Conversion errors quote the value that did not fit: it may be a person's. */
function withoutValues(said: string, type: string | undefined): string {
  if (type === 'Conversion' || /Could not convert|invalid .* field format/i.test(said)) {
    const target = /(?:to|into) (?:type )?'?([A-Z][A-Z0-9_() ,]+)'?/.exec(said)?.[1]?.trim();
    return `A value cannot be converted${target ? ` to ${target}` : ''}.`;
  }
  return said.replace(/^[A-Za-z ]+ Error: /, '').replaceAll(/trino_/g, '');
}
