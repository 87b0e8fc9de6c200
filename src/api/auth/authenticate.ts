import { timingSafeEqual } from 'node:crypto';
import { type Caller, callerOfHeaders } from '../caller.ts';
import { ApiError } from '../errors.ts';
import type { ReadToken } from './jwt.ts';

/** What a program can ask with. */
export interface Credentials {
  /** Of this server: who has it is believed about who asks. */
  readonly token: string;
  /** Default: signed tokens are not taken. */
  readonly readToken?: ReadToken;
}

/** The headers in which a program may give a secret. */
export const hasSecret = (headers: Headers): boolean =>
  headers.has('authorization') || headers.has('x-hasura-admin-secret');

const THREE_PARTS = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * Who asks, by the secret of a request. A wrong secret of one kind is not made good by a right one of the other.
 * @throws ApiError invalid-headers, invalid-jwt and others: see `tokenReader`
 */
export async function authenticate(headers: Headers, { token, readToken }: Credentials): Promise<Caller> {
  const bearer = /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  const given = headers.get('x-hasura-admin-secret') ?? bearer;
  if (given !== undefined && isSame(given, token)) return callerOfHeaders(headers);
  const isSigned = readToken !== undefined && given === bearer && bearer !== undefined;
  if (isSigned && THREE_PARTS.test(bearer)) return readToken(bearer, headers);
  throw new ApiError(
    'invalid-headers',
    isSigned
      ? 'What is given is neither the token of this server nor a signed one (JWT).'
      : 'The token is not the one of this server.',
  );
}

const isSame = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};
