import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** How much one request may ask for. */
export interface Limits {
  /** Levels of fields. */
  readonly depth: number;
  /** Root fields: each is one statement. */
  readonly roots: number;
  /** Fields in all, those of fragments as often as they are used. */
  readonly fields: number;
  /** Rows of one root field, with those within them. */
  readonly rows: number;
  /** How long a request takes at most, in milliseconds. */
  readonly timeoutMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  depth: 15,
  roots: 20,
  fields: 1000,
  rows: 100_000,
  timeoutMs: 30_000,
};

/** Characters of a request's text. A parser takes long for millions of them. */
export const MOST_CHARACTERS = 200_000;

interface Measure {
  readonly depth: number;
  readonly fields: number;
}

const NOTHING: Measure = { depth: 0, fields: 0 };

/** A rule that refuses a document that asks for more than the limits. */
export const limitsRule =
  (limits: Limits) =>
  (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(operation) {
      const fragments = fragmentsOf(context.getDocument());
      const { depth, fields } = measure(operation.selectionSet, fragments, new Map(), new Set());
      const roots = rootsOf(operation.selectionSet, fragments, new Set());
      const refuse = (what: string, most: number) =>
        context.reportError(
          new GraphQLError(`The request has more than ${most} ${what}.`, {
            nodes: [operation],
            extensions: { code: 'limit-exceeded', path: '$' },
          }),
        );
      if (depth > limits.depth) refuse('levels of fields', limits.depth);
      if (fields > limits.fields) refuse('fields', limits.fields);
      if (roots > limits.roots) refuse('root fields', limits.roots);
    },
  });

const fragmentsOf = ({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );

/** @param within fragments that are being measured: one in itself is another rule's to refuse */
function measure(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  known: Map<string, Measure>,
  within: ReadonlySet<string>,
): Measure {
  let depth = 0;
  let fields = 0;
  for (const selection of selections) {
    let inner = NOTHING;
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const name = selection.name.value;
      const fragment = fragments.get(name);
      if (fragment && !within.has(name)) {
        inner =
          known.get(name) ?? measure(fragment.selectionSet, fragments, known, new Set([...within, name]));
        known.set(name, inner);
      }
    } else if (selection.selectionSet) inner = measure(selection.selectionSet, fragments, known, within);
    // Introspection nests types of types, and reads no table.
    const isField = selection.kind === Kind.FIELD;
    const isOwn = isField && selection.name.value.startsWith('__');
    if (isOwn) continue;
    depth = Math.max(depth, inner.depth + (isField ? 1 : 0));
    fields += inner.fields + (isField ? 1 : 0);
  }
  return { depth, fields };
}

function rootsOf(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  within: ReadonlySet<string>,
): number {
  let roots = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) roots += 1;
    else if (selection.kind === Kind.INLINE_FRAGMENT)
      roots += rootsOf(selection.selectionSet, fragments, within);
    else {
      const name = selection.name.value;
      const fragment = fragments.get(name);
      if (fragment && !within.has(name))
        roots += rootsOf(fragment.selectionSet, fragments, new Set([...within, name]));
    }
  }
  return roots;
}
