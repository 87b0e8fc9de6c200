import { type Ast, type AstObject, isObject, listOf, nameOf } from '../tree.ts';
import { mustBeTrue } from './agreement.ts';
import { type Relation, type Scope, scopeIn, type TypedColumn } from './scope.ts';
import { commonType, elementOf, entryOf, fieldsOf } from './sql-type.ts';
import type { Typing } from './typing.ts';

/** Puts the relations of FROM into a scope, from the left to the right: each JOIN sees those before it. */
export function typeOfFrom(data: AstObject, scope: Scope, typing: Typing): void {
  const from = isObject(data.from) ? listOf(data.from.expressions) : [];
  for (const [i, item] of from.entries()) {
    if (isObject(item) && isObject(item.joined_table)) nested(item.joined_table, scope, typing);
    else scope.relations.push(relationOf(item, scope, typing));
    if (i === from.length - 1) {
      const first = scope.relations.length - 1;
      for (const join of listOf(data.joins)) joined(join, scope, first, typing);
    }
  }
}

/** `(a JOIN b ON …)` in parentheses: its relations are seen from outside of them. */
function nested(data: AstObject, scope: Scope, typing: Typing): void {
  const first = scope.relations.length;
  if (isObject(data.left) && isObject(data.left.joined_table)) nested(data.left.joined_table, scope, typing);
  else scope.relations.push(relationOf(data.left, scope, typing));
  for (const join of listOf(data.joins)) joined(join, scope, first, typing);
}

function joined(join: Ast, scope: Scope, first: number, typing: Typing): void {
  if (!isObject(join)) return;
  if (/natural/i.test(String(join.kind)))
    typing.refuse(join, {
      what: 'Athena has no NATURAL JOIN',
      portable: 'name the columns: JOIN … USING (id), or ON a.id = b.id',
      code: 'sql-join',
    });
  if (isObject(join.this) && isObject(join.this.joined_table)) nested(join.this.joined_table, scope, typing);
  else scope.relations.push(relationOf(join.this, scope, typing));
  // What stands before a comma is not seen by the condition of a JOIN after it.
  const own: Scope = { ...scope, relations: scope.relations.slice(first) };
  if (isObject(join.on)) mustBeTrue(join.on, typing.type(join.on, own), 'the condition of a JOIN', typing);
  for (const name of listOf(join.using)) share(name, join, scope, typing);
}

/** A column of USING is one of neither side. */
function share(identifier: Ast, join: AstObject, scope: Scope, typing: Typing): void {
  const name = nameOf(identifier)?.toLowerCase() ?? '';
  const right = scope.relations.at(-1)!;
  const others = scope.relations.slice(0, -1);
  const before = scope.shared.findIndex((column) => column.name === name);
  const lefts = others.filter(
    (relation) => !relation.shared.has(name) && relation.columns?.some((column) => column.name === name),
  );
  const typeIn = (relation: Relation | undefined) =>
    relation?.columns?.find((column) => column.name === name)?.type;
  const isKnown = scope.relations.every(({ columns }) => columns !== undefined);
  const hasRight = right.columns?.some((column) => column.name === name);
  const count = lefts.length + (before < 0 ? 0 : 1);
  if (isKnown && (!hasRight || count !== 1)) {
    typing.refuse(join, {
      what:
        count > 1
          ? `more than one table has a column "${name}"`
          : `not both sides of the JOIN have a column "${name}"`,
      portable: 'write ON with the names of the tables: ON a.id = b.id',
      code: count > 1 ? 'sql-ambiguous-column' : 'sql-unknown-column',
    });
  }
  const left = before < 0 ? typeIn(lefts[0]) : scope.shared[before]!.type;
  const type = commonType(left, typeIn(right));
  if (type === undefined && left !== undefined && typeIn(right) !== undefined) {
    typing.refuse(join, {
      what: `${left} is compared with ${typeIn(right)} in USING (${name})`,
      portable: 'write ON, and CAST one side to the type of the other',
      code: 'sql-types',
    });
  }
  if (type === 'timestamp with time zone') {
    typing.refuse(join, {
      what: `rows are joined by a time with a zone in USING (${name})`,
      portable: 'write ON a.t = b.t, which compares the instants',
      code: 'sql-types',
    });
  }
  if (before >= 0) scope.shared.splice(before, 1);
  scope.shared.unshift({ name, type });
  for (const relation of [...lefts, right]) relation.shared.add(name);
}

