import { type AstObject, isObject, nameOf } from '../tree.ts';
import type { Finding } from './finding.ts';
import { missingColumn } from './missing-column.ts';
import { type Resolved, resolveColumn, resolveName, type Scope } from './scope.ts';
import { fieldsOf, type SqlType } from './sql-type.ts';
import type { Typing } from './typing.ts';

/** The type of what a column's name stands for; refused where it stands for nothing, or for more than one thing. */
export function typeOfColumnNode(
  node: AstObject,
  data: AstObject,
  scope: Scope,
  typing: Typing,
): SqlType | undefined {
  const name = nameOf(data.name)?.toLowerCase() ?? '';
  const qualifier = isObject(data.table) ? nameOf(data.table)?.toLowerCase() : undefined;
  const resolved = resolveColumn(data, scope);
  if (resolved.found === 'none' && qualifier !== undefined) {
    // `a.b` is a field of the row in column a, too.
    const row = resolveName(qualifier, undefined, undefined, scope);
    if ('type' in row) return fieldType(row, name, node, typing);
  }
  return typeOfResolved(resolved, node, () => missingColumn(data, scope), typing);
}

function typeOfResolved(
  resolved: Resolved,
  node: AstObject,
  missing: () => Finding,
  typing: Typing,
): SqlType | undefined {
  switch (resolved.found) {
    case 'column':
      typing.resolved(node, resolved.key, resolved.scope);
      return resolved.type;
    case 'output':
      typing.meansOutput(node, resolved.output.expression ?? null);
      return resolved.type;
    case 'parameter':
      return resolved.type;
    case 'unknown':
      return undefined;
    default: {
      const finding = resolved.found === 'none' ? missing() : several(node);
      typing.refuse(namedIn(node, finding.code === 'sql-unknown-table'), finding);
      return undefined;
    }
  }
}

function fieldType(
  row: Resolved & { readonly type: SqlType | undefined },
  name: string,
  node: AstObject,
  typing: Typing,
): SqlType | undefined {
  if (row.found === 'column') typing.resolved(node, row.key, row.scope);
  if (row.type === undefined) return undefined;
  const field = fieldsOf(row.type)?.find((candidate) => candidate.name?.toLowerCase() === name);
  if (field) return field.type;
  const names = (fieldsOf(row.type) ?? []).flatMap((candidate) => candidate.name ?? []);
  typing.refuse(node, {
    what: fieldsOf(row.type) ? `the row has no field "${name}"` : `${row.type} has no fields`,
    portable:
      names.length > 0 ? `its fields are ${names.join(', ')}` : 'fields without names are taken as x[1]',
    code: 'sql-unknown-column',
  });
  return undefined;
}

/** `a.b.c`: a column with the names of its table and database, or a field of a row. */
export function typeOfDot(node: AstObject, scope: Scope, typing: Typing): SqlType | undefined {
  const data = node.dot;
  if (!isObject(data)) return undefined;
  const field = nameOf(data.field)?.toLowerCase() ?? '';
  const column = isObject(data.this) && isObject(data.this.column) ? data.this.column : undefined;
  if (column && isObject(column.table)) {
    const [schema, table] = [nameOf(column.table)?.toLowerCase(), nameOf(column.name)?.toLowerCase()];
    const resolved = resolveName(field, table, schema, scope);
    if (resolved.found === 'column' || resolved.found === 'several')
      return typeOfResolved(
        resolved,
        node,
        () => missingColumn({ name: data.field ?? null, table: column.name ?? null }, scope),
        typing,
      );
  }
  const row = typing.type(data.this, scope);
  if (row === undefined) return undefined;
  return fieldType({ found: 'parameter', type: row }, field, node, typing);
}

/** The name in a column's node, or the one before it: it is there that the mistake stands. */
function namedIn(node: AstObject, before: boolean): AstObject {
  const data = isObject(node.column) ? node.column : isObject(node.dot) ? node.dot : {};
  const name = before ? data.table : (data.name ?? data.field);
  return isObject(name) ? name : node;
}

const several = (node: AstObject): Finding => {
  const data = isObject(node.column) ? node.column : isObject(node.dot) ? node.dot : {};
  const name = nameOf(data.name) ?? nameOf(data.field) ?? '';
  return {
    what: `more than one table has a column "${name}"`,
    portable: 'put the table or its alias before it, and give columns of one name names of their own',
    code: 'sql-ambiguous-column',
  };
};
