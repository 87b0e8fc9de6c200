import { binary, call, cast, lambda, numberOf, textOf, word } from '../build.ts';
import { type Ast, type AstObject, isObject, nameOf } from '../tree.ts';

/**
 * UNNEST of an array as one of Spark's generators: its elements, or with their places the fields of structs. An array
 * in FROM may be a column of what stands before it, hence LATERAL.
 */
export function unnested(alias: AstObject, isFirst: boolean): Ast {
  const unnest = isObject(alias.this) && isObject(alias.this.unnest) ? alias.this.unnest : undefined;
  if (!unnest) return { alias };
  const array = unnest.this ?? null;
  const generator = unnest.with_ordinality === true ? withPlaces(array) : call('explode', array);
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

function withPlaces(array: Ast): AstObject {
  const place = cast(binary('add', word('i'), numberOf(1)), 'BIGINT');
  const struct = call('named_struct', textOf('x'), word('x'), textOf('place'), place);
  return call('inline', call('transform', array, lambda(['x', 'i'], struct)));
}
