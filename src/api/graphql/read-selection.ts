import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { ApiError } from '../errors.ts';
import {
  type ApiColumn,
  type ApiModel,
  type ApiTable,
  columnOf,
  type RootField,
} from '../model/api-table.ts';
import type { AggregatePart, Bool, Field, Figure, GroupPart, Root } from '../sql/selection.ts';
import { valueText } from '../sql/values.ts';
import { readRows } from './read-arguments.ts';

type Args = { readonly [name: string]: unknown };

/** What a root field asks for, as the compiler takes it. */
export function readRoot(
  model: ApiModel,
  { kind, table }: { readonly kind: RootField; readonly table: ApiTable },
  args: Args,
  info: GraphQLResolveInfo,
): Root {
  const reading = new Reading(model, info);
  const nodes = info.fieldNodes;
  const type = getNamedType(info.returnType) as GraphQLObjectType;
  const path = `$.selectionSet.${nodes[0]!.name.value}`;
  if (kind === 'select_by_pk') {
    const of = table.key.map((name): Bool => {
      const column = table.columns.find((one) => one.name === name)!;
      const value = valueText(args[column.field], column.type, `${path}.args.${column.field}`);
      return { kind: 'compare', column, by: '_eq', value };
    });
    const rows = {
      table,
      where: { kind: 'and', of } as const,
      order: [],
      distinctOn: [],
      limit: 1,
      offset: 0,
    };
    return { kind: 'one', rows, fields: reading.fields(table, nodes, type, path) };
  }
  const rows = readRows(model, table, args, path);
  if (kind === 'select_aggregate')
    return { kind: 'aggregate', rows, parts: reading.parts(table, nodes, type, path) };
  return {
    kind: 'rows',
    rows: { ...rows, ...leastLimit(rows.limit, table.limit) },
    fields: reading.fields(table, nodes, type, path),
  };
}

/** The smaller of the limit of the request and the one of the role. */
const leastLimit = (asked: number | undefined, most: number | undefined): { limit?: number } => {
  const limits = [asked, most].filter((limit) => limit !== undefined);
  return limits.length > 0 ? { limit: Math.min(...limits) } : {};
};

class Reading {
  readonly #model: ApiModel;
  readonly #info: GraphQLResolveInfo;

  constructor(model: ApiModel, info: GraphQLResolveInfo) {
    this.#model = model;
    this.#info = info;
  }

