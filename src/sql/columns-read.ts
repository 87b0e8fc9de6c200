import type { ParsedStatement } from './parse.ts';
import { type Ast, type AstObject, isObject, nameOf, visit } from './tree.ts';

/**
 * Which columns of each table a statement may read, in lower case; `all` where that cannot be told. It errs on the safe
 * side: a column counts as read wherever the text has a name like it, of whatever table or alias; and all of a table
 * do where a star or its bare name stands for its rows, or where an alias gives its columns other names.
 */
export function columnsRead({
  ast,
  tables,
}: ParsedStatement): ReadonlyMap<string, ReadonlySet<string> | 'all'> {
  const names = new Set<string>();
  const whole = new Set<string>();
  visit(ast, (object, [parent]) => {
    const name = nameOf(object)?.toLowerCase();
    // `ops.run` in a FROM is no column, though a table may have one of its name.
    const isTable = parent?.name === object && isObject(parent.schema);
    if (name !== undefined && !isTable) names.add(name);
    if (isObject(object.select)) for (const table of wholeTables(object.select)) whole.add(table);
  });
  return new Map(tables.map(({ name }) => [name, whole.has(name) ? 'all' : names]));
}

interface Source {
  /** `database.table`. */
  readonly table: string;
  /** How the SELECT calls it. */
  readonly called: ReadonlySet<string>;
  /** Its columns have other names in the text: `t AS u(a, b)`. */
  readonly isRenamed: boolean;
}

/**
 * The tables of one SELECT of which it takes whole rows: by `*`, by `t.*`, or by `t` as a value; and those whose columns
 * it renames, since which of them it takes cannot be told by their names.
 */
function wholeTables(select: AstObject): string[] {
  const sources: Source[] = [];
  const stars: (string | undefined)[] = [];
  within(select, (object) => {
    if (isObject(object.table) && isObject(object.table.name)) sources.push(sourceOf(object.table));
    if (isObject(object.star)) stars.push(nameOf(object.star.table)?.toLowerCase());
    if (!isObject(object.column)) return;
    const { name, table } = object.column;
    if (!isObject(table)) stars.push(nameOf(name)?.toLowerCase() ?? '');
  });
  return sources
    .filter(
      ({ called, isRenamed }) => isRenamed || stars.some((star) => star === undefined || called.has(star)),
    )
    .map(({ table }) => table);
}

function sourceOf(table: AstObject): Source {
  const own = nameOf(table.name)?.toLowerCase() ?? '';
  const database = nameOf(table.schema)?.toLowerCase();
  const alias = nameOf(table.alias)?.toLowerCase();
  return {
    table: database === undefined ? own : `${database}.${own}`,
    called: new Set([alias ?? own, own]),
    isRenamed: Array.isArray(table.column_aliases) && table.column_aliases.length > 0,
  };
}

/** Visits the objects of one SELECT; those of SELECTs inside it are their own. */
function within(ast: Ast, see: (object: AstObject) => void): void {
  if (Array.isArray(ast)) {
    for (const item of ast) within(item, see);
  } else if (isObject(ast)) {
    see(ast);
    for (const [key, value] of Object.entries(ast)) if (key !== 'select') within(value, see);
  }
}
