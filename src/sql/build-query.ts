import { identifier, numberOf } from './build.ts';
import type { Ast, AstObject } from './tree.ts';

/** Makers of nodes for queries inside of a statement that is rewritten. */

/** SELECT expressions FROM source WHERE condition. */
export const select = (expressions: readonly Ast[], source: Ast, condition?: Ast): AstObject => ({
  select: {
    expressions: [...expressions],
    from: { expressions: [source] },
    joins: [],
    lateral_views: [],
    where_clause: condition === undefined ? null : { this: condition },
    distinct: false,
    locks: [],
  },
});

/** (query) AS name(columns), or (query) alone. */
export const derived = (query: Ast, name?: string, columns: readonly string[] = []): AstObject => ({
  subquery: {
    this: query,
    alias: name === undefined ? null : identifier(name),
    column_aliases: columns.map(identifier),
    alias_explicit_as: name !== undefined,
    alias_keyword: name === undefined ? null : 'AS',
    order_by: null,
    limit: null,
    offset: null,
    lateral: false,
    modifiers_inside: false,
    trailing_comments: [],
  },
});

/** EXISTS (SELECT 1 FROM source WHERE condition). */
export const existing = (source: Ast, condition: Ast): AstObject => ({
  exists: { this: select([numberOf(1)], source, condition), not: false },
});

/** value AS "name". */
export const namedColumn = (value: Ast, name: string): AstObject => ({
  alias: {
    this: value,
    alias: { name, quoted: true, trailing_comments: [] },
    column_aliases: [],
    alias_explicit_as: true,
    alias_keyword: 'AS',
    pre_alias_comments: [],
    trailing_comments: [],
  },
});