  fields(table: ApiTable, nodes: readonly FieldNode[], type: GraphQLObjectType, path: string): Field[] {
    return this.#each(nodes, type).flatMap(([key, same]): Field[] => {
      const name = same[0]!.name.value;
      if (name === '__typename') return [{ kind: 'typename', key, value: type.name }];
      if (name === '_exists' && table.columns.length === 0) return [];
      const inner = `${path}.selectionSet.${name}`;
      const column = table.columns.find(({ field }) => field === name);
      if (column) return [{ kind: 'column', key, column }];
      const definition = type.getFields()[name]!;
      const innerType = getNamedType(definition.type) as GraphQLObjectType;
      const over = table.relationships.find((one) => one.name === name);
      const args = getArgumentValues(definition, same[0]!, this.#info.variableValues);
      if (over) {
        const of = this.#model.get(over.to)!;
        const fields = this.fields(of, same, innerType, inner);
        if (over.kind === 'object') return [{ kind: 'object', key, over, of, fields }];
        const rows = readRows(this.#model, of, args, inner);
        return [{ kind: 'array', key, over, rows: { ...rows, ...leastLimit(rows.limit, of.limit) }, fields }];
      }
      const aggregated = table.relationships.find((one) => `${one.name}_aggregate` === name);
      if (!aggregated) throw new ApiError('unexpected', 'a field has no meaning', inner);
      const of = this.#model.get(aggregated.to)!;
      return [
        {
          kind: 'aggregate',
          key,
          over: aggregated,
          rows: readRows(this.#model, of, args, inner),
          parts: this.parts(of, same, innerType, inner, true),
        },
      ];
    });
  }

  parts(
    table: ApiTable,
    nodes: readonly FieldNode[],
    type: GraphQLObjectType,
    path: string,
    isNested = false,
  ): AggregatePart[] {
    return this.#each(nodes, type).map(([key, same]): AggregatePart => {
      const name = same[0]!.name.value;
      if (name === '__typename') return { kind: 'typename', key, value: type.name };
      const definition = type.getFields()[name]!;
      const innerType = getNamedType(definition.type) as GraphQLObjectType;
      if (name === 'group_by') {
        const inner = `${path}.selectionSet.group_by`;
        if (isNested)
          throw new ApiError(
            'not-supported',
            'Groups are made of all rows, not of those within a row.',
            inner,
          );
        const { keys } = getArgumentValues(definition, same[0]!, this.#info.variableValues);
        const fields = (keys as readonly { readonly column: string }[]).map(({ column }) => column);
        if (fields.length === 0) throw ApiError.invalid('Groups need a key.', `${inner}.args.keys`);
        const by = [...new Set(fields)].map((field) => columnOf(table, field));
        return { kind: 'groups', key, by, parts: this.#groupParts(table, by, same, innerType, inner) };
      }
      if (name === 'nodes')
        return {
          kind: 'nodes',
          key,
          fields: this.fields(table, same, innerType, `${path}.selectionSet.nodes`),
        };
      return { kind: 'figures', key, figures: this.#figures(table, same, innerType) };
    });
  }

  #groupParts(
    table: ApiTable,
    by: readonly ApiColumn[],
    nodes: readonly FieldNode[],
    type: GraphQLObjectType,
    path: string,
  ): GroupPart[] {
    return this.#each(nodes, type).map(([key, same]): GroupPart => {
      const name = same[0]!.name.value;
      if (name === '__typename') return { kind: 'typename', key, value: type.name };
      const inner = getNamedType(type.getFields()[name]!.type) as GraphQLObjectType;
      if (name === 'aggregate') return { kind: 'figures', key, figures: this.#figures(table, same, inner) };
      const fields = this.#each(same, inner).map(([innerKey, [node]]) => {
        const field = node!.name.value;
        if (field === '__typename') return { kind: 'typename', key: innerKey, value: inner.name } as const;
        const column = by.find((one) => one.field === field);
        if (!column)
          throw ApiError.invalid(`rows are not grouped by '${field}'`, `${path}.selectionSet.group_key`);
        return { kind: 'column', key: innerKey, column } as const;
      });
      return { kind: 'key', key, fields };
    });
  }

  #figures(table: ApiTable, nodes: readonly FieldNode[], type: GraphQLObjectType): Figure[] {
    return this.#each(nodes, type).map(([key, same]): Figure => {
      const name = same[0]!.name.value;
      if (name === '__typename') return { kind: 'typename', key, value: type.name };
      const definition = type.getFields()[name]!;
      if (name === 'count') {
        const args = getArgumentValues(definition, same[0]!, this.#info.variableValues);
        const columns = (args.columns ?? []) as readonly string[];
        return {
          kind: 'count',
          key,
          columns: columns.map((field) => columnOf(table, field)),
          distinct: args.distinct === true,
        };
      }
      const inner = getNamedType(definition.type) as GraphQLObjectType;
      return {
        kind: 'function',
        key,
        fn: name,
        of: this.#each(same, inner).map(([innerKey, [node]]) =>
          node!.name.value === '__typename'
            ? { kind: 'typename', key: innerKey, value: inner.name }
            : { kind: 'column', key: innerKey, column: columnOf(table, node!.name.value) },
        ),
      };
    });
  }

  /** The fields that are selected, by their keys in the answer: with those of fragments, without what is skipped. */
  #each(nodes: readonly FieldNode[], type: GraphQLObjectType): [string, FieldNode[]][] {
    const found = new Map<string, FieldNode[]>();
    const visit = ({ selections }: SelectionSetNode) => {
      for (const selection of selections) {
        if (this.#isLeftOut(selection)) continue;
        if (selection.kind === Kind.FIELD) {
          const key = selection.alias?.value ?? selection.name.value;
          found.set(key, [...(found.get(key) ?? []), selection]);
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          const of = selection.typeCondition?.name.value;
          if (of === undefined || of === type.name) visit(selection.selectionSet);
        } else visit(this.#info.fragments[selection.name.value]!.selectionSet);
      }
    };
    for (const { selectionSet } of nodes) if (selectionSet) visit(selectionSet);
    return [...found];
  }

  #isLeftOut(node: SelectionNode): boolean {
    const { variableValues } = this.#info;
    return (
      getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.if === true ||
      getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.if === false
    );
  }
}
