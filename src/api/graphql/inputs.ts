import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLInputFieldConfigMap,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLScalarType,
} from 'graphql';
import type { LakeType } from '../../campus/lake-type.ts';
import type { ApiModel, ApiTable } from '../model/api-table.ts';
import { isComparable } from '../sql/values.ts';
import { FUNCTIONS } from './aggregate-names.ts';
import { scalarOf } from './scalars.ts';

const TEXT_OPERATORS = [
  '_like',
  '_nlike',
  '_ilike',
  '_nilike',
  '_similar',
  '_nsimilar',
  '_regex',
  '_nregex',
  '_iregex',
  '_niregex',
];

export const ORDER_BY = new GraphQLEnumType({
  name: 'order_by',
  values: {
    asc: { description: 'ascending, nulls last' },
    asc_nulls_first: {},
    asc_nulls_last: {},
    desc: { description: 'descending, nulls first' },
    desc_nulls_first: {},
    desc_nulls_last: {},
  },
});

/** The types of arguments of one role's schema; each is made once, when it is first asked for. */
export class Inputs {
  readonly #model: ApiModel;
  readonly #made = new Map<string, GraphQLInputObjectType | GraphQLEnumType | undefined>();

  constructor(model: ApiModel) {
    this.#model = model;
  }

  #once<T extends GraphQLInputObjectType | GraphQLEnumType | undefined>(name: string, make: () => T): T {
    if (!this.#made.has(name)) this.#made.set(name, make());
    return this.#made.get(name) as T;
  }

