import type { Stack } from 'aws-cdk-lib';

const glue = (stack: Stack, resource: string, resourceName?: string) =>
  stack.formatArn({ service: 'glue', resource, resourceName });

/** Glue asks for the right to the catalog, the database and the table, for every call. */
export const databaseArns = (stack: Stack, names: readonly string[]): string[] => [
  glue(stack, 'catalog'),
  ...names.map((name) => glue(stack, 'database', name)),
];

export const tableArns = (stack: Stack, names: readonly string[]): string[] =>
  names.map((name) => glue(stack, 'table', `${name}/*`));

/** Athena asks Glue for the database `default` of the account: https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html */
export const DEFAULT_DATABASE = 'default';
