import type { Ast, AstObject } from '../tree.ts';
import { isObject, nameOf } from '../tree.ts';
import type { SqlType } from './sql-type.ts';

/** A column of a relation or of a result; without a type where it cannot be told. */
export interface TypedColumn {
  /** In small letters, as Athena reads it. */
  readonly name: string;
  readonly type: SqlType | undefined;
}

/** A column of a SELECT, which its ORDER BY sees. */
export interface OutputColumn extends TypedColumn {
  /** What stands in the SELECT list; undefined for a column of `*`. */
  readonly expression: Ast | undefined;
}

/** What stands in FROM; without columns where they cannot be told. */
export interface Relation {
  readonly name: string | undefined;
  readonly schema?: string;
  /** `database.table` of a table of the lake. */
  readonly table?: string;
  readonly columns: readonly TypedColumn[] | undefined;
  /** Columns of JOIN … USING, which belong to neither side any more. */
  readonly shared: Set<string>;
}

/** What names mean at a place of a statement. */
export interface Scope {
  readonly relations: Relation[];
  /** Columns of JOIN … USING, which a bare `*` gives once, before all others. */
  readonly shared: TypedColumn[];
  readonly ctes: ReadonlyMap<string, readonly TypedColumn[] | undefined>;
  /** Parameters of the lambdas around. */
  readonly parameters: ReadonlyMap<string, SqlType | undefined>;
  /** Columns of the result, which ORDER BY sees before those of the tables. */
  readonly outputs: readonly OutputColumn[] | undefined;
  /** Names that the SELECT list gives, and that its other clauses do not know. */
  readonly aliases: ReadonlySet<string>;
  readonly outer: Scope | undefined;
}

export const scopeIn = (outer: Scope | undefined): Scope => ({
  relations: [],
  shared: [],
  ctes: outer?.ctes ?? new Map(),
  parameters: new Map(),
  outputs: undefined,
  aliases: new Set(),
  outer,
});

/** What a name stands for. */
export type Resolved =
  | {
      readonly found: 'column';
      readonly type: SqlType | undefined;
      readonly scope: Scope;
      readonly key: string;
    }
  | { readonly found: 'output'; readonly type: SqlType | undefined; readonly output: OutputColumn }
  | { readonly found: 'parameter'; readonly type: SqlType | undefined }
  /** Something in FROM is not known, and may have it. */
  | { readonly found: 'unknown' }
  | { readonly found: 'none' | 'several' };

/**
 * What a column's name stands for at a place, as Trino finds it: the innermost scope that knows the name answers, and
 * may know it only once.
 */
export function resolveColumn(data: AstObject, scope: Scope | undefined): Resolved {
  const name = nameOf(data.name)?.toLowerCase() ?? '';
  const qualifier = isObject(data.table) ? nameOf(data.table)?.toLowerCase() : undefined;
  return resolveName(name, qualifier, undefined, scope);
}

export function resolveName(
  name: string,
  qualifier: string | undefined,
  schema: string | undefined,
  scope: Scope | undefined,
): Resolved {
  if (!scope) return { found: 'none' };
  if (qualifier === undefined && scope.parameters.has(name))
    return { found: 'parameter', type: scope.parameters.get(name) };
  const outputs =
    qualifier === undefined ? (scope.outputs ?? []).filter((output) => output.name === name) : [];
  if (outputs.length > 1) return { found: 'several' };
  if (outputs[0]) return { found: 'output', type: outputs[0].type, output: outputs[0] };
  const matches = columnsNamed(name, qualifier, schema, scope);
  if (matches.length > 1) return { found: 'several' };
  if (matches[0]) return { found: 'column', scope, ...matches[0] };
  const isHidden = scope.relations.some(
    (relation) => relation.columns === undefined && isCalled(relation, qualifier, schema),
  );
  return isHidden ? { found: 'unknown' } : resolveName(name, qualifier, schema, scope.outer);
}

const isCalled = (relation: Relation, qualifier: string | undefined, schema: string | undefined): boolean =>
  (qualifier === undefined || relation.name === qualifier) &&
  (schema === undefined || relation.schema === schema);

function columnsNamed(
  name: string,
  qualifier: string | undefined,
  schema: string | undefined,
  scope: Scope,
): { readonly type: SqlType | undefined; readonly key: string }[] {
  const shared = qualifier === undefined ? scope.shared.filter((column) => column.name === name) : [];
  const own = scope.relations.flatMap((relation, place) =>
    isCalled(relation, qualifier, schema)
      ? (relation.columns ?? []).flatMap((column, i) =>
          column.name === name && !relation.shared.has(name)
            ? [{ type: column.type, key: `${place}.${i}` }]
            : [],
        )
      : [],
  );
  return [...shared.map(({ type }) => ({ type, key: `using.${name}` })), ...own];
}

/** A column that `*` stands for, and by which name of FROM it is asked for, if by any. */
export interface StarColumn extends TypedColumn {
  readonly qualifier: string | undefined;
  readonly key: string;
}

/** What `*` or `t.*` stands for; undefined where it cannot be told. */
export function starColumns(qualifier: string | undefined, scope: Scope): readonly StarColumn[] | undefined {
  const relations = scope.relations.filter(({ name }) => qualifier === undefined || name === qualifier);
  if (relations.length === 0 || relations.some(({ columns }) => columns === undefined)) return undefined;
  const own = scope.relations.flatMap((relation, place) =>
    relations.includes(relation)
      ? relation.columns!.flatMap((column, i) =>
          relation.shared.has(column.name)
            ? []
            : [{ ...column, qualifier: relation.name, key: `${place}.${i}` }],
        )
      : [],
  );
  if (qualifier !== undefined) return own;
  return [
    ...scope.shared.map((column) => ({ ...column, qualifier: undefined, key: `using.${column.name}` })),
    ...own,
  ];
}

/** Everything that columns can be asked of at a place, from the inside to the outside. */
export const relationsAround = (scope: Scope | undefined): readonly Relation[] =>
  scope ? [...scope.relations, ...relationsAround(scope.outer)] : [];