function relationOf(node: Ast | undefined, scope: Scope, typing: Typing): Relation {
  const made = (name: string | undefined, columns: readonly TypedColumn[] | undefined): Relation => ({
    name,
    columns,
    shared: new Set(),
  });
  if (!isObject(node)) return made(undefined, undefined);
  const [kind, data] = Object.entries(node)[0] ?? [];
  if (!isObject(data)) return made(undefined, undefined);
  const alias = nameOf(data.alias)?.toLowerCase();
  if (kind === 'table') {
    const own = nameOf(data.name)?.toLowerCase() ?? '';
    const schema = nameOf(data.schema)?.toLowerCase();
    if (schema === undefined && scope.ctes.has(own))
      return made(alias ?? own, renamed(scope.ctes.get(own), data.column_aliases, node, typing));
    const table = schema === undefined ? own : `${schema}.${own}`;
    const columns = renamed(typing.columnsOf(table), data.column_aliases, node, typing);
    const relation = { ...made(alias ?? own, columns), table };
    return alias === undefined && schema !== undefined ? { ...relation, schema } : relation;
  }
  if (kind === 'values') {
    const columns = typing.query({ values: { ...data, alias: null } }, scopeIn(undefined));
    return made(alias, renamed(columns, data.column_aliases, node, typing));
  }
  if (kind === 'unnest') return made(alias, unnested(data, scope, typing));
  if (kind === 'alias') {
    const { columns } = relationOf(data.this, scope, typing);
    return made(alias, renamed(columns, data.column_aliases, node, typing));
  }
  if (kind === 'subquery') {
    // A query in FROM does not see its neighbours, only the names of WITH; LATERAL sees them.
    const around = { ...(scope.outer ?? scopeIn(undefined)), ctes: scope.ctes };
    const columns = typing.query(data.this, data.lateral === true ? scope : around);
    return made(alias, renamed(columns, data.column_aliases, node, typing));
  }
  return made(alias, undefined);
}

/** An array gives a column, a map two, an array of rows one for each field. */
function unnested(data: AstObject, scope: Scope, typing: Typing): readonly TypedColumn[] | undefined {
  const columns: TypedColumn[] = [];
  for (const list of [data.this, ...listOf(data.expressions)]) {
    const type = typing.type(list, scope);
    const entry = entryOf(type);
    const element = elementOf(type);
    const fields = fieldsOf(element);
    if (entry) for (const part of [entry.key, entry.value]) columns.push(unnamed(part));
    else if (fields)
      for (const field of fields) columns.push({ name: field.name?.toLowerCase() ?? '', type: field.type });
    else columns.push(unnamed(element));
    if (type !== undefined && type !== 'unknown' && !entry && element === undefined && isObject(list))
      typing.refuse(list, {
        what: `UNNEST takes an array, and this is ${type}`,
        portable: "split(x, ',') makes an array of a text",
        code: 'sql-types',
      });
  }
  if (data.with_ordinality === true) columns.push({ name: '', type: 'bigint' });
  return columns;

  function unnamed(type: string | undefined): TypedColumn {
    return { name: '', type };
  }
}

/** Columns by the names that an alias gives them: of each one. */
export function renamed(
  columns: readonly TypedColumn[] | undefined,
  names: Ast | undefined,
  node: AstObject,
  typing: Typing,
): readonly TypedColumn[] | undefined {
  const list = listOf(names);
  if (list.length === 0) return columns;
  if (columns && columns.length !== list.length)
    typing.refuse(node, {
      what: `${list.length} names are given to ${columns.length} columns`,
      portable: 'name each column once',
      code: 'sql-columns',
    });
  return list.map((name, i) => ({ name: nameOf(name)?.toLowerCase() ?? '', type: columns?.[i]?.type }));
}
