import type { SourceLocation } from './errors.ts';

/**
 * The tree that the SQL parser gives, as plain JSON: a node is an object with one key, its kind, over its data;
 * data holds further nodes under any key. Walking it as JSON needs no list of the parser's several hundred kinds,
 * so a new kind cannot hide a table from us.
 */
export type Ast = null | boolean | number | string | Ast[] | { [key: string]: Ast };
export type AstObject = { [key: string]: Ast };

export const isObject = (value: Ast | undefined): value is AstObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The items of a list; none where there is no list. */
export const listOf = (value: Ast | undefined): readonly Ast[] => (Array.isArray(value) ? value : []);

/** Visits every object of the tree, parents first, with the objects above it, nearest first. */
export function visit(
  ast: Ast,
  see: (object: AstObject, above: readonly AstObject[]) => void,
  above: readonly AstObject[] = [],
): void {
  if (Array.isArray(ast)) {
    for (const item of ast) visit(item, see, above);
  } else if (isObject(ast)) {
    see(ast, above);
    const inside = [ast, ...above];
    for (const value of Object.values(ast)) visit(value, see, inside);
  }
}

/**
 * A copy of the tree in which every object, from the leaves up, was handed to `change`: the object over the changed
 * ones below it, and as it was.
 */
export function rewrite(ast: Ast, change: (object: AstObject, was: AstObject) => Ast): Ast {
  if (Array.isArray(ast)) return ast.map((item) => rewrite(item, change));
  if (!isObject(ast)) return ast;
  const copy: AstObject = {};
  for (const [key, value] of Object.entries(ast)) copy[key] = rewrite(value, change);
  return change(copy, ast);
}

/** The name in an identifier (`{ name, quoted, span }`). */
export const nameOf = (identifier: Ast | undefined): string | undefined =>
  isObject(identifier) && typeof identifier.name === 'string' ? identifier.name : undefined;

/** Where the first name in this object begins, if the parser kept it. */
export function placeOf(object: Ast, text: string): SourceLocation | undefined {
  let start: number | undefined;
  visit(object, (inner) => {
    const span = inner.span;
    if (isObject(span) && typeof span.start === 'number' && (start === undefined || span.start < start)) {
      start = span.start;
    }
  });
  return start === undefined ? undefined : placeAt(text, start);
}

/** Line and column of an offset that counts characters, as the parser does, not UTF-16 units. */
export function placeAt(text: string, offset: number): SourceLocation {
  const before = [...text].slice(0, offset);
  const line = before.filter((c) => c === '\n').length + 1;
  return { line, column: before.length - (before.lastIndexOf('\n') + 1) + 1 };
}
