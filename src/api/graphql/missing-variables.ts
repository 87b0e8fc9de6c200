import { type DocumentNode, Kind, type OperationDefinitionNode, visit } from 'graphql';
import { ApiError } from '../errors.ts';

/**
 * A variable that a condition needs and the request does not give. GraphQL leaves such a comparison out, so that
 * `{status: {_eq: $status}}` would be true of every row; here it is refused, as null is.
 * @returns undefined where there is none
 */
export function missingInConditions(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>> | null | undefined,
): ApiError | undefined {
  const missing = new Set(
    (operation.variableDefinitions ?? [])
      .filter(({ defaultValue }) => defaultValue === undefined)
      .map(({ variable }) => variable.name.value)
      .filter((name) => given?.[name] === undefined),
  );
  if (missing.size === 0) return undefined;
  let found: string | undefined;
  visit(document, {
    OperationDefinition: (node) => (node === operation ? undefined : false),
    // An order without one of its terms shows the same rows.
    Argument: (node) => (node.name.value === 'order_by' ? false : undefined),
    ObjectField: ({ value }) => {
      if (value.kind === Kind.VARIABLE && missing.has(value.name.value)) found ??= value.name.value;
    },
  });
  return found === undefined
    ? undefined
    : new ApiError(
        'validation-failed',
        `The variable $${found} is not given, and a condition would fall away without it.`,
        `$.variables.${found}`,
      );
}