  comparison(type: LakeType): GraphQLInputObjectType {
    const scalar = scalarOf(type);
    return this.#once(`${scalar.name}_comparison_exp`, () => {
      const list = { type: new GraphQLList(new GraphQLNonNull(scalar)) };
      const operators = isComparable(type) ? ['_eq', '_neq', '_gt', '_lt', '_gte', '_lte'] : [];
      const fields: GraphQLInputFieldConfigMap = Object.fromEntries([
        ...operators.map((name) => [name, { type: scalar }]),
        ...(isComparable(type) ? [['_in', list] as const, ['_nin', list] as const] : []),
        ['_is_null', { type: GraphQLBoolean }],
        ...(type === 'varchar' ? TEXT_OPERATORS.map((name) => [name, { type: scalar }] as const) : []),
      ]);
      return new GraphQLInputObjectType({ name: `${scalar.name}_comparison_exp`, fields });
    });
  }

  where(table: ApiTable): GraphQLInputObjectType {
    const name = `${table.name}_bool_exp`;
    return this.#once(
      name,
      (): GraphQLInputObjectType =>
        new GraphQLInputObjectType({
          name,
          fields: (): GraphQLInputFieldConfigMap => {
            const self = this.where(table);
            const list = { type: new GraphQLList(new GraphQLNonNull(self)) };
            return {
              _and: list,
              _not: { type: self },
              _or: list,
              ...Object.fromEntries(
                table.columns.map(({ field, type }) => [field, { type: this.comparison(type) }]),
              ),
              ...Object.fromEntries(
                table.relationships.flatMap(({ name: field, kind, to }) => {
                  const other = this.#model.get(to)!;
                  return [
                    [field, { type: this.where(other) }] as const,
                    ...(kind === 'array' && other.aggregations
                      ? [[`${field}_aggregate`, { type: this.aggregateWhere(other) }] as const]
                      : []),
                  ];
                }),
              ),
            };
          },
        }),
    );
  }

  aggregateWhere(table: ApiTable): GraphQLInputObjectType {
    const name = `${table.name}_aggregate_bool_exp`;
    return this.#once(name, () => {
      const part = (
        fn: string,
        predicate: LakeType,
        columns: GraphQLInputFieldConfigMap,
      ): GraphQLInputObjectType =>
        this.#once(
          `${name}_${fn}`,
          () =>
            new GraphQLInputObjectType({
              name: `${name}_${fn}`,
              fields: () => ({
                ...columns,
                distinct: { type: GraphQLBoolean },
                filter: { type: this.where(table) },
                predicate: { type: new GraphQLNonNull(this.comparison(predicate)) },
              }),
            }),
        );
      const columns = this.columns(table);
      const booleans = this.columns(table, 'boolean');
      return new GraphQLInputObjectType({
        name,
        fields: {
          ...(booleans
            ? Object.fromEntries(
                ['bool_and', 'bool_or'].map((fn) => [
                  fn,
                  { type: part(fn, 'boolean', { arguments: { type: new GraphQLNonNull(booleans) } }) },
                ]),
              )
            : {}),
          count: {
            type: part(
              'count',
              'integer',
              columns ? { arguments: { type: new GraphQLList(new GraphQLNonNull(columns)) } } : {},
            ),
          },
        },
      });
    });
  }

  /** The names of columns; undefined where the role sees none. */
  columns(table: ApiTable, type?: LakeType): GraphQLEnumType | undefined {
    const name = `${table.name}_select_column${type === undefined ? '' : `_${scalarOf(type).name}`}`;
    return this.#once(name, () => {
      const fields = table.columns.filter((column) => type === undefined || column.type === type);
      if (fields.length === 0) return undefined;
      return new GraphQLEnumType({
        name,
        values: Object.fromEntries(fields.map(({ field }) => [field, {}])),
      });
    });
  }

  /** The keys of groups, as Hasura takes them: `[{column: status}]`. */
  groupKeys(table: ApiTable, columns: GraphQLEnumType) {
    const name = `${table.name}_group_by_key`;
    const key = this.#once(
      name,
      () => new GraphQLInputObjectType({ name, fields: { column: { type: new GraphQLNonNull(columns) } } }),
    )!;
    return new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(key)));
  }

  /** Undefined where there is nothing by which rows could be ordered. */
  orderBy(table: ApiTable): GraphQLInputObjectType | undefined {
    const relationships = table.relationships.filter(({ kind, to }) => {
      const other = this.#model.get(to)!;
      return kind === 'object' ? other.columns.length > 0 : other.aggregations;
    });
    if (table.columns.length === 0 && relationships.length === 0) return undefined;
    const name = `${table.name}_order_by`;
    return this.#once(
      name,
      (): GraphQLInputObjectType =>
        new GraphQLInputObjectType({
          name,
          fields: (): GraphQLInputFieldConfigMap =>
            Object.fromEntries([
              ...table.columns.map(({ field }) => [field, { type: ORDER_BY }] as const),
              ...relationships.map(({ name: field, kind, to }) => {
                const other = this.#model.get(to)!;
                return kind === 'object'
                  ? ([field, { type: this.orderBy(other)! }] as const)
                  : ([`${field}_aggregate`, { type: this.aggregateOrderBy(other) }] as const);
              }),
            ]),
        }),
    );
  }

  aggregateOrderBy(table: ApiTable): GraphQLInputObjectType {
    const name = `${table.name}_aggregate_order_by`;
    return this.#once(name, () => {
      const fields: GraphQLInputFieldConfigMap = { count: { type: ORDER_BY } };
      for (const [fn, takes] of FUNCTIONS) {
        const columns = table.columns.filter(({ type }) => takes(type));
        if (columns.length === 0) continue;
        fields[fn] = {
          type: this.#once(
            `${table.name}_${fn}_order_by`,
            () =>
              new GraphQLInputObjectType({
                name: `${table.name}_${fn}_order_by`,
                fields: Object.fromEntries(columns.map(({ field }) => [field, { type: ORDER_BY }])),
              }),
          ),
        };
      }
      return new GraphQLInputObjectType({ name, fields });
    });
  }

  /** The arguments of a list of rows. */
  ofRows(table: ApiTable): {
    [name: string]: {
      type:
        | GraphQLInputObjectType
        | GraphQLScalarType
        | GraphQLList<GraphQLNonNull<GraphQLInputObjectType | GraphQLEnumType>>;
    };
  } {
    const columns = this.columns(table);
    const order = this.orderBy(table);
    return {
      ...(columns ? { distinct_on: { type: new GraphQLList(new GraphQLNonNull(columns)) } } : {}),
      limit: { type: GraphQLInt },
      offset: { type: GraphQLInt },
      ...(order ? { order_by: { type: new GraphQLList(new GraphQLNonNull(order)) } } : {}),
      where: { type: this.where(table) },
    };
  }
}
