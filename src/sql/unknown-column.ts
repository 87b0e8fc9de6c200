import { nearest } from '../campus/nearest.ts';
import type { TableSet } from '../ports/tables.ts';
import { SqlError } from './errors.ts';
import type { ParsedStatement } from './parse.ts';
import { relationsOf } from './relations.ts';
import { type AstObject, isObject, nameOf, placeOf, visit } from './tree.ts';

/**
 * A name that is no column: what was probably meant, of the tables of this statement alone.
 * @param found by what the column was qualified where it was found to be none, and what the engine said of it
 */
export function unknownColumn(
  column: string,
  statement: ParsedStatement,
  tables: TableSet,
  found: { readonly qualifier?: string; readonly cause?: unknown } = {},
): SqlError {
  const written = findColumn(statement, column, found.qualifier);
  const qualifier = written && isObject(written.table) ? nameOf(written.table) : found.qualifier;
  const all = relationsOf(statement, tables);
  const of = qualifier === undefined ? all : all.filter(({ name }) => sameName(name, qualifier));
  const place = written && placeOf(written.name ?? written, statement.text);
  const table = of.length === 1 ? of[0] : undefined;
  const shown = table?.table ?? (qualifier === undefined ? undefined : table?.name);
  const message =
    all.length === 0
      ? `There is no FROM, so there is no column "${column}".`
      : `There is no column "${column}"${shown === undefined ? '' : ` in ${shown}`}.`;
  return new SqlError(message, {
    code: 'sql-unknown-column',
    place,
    hint: hintFor(column, statement, written, of, all),
    cause: found.cause,
  });
}

type Relations = ReturnType<typeof relationsOf>;

function hintFor(
  column: string,
  statement: ParsedStatement,
  written: AstObject | undefined,
  of: Relations,
  all: Relations,
): string {
  const others = all.filter((relation) => !of.includes(relation));
  const owner = others.find(({ columns }) => columns.some((name) => sameName(name, column)));
  if (owner) return `${owner.name} has it: write ${owner.name}.${column.toLowerCase()}`;
  if (isAlias(column, statement)) {
    return 'SELECT gives this name, after WHERE, GROUP BY and HAVING: repeat the expression there, or group by its number';
  }
  const guess = nearest(
    column,
    of.flatMap(({ columns }) => columns),
  );
  if (guess !== undefined) return `did you mean "${guess}"?`;
  if (written && isObject(written.name) && written.name.quoted === true) {
    return `texts are in single quotes: '${column.replaceAll("'", "''")}'; double quotes are for names of columns`;
  }
  if (all.length === 0) return 'say which table is meant: FROM campus.students';
  const table = of.find((relation) => relation.table !== undefined)?.table ?? of[0]?.table;
  if (table !== undefined) return `\`lake describe ${table}\` lists its columns`;
  const names = of.flatMap(({ columns }) => columns);
  return names.length > 0 && names.length < 20
    ? `the columns are ${names.join(', ')}`
    : '`lake describe <table>` lists the columns';
}

/** Whether some SELECT gives a column this name. */
function isAlias(name: string, { ast }: ParsedStatement): boolean {
  let found = false;
  visit(ast, ({ alias }) => {
    found ||= isObject(alias) && sameName(nameOf(alias.alias) ?? '', name);
  });
  return found;
}

/** Where a name stands as a column, with this qualifier where one is given. */
function findColumn(statement: ParsedStatement, wanted: string, qualifier?: string): AstObject | undefined {
  const found: AstObject[] = [];
  visit(statement.ast, ({ column }) => {
    if (isObject(column) && sameName(nameOf(column.name) ?? '', wanted)) found.push(column);
  });
  const isQualified = ({ table }: AstObject) =>
    isObject(table) && sameName(nameOf(table) ?? '', qualifier ?? '');
  return found.find(isQualified) ?? found[0];
}

const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
