import {
  GraphQLBoolean,
  type GraphQLFieldConfigMap,
  type GraphQLFieldResolver,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import type { LakeType } from '../../campus/lake-type.ts';
import type { ApiModel, ApiTable, RootField } from '../model/api-table.ts';
import { FUNCTIONS } from './aggregate-names.ts';
import { Inputs } from './inputs.ts';
import { scalarOf } from './scalars.ts';

/** Answers one root field. */
export type AnswerRoot<Context> = (
  root: { readonly kind: RootField; readonly table: ApiTable },
  ...given: Parameters<GraphQLFieldResolver<unknown, Context>>
) => unknown;

type Fields<Context> = GraphQLFieldConfigMap<{ [key: string]: unknown }, Context>;

/** A value of a nested field stands under its key in the answer, since a field can be asked for twice. */
const byKey = (
  source: { [key: string]: unknown },
  _args: unknown,
  _context: unknown,
  { path }: { readonly path: { readonly key: string | number } },
) => source[path.key];

/**
 * The schema of one role, named as Hasura names it. What the role does not see is in no type of it, so that no
 * statement, error or suggestion can name it.
 */
export function schemaOf<Context>(model: ApiModel, answer: AnswerRoot<Context>): GraphQLSchema {
  const inputs = new Inputs(model);
  const types = new Map<string, GraphQLObjectType>();
  const once = (name: string, make: () => GraphQLObjectType): GraphQLObjectType => {
    const found = types.get(name) ?? make();
    types.set(name, found);
    return found;
  };

  const rowOf = (table: ApiTable): GraphQLObjectType =>
    once(
      table.name,
      () =>
        new GraphQLObjectType({
          name: table.name,
          description: table.description,
          fields: () => fieldsOf(table),
        }),
    );

  const fieldsOf = (table: ApiTable): Fields<Context> => {
    const fields: Fields<Context> = {};
    for (const { field, type, description } of table.columns)
      fields[field] = { type: scalarOf(type), description, resolve: byKey };
    for (const { name, kind, to } of table.relationships) {
      const other = model.get(to)!;
      if (kind === 'object') {
        fields[name] = { type: rowOf(other), resolve: byKey };
        continue;
      }
      fields[name] = { type: listOf(rowOf(other)), args: inputs.ofRows(other), resolve: byKey };
      if (other.aggregations)
        fields[`${name}_aggregate`] = {
          type: new GraphQLNonNull(aggregateOf(other)),
          args: inputs.ofRows(other),
          resolve: byKey,
        };
    }
    // A role may see of a table that it is there, and no column of it.
    if (Object.keys(fields).length === 0) fields._exists = { type: GraphQLBoolean, resolve: () => true };
    return fields;
  };

  const aggregateOf = (table: ApiTable): GraphQLObjectType =>
    once(
      `${table.name}_aggregate`,
      () =>
        new GraphQLObjectType({
          name: `${table.name}_aggregate`,
          fields: () => ({
            aggregate: { type: figuresOf(table), resolve: byKey },
            nodes: { type: listOf(rowOf(table)), resolve: byKey },
            ...groupsOf(table),
          }),
        }),
    );

  /** Named as Hasura names it. Its keys are the columns of the role, so that a key is seen as its column is. */
  const groupsOf = (table: ApiTable): Fields<Context> => {
    const columns = inputs.columns(table);
    if (!columns) return {};
    const key = once(
      `${table.name}_group_key`,
      () =>
        new GraphQLObjectType({
          name: `${table.name}_group_key`,
          fields: Object.fromEntries(
            table.columns.map(({ field, type }) => [field, { type: scalarOf(type), resolve: byKey }]),
          ),
        }),
    );
    const group = once(
      `${table.name}_group`,
      () =>
        new GraphQLObjectType({
          name: `${table.name}_group`,
          fields: {
            group_key: { type: new GraphQLNonNull(key), resolve: byKey },
            aggregate: { type: figuresOf(table), resolve: byKey },
          },
        }),
    );
    return {
      group_by: {
        type: listOf(group),
        args: { keys: { type: inputs.groupKeys(table, columns) } },
        resolve: byKey,
      },
    };
  };

  const figuresOf = (table: ApiTable): GraphQLObjectType =>
    once(`${table.name}_aggregate_fields`, () => {
      const columns = inputs.columns(table);
      const fields: Fields<Context> = {
        count: {
          type: new GraphQLNonNull(GraphQLInt),
          args: columns
            ? {
                columns: { type: new GraphQLList(new GraphQLNonNull(columns)) },
                distinct: { type: GraphQLBoolean },
              }
            : {},
          resolve: byKey,
        },
      };
      for (const [fn, takes] of FUNCTIONS) {
        const taken = table.columns.filter(({ type }) => takes(type));
        if (taken.length === 0) continue;
        fields[fn] = {
          type: once(
            `${table.name}_${fn}_fields`,
            () =>
              new GraphQLObjectType({
                name: `${table.name}_${fn}_fields`,
                fields: Object.fromEntries(
                  taken.map(({ field, type }) => [
                    field,
                    { type: scalarOf(functionType(fn, type)), resolve: byKey },
                  ]),
                ),
              }),
          ),
          resolve: byKey,
        };
      }
      return new GraphQLObjectType({ name: `${table.name}_aggregate_fields`, fields });
    });

  const roots: GraphQLFieldConfigMap<unknown, Context> = {};
  for (const table of model.values()) {
    const { select, select_by_pk: byPk, select_aggregate: aggregate } = table.roots;
    const resolve =
      (kind: RootField): GraphQLFieldResolver<unknown, Context> =>
      (...given) =>
        answer({ kind, table }, ...given);
    if (select !== undefined)
      roots[select] = { type: listOf(rowOf(table)), args: inputs.ofRows(table), resolve: resolve('select') };
    if (aggregate !== undefined && table.aggregations)
      roots[aggregate] = {
        type: new GraphQLNonNull(aggregateOf(table)),
        args: inputs.ofRows(table),
        resolve: resolve('select_aggregate'),
      };
    if (byPk !== undefined && table.key.length > 0)
      roots[byPk] = {
        type: rowOf(table),
        args: Object.fromEntries(
          table.key.map((name) => {
            const column = table.columns.find((one) => one.name === name)!;
            return [column.field, { type: new GraphQLNonNull(scalarOf(column.type)) }];
          }),
        ),
        resolve: resolve('select_by_pk'),
      };
  }
  if (Object.keys(roots).length === 0)
    roots.no_queries_available = {
      type: new GraphQLNonNull(GraphQLString),
      description: 'There is nothing that this role may read.',
      resolve: () => 'There is nothing that this role may read.',
    };
  return new GraphQLSchema({ query: new GraphQLObjectType({ name: 'query_root', fields: roots }) });
}

const listOf = (type: GraphQLObjectType) => new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type)));

/** What a function gives over a column of a type. */
function functionType(fn: string, type: LakeType): LakeType {
  if (fn === 'max' || fn === 'min') return type;
  if (fn !== 'sum') return 'double';
  if (type === 'integer') return 'bigint';
  return type === 'real' ? 'double' : type;
}
