import { GraphQLError } from 'graphql';
import { LakeError } from '../../errors.ts';
import { failureOf } from '../../failure.ts';
import { ApiError } from '../errors.ts';

/**
 * An error as Hasura answers it: a message, a code, and where in the request. What is none of the lake's own errors
 * says only that it happened.
 */
export function answeredError(error: Error | GraphQLError): GraphQLError {
  const wrapped = error instanceof GraphQLError ? error : undefined;
  const original = wrapped ? wrapped.originalError : error;
  // A variable that does not fit its type is an error of GraphQL within another.
  const cause = original instanceof GraphQLError ? undefined : original;
  const made = (message: string, code: string, path = '$') =>
    new GraphQLError(message, {
      nodes: wrapped?.nodes,
      path: wrapped?.path,
      extensions: { path, code },
    });
  if (cause instanceof ApiError) return made(cause.message, cause.apiCode, cause.path);
  if (cause instanceof LakeError && cause.exitCode === 2)
    return made(failureOf(cause).message, 'bad-request');
  if (cause) return made(cause instanceof LakeError ? cause.message : 'The request failed.', 'unexpected');
  return made(
    // Hasura suggests nothing, and neither does this: what is not seen and what there is not are answered alike.
    error.message.replace(/ Did you mean [^?]*\?$/, ''),
    String(wrapped?.extensions.code ?? 'validation-failed'),
    String(wrapped?.extensions.path ?? '$'),
  );
}
