import { type Ast, type AstObject, isObject } from '../tree.ts';
import { ARGUMENTS, SELECTED } from './expressions.ts';
import { FOREIGN_KINDS } from './foreign.ts';
import type { Reason } from './foreign-words.ts';
import { QUERIES, RELATIONS } from './queries.ts';
import { node } from './shape.ts';
import { checkNothingIsLost, checkWords } from './written.ts';

/**
 * Refuses every statement that is made of anything but what the lake knows. The parser reads the SQL of thirty engines
 * and tells nobody which: so every kind of node, each of its fields and every value of these is named in this folder,
 * and what is not named is refused, at any depth. What the tree does not show is looked for in the text. What is
 * admitted may still be refused by the linter, for what it means.
 * @throws SqlError
 */
export function admit(ast: AstObject, text: string): void {
  checkWords(text);
  statement(ast, { text, part: 'statement', above: [] });
  checkNothingIsLost(text, ast);
}

/** Every kind of node that some place of a statement may hold. */
export const ADMITTED_KINDS: ReadonlySet<string> = new Set(
  [QUERIES, RELATIONS, ARGUMENTS, SELECTED].flatMap(Object.keys),
);

/** Why a statement of another kind than a query is refused. */
export const reasonAgainst = (kind: string): Reason =>
  Object.hasOwn(FOREIGN_KINDS, kind) && kind !== 'alias' && kind !== 'identifier' && kind !== 'function'
    ? FOREIGN_KINDS[kind]!
    : [
        'This is no statement that asks',
        'a statement begins with SELECT, WITH or VALUES, or is SHOW TABLES or DESCRIBE database.table',
      ];

const statement = node(QUERIES, 'a statement');

/**
 * A tree as its text means it: without the comments, which no engine shall be sent, with the quotes of names that
 * the parser forgets in lists of columns, and with the FETCH of a set operation, which the parser gives to its last SELECT.
 */
export function restored(ast: Ast, text: string): Ast {
  const characters = [...text];
  const restore = (value: Ast): Ast => {
    if (Array.isArray(value)) return value.map(restore);
    if (!isObject(value)) return value;
    // A value with a comment behind it.
    if (isObject(value.annotated)) return restore(value.annotated.this ?? null);
    const copy = Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, /comments$/.test(key) ? [] : restore(inner)]),
    );
    const { span, quoted } = value;
    return quoted === false && isObject(span) && characters[Number(span.start)] === '"'
      ? { ...copy, quoted: true }
      : withOwnFetch(copy);
  };
  return restore(ast);
}

const ONE: Ast = { literal: { literal_type: 'number', value: '1' } };

/** A SELECT in parentheses is another kind of node: what ends one without them ends the whole operation. */
function withOwnFetch(object: AstObject): AstObject {
  for (const kind of ['union', 'intersect', 'except']) {
    const data = object[kind];
    if (!isObject(data) || !isObject(data.right)) continue;
    const [last = '', right] = Object.entries(data.right)[0] ?? [];
    if (!isObject(right)) continue;
    const part = last === 'select' ? 'fetch' : 'limit';
    const rows = right[part];
    if (!isObject(rows) || last === 'subquery' || last === 'paren') continue;
    const limit = part === 'fetch' ? (rows.count ?? ONE) : rows;
    return { ...object, [kind]: { ...data, right: { [last]: { ...right, [part]: null } }, limit } };
  }
  return object;
}
