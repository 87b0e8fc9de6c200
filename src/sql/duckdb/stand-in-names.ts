import { type Ast, type AstObject, rewrite } from '../tree.ts';

const IDENTIFIER = new Set(['name', 'quoted', 'trailing_comments', 'span']);

const isIdentifier = (object: AstObject): object is AstObject & { name: string } =>
  typeof object.name === 'string' &&
  object.name !== '*' &&
  typeof object.quoted === 'boolean' &&
  Object.keys(object).every((key) => IDENTIFIER.has(key));

/**
 * Puts a plain word in the place of each name, and the names back into the SQL that was generated, quoted: the
 * generator leaves out the quotes of some, and DuckDB keeps words for itself that are names elsewhere (`at`, `offset`).
 * @param text that holds no stand-in by chance, such as one in a literal
 */
export function standInNames(tree: Ast, text: string): { tree: Ast; restore(sql: string): string } {
  let prefix = 'name_';
  while (text.toLowerCase().includes(prefix)) prefix = `n${prefix}`;
  const names: string[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (name: string): number => {
    const known = numbers.get(name) ?? names.push(name) - 1;
    numbers.set(name, known);
    return known;
  };
  const standing = rewrite(tree, (object) =>
    isIdentifier(object) ? { ...object, name: `${prefix}${numberOf(object.name)}_`, quoted: false } : object,
  );
  const pattern = new RegExp(`"?${prefix}(\\d+)_"?`, 'gi');
  return {
    tree: standing,
    restore: (sql) =>
      sql.replaceAll(pattern, (_, number) => `"${names[Number(number)]!.replaceAll('"', '""')}"`),
  };
}
