import { type Ast, type AstObject, isObject, nameOf } from '../sql-ast.ts';
import { binary, call, cast, lambda, numberOf, textOf, word } from '../sql-build.ts';

/**
 * UNNEST as one of Spark's generators: of one array its elements, of several, or with their places, the fields of
 * structs. An array in FROM may be a column of what stands before it, hence LATERAL.
 */
export function unnested(alias: AstObject, isFirst: boolean): Ast {
  const unnest = isObject(alias.this) && isObject(alias.this.unnest) ? alias.this.unnest : undefined;
  if (!unnest) return { alias };
  const arrays = [unnest.this ?? null, ...(Array.isArray(unnest.expressions) ? unnest.expressions : [])];
  const generator = unnest.with_ordinality === true ? withPlaces(arrays) : ofArrays(arrays);
  if (isFirst) return { alias: { ...alias, this: generator } };
  const names = Array.isArray(alias.column_aliases) ? alias.column_aliases : [];
  return {
    lateral: {
      this: generator,
      view: null,
      outer: null,
      alias: nameOf(alias.alias) ?? null,
      cross_apply: null,
      ordinality: null,
      column_aliases: names.map((name) => nameOf(name) ?? ''),
    },
  };
}

const ofArrays = (arrays: readonly Ast[]): AstObject =>
  arrays.length === 1 ? call('explode', arrays[0]) : call('inline', call('arrays_zip', ...arrays));

/** Without a name of their own, the fields of zipped arrays are called by their number. */
function withPlaces(arrays: readonly Ast[]): AstObject {
  const [only] = arrays;
  const zipped =
    arrays.length === 1 ? only : call('arrays_zip', ...arrays.map((array) => call('concat', array)));
  const fields = arrays.flatMap((_, i) => [
    textOf(`c${i}`),
    arrays.length === 1
      ? word('x')
      : { dot: { this: word('x'), field: { name: String(i), quoted: true, trailing_comments: [] } } },
  ]);
  const place = cast(binary('add', word('i'), numberOf(1)), 'BIGINT');
  const struct = call('named_struct', ...fields, textOf('place'), place);
  return call('inline', call('transform', zipped, lambda(['x', 'i'], struct)));
}
