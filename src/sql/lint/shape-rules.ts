import { type SourceLocation, SqlError } from '../errors.ts';
import type { ParsedStatement } from '../parse.ts';
import { type Ast, type AstObject, isObject, listOf, nameOf, placeAt, placeOf, visit } from '../tree.ts';
import { starOf } from '../types/select-list.ts';
import { aggregatesOutOfPlace, insideAggregate, withoutOver } from './group-rules.ts';
import type { ShapeFinding } from './shape-finding.ts';

/**
 * Refuses a statement whose parts do not go together, whatever the types are: Athena says so before it reads a row.
 * Source: the page "SELECT" of the Trino manual, https://trino.io/docs/476/sql/select.html
 * @throws SqlError
 */
export function refuseShapes(statement: ParsedStatement): void {
  visit(statement.ast, (object, above) => {
    for (const rule of RULES) {
      const found = rule(object, above);
      if (found) fail(found, statement);
    }
  });
}

function fail([at, message, hint]: ShapeFinding, { text }: ParsedStatement): never {
  const place = at instanceof RegExp ? placeOfWords(at, text) : placeOf(at ?? null, text);
  throw new SqlError(message, { place, hint });
}

/** Where the last group of a pattern begins. */
function placeOfWords(words: RegExp, text: string): SourceLocation | undefined {
  const found = words.exec(text);
  if (!found) return undefined;
  const start = found.index + found[0].length - (found.at(-1) ?? '').length;
  return placeAt(text, [...text.slice(0, start)].length);
}

const RULES: readonly ((object: AstObject, above: readonly AstObject[]) => ShapeFinding | undefined)[] = [
  ({ select }) => (isObject(select) ? (emptyList(select) ?? aggregatesOutOfPlace(select)) : undefined),
  insideAggregate,
  withoutOver,
  ({ union, intersect, except }) => {
    const data = [union, intersect, except].find(isObject);
    if (!data) return undefined;
    const [left, right] = [widthOf(data.left), widthOf(data.right)];
    const name = isObject(union) ? 'UNION' : isObject(intersect) ? 'INTERSECT' : 'EXCEPT';
    return left === undefined || right === undefined || left === right
      ? undefined
      : [
          data.right,
          `The two sides of ${name} have ${left} and ${right} columns.`,
          'name the same number of columns on both sides, in the same order; NULL stands for one that is missing',
        ];
  },
  ({ values }) => {
    const rows = isObject(values) ? listOf(values.expressions) : [];
    const widths = rows.map((row) => (isObject(row) ? listOf(row.expressions).length : 1));
    const odd = widths.findIndex((width) => width !== widths[0]);
    return odd < 0
      ? undefined
      : [
          rows[odd],
          `The first row of VALUES has ${widths[0]} columns, and row ${odd + 1} has ${widths[odd]}.`,
          'give every row the same number of values',
        ];
  },
  (object, above) => {
    const data = isObject(object.in) ? object.in : undefined;
    if (!data || data.query || data.unnest) return manyColumns(object, above);
    return listOf(data.expressions).length === 0 && data.query === null
      ? [data, 'The list of IN is empty.', "write the values: IN ('a', 'b'), or a SELECT of one column"]
      : undefined;
  },
  (object) => {
    const ctes = isObject(object.with) ? listOf(object.with.ctes) : [];
    const names = ctes.map((cte) => (isObject(cte) ? nameOf(cte.alias)?.toLowerCase() : undefined));
    const again = names.findIndex((name, i) => name !== undefined && names.indexOf(name) < i);
    const cte = ctes[again];
    return isObject(cte)
      ? [cte.alias, `WITH gives the name "${names[again]}" twice.`, 'give each query a name of its own']
      : undefined;
  },
  (object) => {
    for (const data of [object.subquery, ...(isObject(object.with) ? listOf(object.with.ctes) : [])]) {
      const named = isObject(data) ? listOf(data.column_aliases ?? data.columns) : [];
      const width = isObject(data) ? widthOf(data.this) : undefined;
      if (!isObject(data) || named.length === 0 || width === undefined || width === named.length) continue;
      return [
        data.alias,
        `"${nameOf(data.alias)}" has ${width} ${width === 1 ? 'column' : 'columns'} and is given ${named.length} names.`,
        'give a name to each column, or to none',
      ];
    }
    return undefined;
  },
];

function emptyList(select: AstObject): ShapeFinding | undefined {
  return listOf(select.expressions).length === 0
    ? [
        /\b(SELECT(?:\s+DISTINCT|\s+ALL)?\s*(?=FROM\b|$|\)))/i,
        'SELECT names no columns.',
        'write SELECT * or the columns, with commas between',
      ]
    : undefined;
}

/** A query of several columns where one value is meant: in IN, and as a value. */
function manyColumns(object: AstObject, above: readonly AstObject[]): ShapeFinding | undefined {
  const data = isObject(object.in) ? object.in : undefined;
  if (data && isObject(data.this) && isObject(data.this.tuple)) return undefined;
  const query = data ? data.query : isValue(object, above) ? object : undefined;
  const width = widthOf(query);
  return width === undefined || width === 1
    ? undefined
    : [query, `The subquery gives ${width} columns where one is meant.`, 'name one column in its SELECT'];
}

/** Nodes whose parts are values, whichever queries stand there. */
const OVER_VALUES = /^(eq|neq|lt|lte|gt|gte|between|alias|cast|try_cast|function|coalesce|add|sub|mul|div)$/;

/** Whether a subquery stands as a value: in the list of a SELECT, or under an operator or a function. */
function isValue(object: AstObject, [data, holder]: readonly AstObject[]): boolean {
  if (!isObject(object.subquery) || !data || !holder) return false;
  const isListed = holder.select === data && listOf(data.expressions).includes(object);
  return isListed || OVER_VALUES.test(Object.keys(holder)[0] ?? '');
}

/** How many columns a query gives; undefined where a star stands for some. */
function widthOf(query: Ast | undefined): number | undefined {
  if (!isObject(query)) return undefined;
  if (isObject(query.select)) {
    const list = listOf(query.select.expressions);
    return list.some(starOf) ? undefined : list.length;
  }
  if (isObject(query.values)) {
    const [first] = listOf(query.values.expressions);
    return isObject(first) ? listOf(first.expressions).length : undefined;
  }
  const data = [query.union, query.intersect, query.except, query.subquery, query.paren].find(isObject);
  return data && widthOf(data.left ?? data.this);
}
