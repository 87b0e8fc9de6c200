import {
  type ASTNode,
  type ASTVisitor,
  FieldsOnCorrectTypeRule,
  GraphQLError,
  Kind,
  specifiedRules,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/** That a field is in its type, said as Hasura says it. Nothing is suggested. */
export function fieldsOnTypeRule(context: ValidationContext): ASTVisitor {
  return {
    Field(node, _key, _parent, _path, ancestors) {
      const type = context.getParentType();
      if (!type || context.getFieldDef()) return;
      const above = (ancestors as readonly (ASTNode | readonly ASTNode[])[]).flatMap((one) =>
        'kind' in one && one.kind === Kind.FIELD ? [one.name.value] : [],
      );
      const path = ['$', ...[...above, node.name.value].map((name) => `selectionSet.${name}`)].join('.');
      context.reportError(
        new GraphQLError(`field '${node.name.value}' not found in type: '${type.name}'`, {
          nodes: node,
          extensions: { path, code: 'validation-failed' },
        }),
      );
    },
  };
}

/** GraphQL's own rules, with this one in place of theirs. */
export const RULES: readonly ValidationRule[] = [
  ...specifiedRules.filter((rule) => rule !== FieldsOnCorrectTypeRule),
  fieldsOnTypeRule,
];
