import { aggregate } from '../build.ts';
import { callOf } from '../calls.ts';
import { type Ast, type AstObject, isObject, rewrite } from '../tree.ts';

const IDENTIFIER = new Set(['name', 'quoted', 'trailing_comments', 'span']);

const isIdentifier = (object: AstObject): object is AstObject & { name: string } =>
  typeof object.name === 'string' &&
  object.name !== '*' &&
  typeof object.quoted === 'boolean' &&
  Object.keys(object).every((key) => IDENTIFIER.has(key));

/** Aggregates of which the generator leaves out DISTINCT and FILTER where it knows their names. */
const LOSES_CLAUSES = new Set(['bool_and', 'bool_or', 'quantile_disc', 'var_pop', 'var_samp']);

/** Such an aggregate under another name, by which the generator does not know it. */
function unknownAggregate(object: AstObject, standInOf: (name: string) => string): AstObject | undefined {
  const call = callOf(object);
  return call && LOSES_CLAUSES.has(call.name) && (call.data.distinct === true || isObject(call.data.filter))
    ? aggregate(standInOf(call.name), call.args, call.data)
    : undefined;
}

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
  const standInOf = (name: string): string => `${prefix}${numberOf(name)}_`;
  const standing = rewrite(tree, (object) =>
    isIdentifier(object)
      ? { ...object, name: standInOf(object.name), quoted: false }
      : (unknownAggregate(object, standInOf) ?? object),
  );
  const pattern = new RegExp(`"?${prefix}(\\d+)_"?`, 'gi');
  return {
    tree: standing,
    restore: (sql) =>
      sql.replaceAll(pattern, (_, number) => `"${names[Number(number)]!.replaceAll('"', '""')}"`),
  };
}
