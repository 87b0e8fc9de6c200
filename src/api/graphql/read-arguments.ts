import { ApiError } from '../errors.ts';
import {
  type ApiColumn,
  type ApiModel,
  type ApiRelationship,
  type ApiTable,
  columnOf,
} from '../model/api-table.ts';
import { type Bool, EVERY, type Operator, type Order, type OrderTerm, type Rows } from '../sql/selection.ts';
import { valueText } from '../sql/values.ts';

type Given = { readonly [name: string]: unknown };

/**
 * Which rows the arguments of a list ask for.
 * @param path of the field, for errors
 * @throws ApiError validation-failed
 */
export function readRows(model: ApiModel, table: ApiTable, args: Given, path: string): Rows {
  const where = args.where as Given | null | undefined;
  const order = (args.order_by ?? []) as readonly Given[];
  const distinctOn = [...new Set((args.distinct_on ?? []) as readonly string[])].map((field) =>
    columnOf(table, field),
  );
  const rows: Rows = {
    table,
    where: where ? readWhere(model, table, where, `${path}.args.where`) : EVERY,
    order: order.flatMap((one) => readOrder(model, table, one, `${path}.args.order_by`)),
    distinctOn,
    offset: readCount(args.offset, 'offset', path) ?? 0,
    ...limitOf(readCount(args.limit, 'limit', path)),
  };
  refuseOtherOrder(rows, path);
  return rows;
}

const limitOf = (limit: number | undefined) => (limit === undefined ? {} : { limit });

function readCount(value: unknown, name: string, path: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= 0) return value;
  throw ApiError.invalid(
    'expected a non-negative 32-bit integer for type "Int", but found a negative one',
    `${path}.args.${name}`,
  );
}

/** The first of the order have to be the columns of `distinct_on`, in any order, as PostgreSQL has it. */
function refuseOtherOrder({ distinctOn, order }: Rows, path: string): void {
  if (distinctOn.length === 0 || order.length === 0) return;
  const first = order
    .slice(0, distinctOn.length)
    .map(({ by }) => (by.kind === 'column' ? by.column.name : undefined));
  if (distinctOn.every(({ name }) => first.includes(name))) return;
  throw ApiError.invalid('"distinct_on" columns must match initial "order_by" columns', `${path}.args`);
}

/** A condition as GraphQL has it. */
export function readWhere(model: ApiModel, table: ApiTable, where: Given, path: string): Bool {
  const of = Object.entries(where).map(([name, value]): Bool => {
    const at = `${path}.${name}`;
    if (value === null) throw new ApiError('validation-failed', `unexpected null value for "${name}"`, at);
    const inner = (one: unknown) => readWhere(model, table, one as Given, at);
    if (name === '_and') return { kind: 'and', of: (value as readonly unknown[]).map(inner) };
    if (name === '_or') return { kind: 'or', of: (value as readonly unknown[]).map(inner) };
    if (name === '_not') return { kind: 'not', of: inner(value) };
    const column = table.columns.find(({ field }) => field === name);
    if (column) return readComparison(column, value as Given, at);
    const over = table.relationships.find((one) => one.name === name);
    if (over) {
      const other = model.get(over.to)!;
      return { kind: 'exists', over, of: other, where: readWhere(model, other, value as Given, at) };
    }
    const aggregated = table.relationships.find((one) => `${one.name}_aggregate` === name)!;
    return readAggregate(model, aggregated, value as Given, at);
  });
  return of.length === 1 ? of[0]! : { kind: 'and', of };
}

/** The operators that compare a column with values. */
export function readComparison(column: ApiColumn, by: Given, path: string): Bool {
  const of = Object.entries(by).map(([operator, value]): Bool => {
    const at = `${path}.${operator}`;
    if (value === null)
      throw new ApiError('validation-failed', `unexpected null value for "${operator}"`, at);
    if (operator === '_is_null') return { kind: 'null', column, not: value !== true };
    if (operator === '_in' || operator === '_nin')
      return {
        kind: 'in',
        column,
        values: (value as readonly unknown[]).map((one) => valueText(one, column.type, at)),
        not: operator === '_nin',
      };
    return { kind: 'compare', column, by: operator as Operator, value: valueText(value, column.type, at) };
  });
  return of.length === 1 ? of[0]! : { kind: 'and', of };
}

function readAggregate(model: ApiModel, over: ApiRelationship, given: Given, path: string): Bool {
  const table = model.get(over.to)!;
  const of = Object.entries(given).map(([fn, value]): Bool => {
    const at = `${path}.${fn}`;
    if (value === null) throw new ApiError('validation-failed', `unexpected null value for "${fn}"`, at);
    const { arguments: named, distinct, filter, predicate } = value as Given;
    const fields: readonly string[] = named ? ([named].flat() as string[]) : [];
    const columns = fields.map((field) => columnOf(table, field));
    if (columns.length > 1)
      throw new ApiError('not-supported', 'a count in a condition takes one column', at);
    return {
      kind: 'aggregate',
      over,
      of: table,
      fn: fn as 'count',
      columns,
      distinct: distinct === true,
      filter: filter ? readWhere(model, table, filter as Given, `${at}.filter`) : EVERY,
      predicate: readComparison(
        { name: 'value', field: 'value', type: fn === 'count' ? 'bigint' : 'boolean' },
        predicate as Given,
        `${at}.predicate`,
      ),
    };
  });
  return of.length === 1 ? of[0]! : { kind: 'and', of };
}

function readOrder(model: ApiModel, table: ApiTable, given: Given, path: string): Order[] {
  return orderIn(model, table, given, path, (by) => by);
}

function orderIn(
  model: ApiModel,
  table: ApiTable,
  given: Given,
  path: string,
  within: (by: OrderTerm) => OrderTerm,
): Order[] {
  return Object.entries(given).flatMap(([name, value]): Order[] => {
    const at = `${path}.${name}`;
    // An order that is null is none.
    if (value === null) return [];
    const column = table.columns.find(({ field }) => field === name);
    if (column) return [directed(within({ kind: 'column', column }), value as string)];
    const over = table.relationships.find((one) => one.name === name);
    if (over) {
      const of = model.get(over.to)!;
      return orderIn(model, of, value as Given, at, (by) => within({ kind: 'object', over, of, by }));
    }
    const aggregated = table.relationships.find((one) => `${one.name}_aggregate` === name)!;
    const of = model.get(aggregated.to)!;
    return Object.entries(value as Given).flatMap(([fn, inner]): Order[] => {
      if (inner === null) return [];
      const term = { kind: 'aggregate', over: aggregated, of, fn } as const;
      if (fn === 'count') return [directed(within(term), inner as string)];
      return Object.entries(inner as Given).flatMap(([field, direction]) =>
        direction === null
          ? []
          : [directed(within({ ...term, column: columnOf(of, field) }), direction as string)],
      );
    });
  });
}

/** `asc` has nulls last and `desc` first, as PostgreSQL does. */
function directed(by: OrderTerm, text: string): Order {
  const [direction, , where] = text.split('_') as ['asc' | 'desc', string?, ('first' | 'last')?];
  return { by, direction, nulls: where ?? (direction === 'asc' ? 'last' : 'first') };
}
