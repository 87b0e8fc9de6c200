import { call, cast } from '../build.ts';
import { type Ast, type AstObject, isObject } from '../tree.ts';

/** Casts to narrow types, as they are called for. */
export const NARROW_MACROS: readonly string[] = [
  ['tinyint', 8],
  ['smallint', 16],
].flatMap(([type, bits]) => {
  const most = 2 ** (Number(bits) - 1) - 1;
  const isWithin = `x BETWEEN ${-most - 1} AND ${most}`;
  return [
    `trino_${type}(x) AS CASE WHEN ${isWithin} THEN CAST(x AS INTEGER)
       WHEN x IS NOT NULL THEN error('A number is too large for a ${type}. CAST it to integer or bigint.') END`,
    `trino_try_${type}(x) AS CASE WHEN ${isWithin} THEN CAST(x AS INTEGER) END`,
  ];
});

/**
 * A cast to `smallint` or `tinyint` as a check of its range. In DuckDB such a value is an integer: a literal beside it
 * would otherwise be as narrow, where Trino's is an integer.
 */
export function narrowed(object: AstObject): Ast {
  const kind = isObject(object.cast) ? 'cast' : isObject(object.try_cast) ? 'try_cast' : undefined;
  const data = kind === undefined ? undefined : object[kind];
  const to = isObject(data) && isObject(data.to) ? data.to : undefined;
  if (to?.data_type === 'custom' && isObject(data) && /^(?:tinyint|smallint)$/.test(String(to.name)))
    return call(`trino_${kind === 'cast' ? '' : 'try_'}${to.name}`, { [kind!]: { ...data, to: inHugeint } });
  return object.data_type === 'tiny_int' || object.data_type === 'small_int'
    ? { ...object, data_type: 'int', integer_spelling: true }
    : object;
}

const inHugeint: Ast = (cast(null, 'hugeint').cast as AstObject).to!;
