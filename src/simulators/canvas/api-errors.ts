import { randomUUID } from 'node:crypto';
import type { Json } from '../../json.ts';
import { type Answer, jsonAnswer, textAnswer } from './answer.ts';

/**
 * An answer that ends a request early. The shapes are those of the platform's OpenAPI document (1.0.0) and of the
 * error classes in its official client.
 */
export class ApiError extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`HTTP ${answer.status}`);
    this.answer = answer;
  }
}

type Fields = { readonly [field: string]: Json };

/** The body of an error: `type`, `uuid`, `message`, then what its kind adds. */
export function errorBody(type: string, message: string, more: Fields = {}): { error: Fields } {
  return { error: { type, uuid: randomUUID(), message, ...more } };
}

function failure(status: number, type: string, message: string, more: Fields = {}): ApiError {
  return new ApiError(jsonAnswer(status, errorBody(type, message, more)));
}

/** 400: the request's JSON is malformed or does not fit. Positions count from 1. */
export function validationError(message: string, text = '', at = 0): ApiError {
  const before = text.slice(0, at).split('\n');
  const location = { line: before.length, column: (before.at(-1) ?? '').length + 1, character: at + 1 };
  return failure(400, 'ValidationError', message, { location });
}

/** 400: the asked range starts before, or ends after, what the platform can answer. */
export function outOfRange(since: string, until?: string): ApiError {
  const range: Fields = until === undefined ? { since } : { since, until };
  return failure(400, 'OutOfRangeError', 'The requested time range is outside of the permitted one.', range);
}

/** 400: the table was reloaded after the asked `since`. */
export function snapshotRequired(since: string): ApiError {
  const message = 'The table was reloaded recently; a new snapshot is required.';
  return failure(400, 'SnapshotRequiredError', message, { since });
}

export function authenticationError(message = 'Missing or invalid access token.'): ApiError {
  return failure(401, 'AuthenticationError', message);
}

export type ForbiddenKind =
  | 'AccountNotOnboarded'
  | 'AccountDisabled'
  | 'AccountUnderMaintenance'
  | 'RequestTypeForbidden';

export function forbidden(type: ForbiddenKind, message: string): ApiError {
  return failure(403, type, message);
}

/** 403: no User-Agent. Its `error` is a string, unlike everywhere else. */
export function userAgentRequired(): ApiError {
  const message = 'Requests must be sent with a valid user agent header.';
  return new ApiError(jsonAnswer(403, { error: 'Forbidden', message }));
}

export function loginRefused(status: 400 | 403, message: string): ApiError {
  return failure(status, status === 400 ? 'BadRequest' : 'Forbidden', message);
}

export function notFound(kind: 'namespace' | 'table' | 'job' | 'object' | 'path', id: string): ApiError {
  return failure(404, 'ObjectNotFound', `There is no such ${kind}, or it has expired.`, { id, kind });
}

/** 429 comes from the gateway in front of the API, and has the gateway's own shape. */
export function tooManyRequests(retryAfterSeconds?: number): ApiError {
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return new ApiError(jsonAnswer(429, { message: 'API rate limit exceeded' }, headers));
}

export function processingError(message: string): ApiError {
  return failure(500, 'ProcessingError', message);
}

/** 504: a message and nothing else. */
export function gatewayTimeout(): ApiError {
  return new ApiError(jsonAnswer(504, { error: { message: 'Endpoint request timed out' } }));
}

/** An error of the file store behind the signed URLs, which speaks XML. */
export function storeError(status: number, code: string, message: string): ApiError {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return new ApiError(textAnswer(status, 'application/xml', xml));
}
