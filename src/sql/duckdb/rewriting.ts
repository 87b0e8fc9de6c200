import { call } from '../build.ts';
import type { Ast, AstObject } from '../tree.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { RewrittenCall } from './areas/area.ts';

/** A call of another function, or of a macro, with the same arguments. */
export const macro =
  (name: string) =>
  ({ args }: RewrittenCall): AstObject =>
    call(name, ...args);

/** A value in the type that Trino gives it. */
export const inType = (value: Ast, type: SqlType): AstObject => ({
  cast: {
    this: value,
    to: { data_type: 'custom', name: type },
    trailing_comments: [],
    double_colon_syntax: false,
  },
});
