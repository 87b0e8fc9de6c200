import { nearest } from '../campus/nearest.ts';
import type { Parameter } from '../ports/parameter.ts';
import type { TableSet } from '../ports/tables.ts';
import { SqlError } from './errors.ts';
import { lint } from './lint/lint.ts';
import { type ParsedStatement, parseStatement } from './parse.ts';

/**
 * Parses and checks a statement: one SELECT, portable, over tables that there are.
 * @param parameters values for its parameters. Default: none
 * @throws SqlError
 */
export async function checkStatement(
  text: string,
  tables: TableSet,
  parameters?: readonly Parameter[],
): Promise<ParsedStatement> {
  const statement = await parseStatement(text, parameters);
  if (statement.kind !== 'select') return statement;
  for (const { name, place } of statement.tables) {
    if (Object.hasOwn(tables, name)) continue;
    throw new SqlError(`There is no table "${name}".`, { place, hint: tableHint(name, tables) });
  }
  lint(statement, tables);
  return statement;
}

function tableHint(name: string, tables: TableSet): string {
  const names = Object.keys(tables);
  const sameName = names.filter((known) => known.split('.')[1] === name.split('.').at(-1));
  const guess = sameName[0] ?? nearest(name, names);
  return guess === undefined ? '`lake tables` lists the tables' : `did you mean "${guess}"?`;
}
