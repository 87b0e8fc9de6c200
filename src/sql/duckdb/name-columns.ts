import { type Ast, type AstObject, isObject } from '../tree.ts';
import { givenName, starOf } from '../types/select-list.ts';

/**
 * Names the columns of a SELECT that the text gives no name, as Athena does: `_col` and their place, from 0. DuckDB
 * would head them with its own spelling of the expression. How many columns a star stands for is not known inside the
 * statement: what follows one is named by the end of the result, where its columns are known.
 * @param columns the result's columns, for the outermost SELECT. Default: not known
 */
export function nameColumns(select: AstObject, columns?: readonly unknown[]): AstObject {
  const expressions = Array.isArray(select.expressions) ? select.expressions : [];
  const firstStar = expressions.findIndex(starOf);
  const lastStar = expressions.findLastIndex(starOf);
  const placeOf = (i: number): number | undefined => {
    if (firstStar < 0 || i < firstStar) return i;
    return i > lastStar && columns ? columns.length - expressions.length + i : undefined;
  };
  const named = expressions.map((expression, i) => {
    const place = placeOf(i);
    const isNamed = starOf(expression) !== undefined || givenName(expression) !== undefined;
    return isNamed || place === undefined ? expression : aliased(expression, `_col${place}`);
  });
  return { ...select, expressions: named };
}

/** The first SELECT of a query, which names its columns, with them named by the result. */
export function nameResult(query: Ast, columns: readonly unknown[] | undefined): Ast {
  if (!isObject(query)) return query;
  const [[kind, data] = ['', undefined]] = Object.entries(query);
  if (!isObject(data)) return query;
  if (kind === 'select') return { select: nameColumns(data, columns) };
  if (kind === 'subquery' || kind === 'paren')
    return { [kind]: { ...data, this: nameResult(data.this!, columns) } };
  return isObject(data.left) ? { [kind]: { ...data, left: nameResult(data.left, columns) } } : query;
}

const aliased = (expression: Ast, name: string): AstObject => ({
  alias: {
    this: expression,
    alias: { name, quoted: false, trailing_comments: [] },
    column_aliases: [],
    alias_explicit_as: true,
    pre_alias_comments: [],
    trailing_comments: [],
  },
});
