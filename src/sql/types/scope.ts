import { type AstObject, isObject, nameOf } from '../tree.ts';
import type { SqlType } from './sql-type.ts';

/** A column of a relation or of a result; without a type where it cannot be told. */
export interface TypedColumn {
  /** In small letters, as Athena reads it. */
  readonly name: string;
  readonly type: SqlType | undefined;
}

/** What stands in FROM; without columns where they cannot be told. */
export interface Relation {
  readonly name: string | undefined;
  readonly columns: readonly TypedColumn[] | undefined;
}

/** What names mean at a place of a statement. */
export interface Scope {
  readonly relations: Relation[];
  /** Columns of JOIN … USING, which a bare `*` gives once, before all others. */
  readonly shared: string[];
  readonly ctes: ReadonlyMap<string, readonly TypedColumn[] | undefined>;
  /** Parameters of the lambdas around. */
  readonly parameters: ReadonlyMap<string, SqlType | undefined>;
  readonly outer: Scope | undefined;
}

export const scopeIn = (outer: Scope | undefined): Scope => ({
  relations: [],
  shared: [],
  ctes: outer?.ctes ?? new Map(),
  parameters: new Map(),
  outer,
});

/** The type of a column as it is named at a place: the innermost scope that knows the name answers. */
export function typeOfColumn(data: AstObject, scope: Scope | undefined): SqlType | undefined {
  if (!scope) return undefined;
  const name = nameOf(data.name)?.toLowerCase() ?? '';
  const qualifier = isObject(data.table) ? nameOf(data.table)?.toLowerCase() : undefined;
  if (qualifier === undefined && scope.parameters.has(name)) return scope.parameters.get(name);
  for (const relation of scope.relations) {
    if (qualifier !== undefined && relation.name !== qualifier) continue;
    const column = relation.columns?.find((candidate) => candidate.name === name);
    if (column) return column.type;
    // A relation that is not known may have it: then nothing can be told.
    if (relation.columns === undefined) return undefined;
  }
  return typeOfColumn(data, scope.outer);
}

/** What `*` or `t.*` stands for. */
export function starColumns(star: AstObject, scope: Scope): readonly TypedColumn[] | undefined {
  const qualifier = isObject(star.table) ? nameOf(star.table)?.toLowerCase() : undefined;
  const relations = scope.relations.filter(({ name }) => qualifier === undefined || name === qualifier);
  if (relations.length === 0 || relations.some(({ columns }) => columns === undefined)) return undefined;
  const all = relations.flatMap(({ columns }) => columns ?? []);
  if (qualifier !== undefined) return all;
  const first = scope.shared.flatMap((name) => all.find((column) => column.name === name) ?? []);
  return [...first, ...all.filter(({ name }) => !scope.shared.includes(name))];
}
