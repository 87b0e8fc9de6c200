import { LakeError } from '../errors.ts';

/** Codes of errors of the API, as Hasura names them. */
export type ApiErrorCode =
  | 'validation-failed'
  | 'not-found'
  | 'access-denied'
  | 'invalid-headers'
  | 'invalid-jwt'
  | 'jwt-invalid-claims'
  | 'jwt-missing-role-claims'
  | 'jwks-unavailable'
  | 'bad-request'
  | 'permission-error'
  | 'not-supported'
  | 'limit-exceeded'
  | 'timeout'
  | 'unhealthy'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'unexpected';

/** A request that the data API does not answer. */
export class ApiError extends LakeError {
  override readonly exitCode: number = 2;
  readonly apiCode: ApiErrorCode;
  /** Where in the request, in Hasura's manner: `$.selectionSet.students.args.where`. */
  readonly path: string;

  constructor(apiCode: ApiErrorCode, message: string, path = '$', hint?: string) {
    super(message, { hint });
    this.apiCode = apiCode;
    this.path = path;
  }

  static invalid(message: string, path = '$'): ApiError {
    return new ApiError('validation-failed', message, path);
  }
}
