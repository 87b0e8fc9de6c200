import { type Ast, type AstObject, isObject, listOf } from '../tree.ts';
import { compared, type NodeContext } from './agreement.ts';
import { refuseCorrelatedMembers } from './correlated.ts';
import { fieldsOf, isFloating, type SqlType } from './sql-type.ts';
import type { Typing } from './typing.ts';

/** `x BETWEEN low AND high`. */
export function typeOfBetween(data: AstObject, context: NodeContext): SqlType {
  const { scope, typing } = context;
  const types = [data.this, data.low, data.high].map((side) => typing.type(side, scope));
  compared(types[0], types[1], true, context);
  compared(types[0], types[2], true, context);
  // What comes of NaN between a bare null and another bound depends on how Trino simplifies it.
  if (types.slice(1).includes('unknown') && types.some(isFloating))
    typing.refuse(context.node, {
      what: 'a bound of BETWEEN is a bare NULL',
      portable: 'compare with the bound that is known: x <= high',
      code: 'sql-types',
    });
  return 'boolean';
}

/** `x IN (…)`, of a list or of a subquery. */
export function typeOfIn(data: AstObject, context: NodeContext): SqlType {
  const { node, scope, typing } = context;
  const value = typing.type(data.this, scope);
  for (const item of listOf(data.expressions)) {
    compared(value, typing.type(item, scope), false, context);
    // Trino takes such a list for true without a comparison, and so for NaN too.
    if (isFloating(value) && isSameExpression(data.this, item, typing))
      typing.refuse(node, {
        what: 'a value is looked for in a list that holds it',
        portable: 'leave it out of the list, or write x IS NOT NULL',
        code: 'sql-types',
      });
  }
  if (isObject(data.query)) {
    const columns = typing.query(data.query, scope);
    refuseCorrelatedMembers(data.query, node, scope, typing);
    const fields = fieldsOf(value);
    if (columns && columns.length !== (fields?.length ?? 1))
      typing.refuse(node, {
        what: `the query of IN gives ${columns.length} columns for ${fields?.length ?? 1}`,
        portable: 'name as many columns in its SELECT as there are before IN',
        code: 'sql-columns',
      });
    else if (fields) fields.forEach(({ type }, i) => void compared(type, columns?.[i]?.type, false, context));
    else compared(value, columns?.[0]?.type, false, context);
  }
  return 'boolean';
}

/** `x >= ALL (SELECT …)`. */
export function typeOfQuantified(data: AstObject, context: NodeContext): SqlType {
  const { scope, typing } = context;
  const value = typing.type(data.this, scope);
  const inner = isObject(data.subquery) ? typing.query(data.subquery, scope) : undefined;
  if (isObject(data.subquery)) refuseCorrelatedMembers(data.subquery, context.node, scope, typing);
  const isOrdered = !/^n?eq$/i.test(String(data.op));
  compared(value, inner?.[0]?.type, isOrdered, context);
  // `= ANY` is IN, and `<> ALL` is NOT IN.
  const isMembership = /^eq$/i.test(String(data.op)) ? isAny(context) : !isOrdered && !isAny(context);
  // Trino compares the least and the greatest of the subquery: where they differ, the answer is the same for a null.
  if (!isOrdered && !isMembership)
    typing.refuse(context.node, {
      what: 'a value is compared with = ALL or <> ANY of a subquery, which Athena answers for a null as well',
      portable:
        'write x = (SELECT min(y) FROM …) AND x = (SELECT max(y) FROM …), or EXISTS (SELECT 1 FROM … WHERE y <> x)',
      code: 'sql-types',
    });
  if (!isMembership && (isFloating(value) || isFloating(inner?.[0]?.type)))
    typing.refuse(context.node, {
      what: 'doubles of a subquery are compared with ALL or ANY, where NaN has another place in every engine',
      portable:
        'compare with the greatest or the least, x >= (SELECT max(y) FROM …), or write x IN (SELECT …)',
      code: 'sql-types',
    });
  return 'boolean';
}

const isAny = ({ node }: NodeContext): boolean => isObject(node) && 'any' in node;

/** Whether two expressions over columns are the same one: Trino works out constants before it looks at them. */
export function isSameExpression(one: Ast | undefined, other: Ast, typing: Typing): boolean {
  const written = (node: Ast | undefined): string =>
    JSON.stringify(node, (key, value: Ast) => {
      if (key === 'span') return undefined;
      const inner = bare(value);
      const reference = isObject(inner) ? typing.reference(inner) : undefined;
      return reference === undefined ? inner : { column: reference.key };
    }) ?? '';
  const text = written(one);
  return text.includes('"column":') && text === written(other);
}

const bare = (node: Ast | undefined): Ast | undefined =>
  isObject(node) && isObject(node.paren) ? bare(node.paren.this) : node;
