import {
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql';

type Json = { readonly [key: string]: unknown };

/** Scalars of the API as JSON Schema 2020-12 has them. */
const SCALARS: { readonly [name: string]: Json } = {
  String: { type: 'string' },
  ID: { type: 'string' },
  Int: { type: 'integer', format: 'int32' },
  Float: { type: 'number' },
  Boolean: { type: 'boolean' },
  bigint: { type: 'integer', format: 'int64' },
  numeric: { type: 'number' },
  float8: { anyOf: [{ type: 'number' }, { enum: ['NaN', 'Infinity', '-Infinity'] }] },
  date: { type: 'string', format: 'date' },
};

const orNull = (schema: Json): Json =>
  typeof schema.type === 'string'
    ? { ...schema, type: [schema.type, 'null'] }
    : { anyOf: [schema, { type: 'null' }] };

/** A type of GraphQL; of what is selected of it where it is an object. */
export function schemaOfType(type: unknown, object: (of: GraphQLObjectType) => Json = () => ({})): Json {
  const of = type as GraphQLOutputType;
  if (isNonNullType(of)) return bare(of.ofType, object);
  return orNull(bare(of, object));
}

function bare(type: GraphQLOutputType, object: (of: GraphQLObjectType) => Json): Json {
  if (isListType(type)) return { type: 'array', items: schemaOfType(type.ofType, object) };
  if (isObjectType(type)) return object(type);
  if (isEnumType(type)) return { type: 'string', enum: type.getValues().map(({ name }) => name) };
  if (isInputObjectType(type)) return { type: 'object', description: `${type.name} of GraphQL` };
  return SCALARS[getNamedType(type).name] ?? { type: 'string' };
}

/** The answer to selections of an object, as JSON Schema. */
export function schemaOfSelections(
  document: DocumentNode,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): { type: 'object'; properties: Record<string, Json>; required: string[]; additionalProperties: boolean } {
  const found = new Map<string, { nodes: FieldNode[]; isSure: boolean }>();
  const visit = (selection: SelectionNode, isSure: boolean): void => {
    const sure = isSure && (selection.directives ?? []).length === 0;
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      const one = found.get(key) ?? { nodes: [], isSure: false };
      found.set(key, { nodes: [...one.nodes, selection], isSure: one.isSure || sure });
      return;
    }
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : document.definitions.find(
            (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === selection.name.value,
          );
    const set = inner && 'selectionSet' in inner ? inner.selectionSet : inner;
    for (const one of (set as SelectionSetNode | undefined)?.selections ?? []) visit(one, sure);
  };
  for (const { selections } of sets) for (const one of selections) visit(one, true);
  const properties = Object.fromEntries(
    [...found].map(([key, { nodes }]) => {
      const name = nodes[0]!.name.value;
      const field = name === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : type.getFields()[name];
      const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      return [key, field ? schemaOfType(field.type, (of) => schemaOfSelections(document, of, inner)) : {}];
    }),
  );
  const required = [...found].filter(([, { isSure }]) => isSure).map(([key]) => key);
  return { type: 'object', properties, required, additionalProperties: false };
}
