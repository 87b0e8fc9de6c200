import type { TableSet } from '../ports/tables.ts';
import type { ParsedStatement } from './parse.ts';
import { type Ast, type AstObject, isObject, listOf, nameOf, visit } from './tree.ts';
import { givenName } from './types/select-list.ts';

/** What stands in a FROM of a statement, wherever it is. */
export interface NamedRelation {
  /** By what its columns are qualified. */
  readonly name: string;
  /** `database.table` of a table of the lake. */
  readonly table?: string;
  /** Names of the columns that are known. */
  readonly columns: readonly string[];
}

/** The relations that a statement names, in the order of the text, for suggestions: scopes are not told apart. */
export function relationsOf(statement: ParsedStatement, tables: TableSet): NamedRelation[] {
  const ctes = new Map<string, string[]>();
  visit(statement.ast, ({ with: clause }) => {
    for (const cte of isObject(clause) ? listOf(clause.ctes) : []) {
      if (isObject(cte)) ctes.set(nameOf(cte.alias)?.toLowerCase() ?? '', namesOf(cte.columns, cte.this));
    }
  });
  const found: NamedRelation[] = [];
  visit(statement.ast, ({ table, subquery }) => {
    if (isObject(subquery) && subquery.alias) {
      found.push({
        name: nameOf(subquery.alias) ?? '',
        columns: namesOf(subquery.column_aliases, subquery.this),
      });
    }
    if (!isObject(table) || !isObject(table.name)) return;
    const own = nameOf(table.name)?.toLowerCase() ?? '';
    const database = nameOf(table.schema)?.toLowerCase();
    const full = `${database}.${own}`;
    const version = database !== undefined && Object.hasOwn(tables, full) ? tables[full] : undefined;
    const aliases = listOf(table.column_aliases).flatMap((alias) => nameOf(alias) ?? []);
    found.push({
      name: nameOf(table.alias) ?? own,
      table: version && full,
      columns:
        aliases.length > 0 ? aliases : (version?.columns.map(({ name }) => name) ?? ctes.get(own) ?? []),
    });
  });
  return found;
}

/** The names of a query's columns: those that it is given, or those of its SELECT. A star gives none. */
function namesOf(given: Ast | undefined, query: Ast | undefined): string[] {
  const names = listOf(given).flatMap((name) => nameOf(name) ?? []);
  if (names.length > 0) return names;
  const select = firstSelect(query);
  return listOf(select?.expressions)
    .flatMap((expression) => givenName(expression) ?? [])
    .filter((name) => name !== '*');
}

function firstSelect(query: Ast | undefined): AstObject | undefined {
  if (!isObject(query)) return undefined;
  if (isObject(query.select)) return query.select;
  const data = [query.union, query.intersect, query.except, query.subquery, query.paren].find(isObject);
  return data && firstSelect(data.left ?? data.this);
}
