import { type Ast, type AstObject, isObject } from '../tree.ts';
import type { Types } from '../types/infer.ts';

/**
 * Writes the columns of `*` out where tables are joined by USING: Trino gives the columns of USING first and once, and
 * leaves them out of `t.*`; DuckDB leaves them where the left table has them.
 */
export function withoutStars(select: AstObject, was: Ast | undefined, types: Types): AstObject {
  const written = isObject(was) && Array.isArray(was.expressions) ? was.expressions : [];
  const expressions = Array.isArray(select.expressions) ? select.expressions : [];
  return {
    ...select,
    expressions: expressions.flatMap((expression, i) => {
      const star = written[i];
      const columns = isObject(star) ? types.star(star) : undefined;
      const isNamed = columns?.every(
        ({ name, qualifier, key }) => name !== '' && (qualifier || /^using/.test(key)),
      );
      return isNamed ? columns!.map(({ name, qualifier }) => column(name, qualifier)) : [expression];
    }),
  };
}

const column = (name: string, qualifier: string | undefined): AstObject => ({
  column: {
    name: quoted(name),
    table: qualifier === undefined ? null : quoted(qualifier),
    join_mark: false,
    trailing_comments: [],
  },
});

const quoted = (name: string): AstObject => ({ name, quoted: true, trailing_comments: [] });
