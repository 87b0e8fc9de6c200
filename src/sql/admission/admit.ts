import { type Ast, type AstObject, isObject } from '../tree.ts';
import { QUERIES } from './queries.ts';
import { node } from './shape.ts';

/**
 * Refuses every statement that is made of anything but what the lake knows. The parser reads the SQL of thirty engines
 * and tells nobody which: so every kind of node, each of its fields and every value of these is named in this folder,
 * and what is not named is refused, at any depth. What is named may still be refused by the linter, for what it means.
 * @throws SqlError
 */
export function admit(ast: AstObject, text: string): void {
  statement(ast, { text, part: 'statement', above: [] });
}

const statement = node(QUERIES, 'a statement');

/** A tree without the comments of its text: they mean nothing, and no engine shall be sent them. */
export function withoutComments(ast: Ast): Ast {
  if (Array.isArray(ast)) return ast.map(withoutComments);
  if (!isObject(ast)) return ast;
  return Object.fromEntries(
    Object.entries(ast).map(([key, value]) => [key, /comments$/.test(key) ? [] : withoutComments(value)]),
  );
}
