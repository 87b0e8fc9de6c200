import { type Ast, type AstObject, isObject } from './tree.ts';

/** Makers of nodes for trees that are rewritten. What is put under an operator gets parentheses where it needs them. */

export const call = (name: string, ...args: (Ast | undefined)[]): AstObject => ({
  function: {
    name,
    args: args.map((argument) => argument ?? null),
    distinct: false,
    trailing_comments: [],
    use_bracket_syntax: false,
    no_parens: false,
    quoted: false,
  },
});

/** An aggregate, with the DISTINCT and FILTER of the one that it stands for. */
export const aggregate = (name: string, args: readonly Ast[], data: AstObject): AstObject => ({
  aggregate_function: {
    name,
    args: [...args],
    distinct: data.distinct === true,
    filter: data.filter ?? null,
  },
});

export const textOf = (value: string): AstObject => ({ literal: { literal_type: 'string', value } });
export const numberOf = (value: number | string): AstObject => ({
  literal: { literal_type: 'number', value: String(value) },
});

export const identifier = (name: string): AstObject => ({ name, quoted: false, trailing_comments: [] });

/** A bare word: the parameter of a lambda, or a unit of time. */
export const word = (name: string): AstObject => ({
  column: { name: identifier(name), table: null, join_mark: false, trailing_comments: [] },
});

/** CAST or TRY_CAST; `type` is spelled as the target's SQL spells it. */
export const castBy = (kind: 'cast' | 'try_cast', value: Ast, type: string): AstObject => ({
  [kind]: {
    this: value,
    to: { data_type: 'custom', name: type },
    trailing_comments: [],
    double_colon_syntax: false,
  },
});

export const cast = (value: Ast, type: string): AstObject => castBy('cast', value, type);

export const binary = (kind: string, left: Ast, right: Ast): AstObject => ({
  [kind]: {
    left: closed(left),
    right: closed(right),
    left_comments: [],
    operator_comments: [],
    trailing_comments: [],
  },
});

export const wholeDivision = (left: Ast, right: Ast): AstObject => ({
  int_div: { this: closed(left), expression: closed(right) },
});

export const isNull = (value: Ast, not = false): AstObject => ({ is_null: { this: closed(value), not } });

/** CASE WHEN condition THEN yes ELSE no END. */
export const choose = (condition: Ast, yes: Ast, no: Ast): AstObject => ({
  case: { operand: null, whens: [[condition, yes]], else_: no, comments: [] },
});

export const lambda = (parameters: readonly string[], body: Ast): AstObject => ({
  lambda: { parameters: parameters.map(identifier), body },
});

export const paren = (value: Ast): AstObject => ({ paren: { this: value, trailing_comments: [] } });

export const NULL: AstObject = { null: null };

/** Kinds that stand under an operator as they are. */
const CLOSED = new Set([
  'function',
  'aggregate_function',
  'column',
  'literal',
  'cast',
  'paren',
  'null',
  'boolean',
  'case',
]);

export function closed(value: Ast): Ast {
  return isObject(value) && Object.keys(value).some((kind) => CLOSED.has(kind)) ? value : paren(value);
}
