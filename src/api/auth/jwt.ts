import { errors, jwtVerify } from 'jose';
import type { JwtConfig } from '../../campus/api-schema.ts';
import type { Caller } from '../caller.ts';
import { ApiError } from '../errors.ts';
import { callerOfClaims } from './claims.ts';
import { issuerKeys, type KeyTimes } from './issuer-keys.ts';

/** Who asks, by a signed token. */
export type ReadToken = (token: string, headers: Headers) => Promise<Caller>;

/**
 * Reads signed tokens of one issuer. Nothing in a token says how it is to be checked: the algorithms, the issuer, the
 * audience and where the keys are come from the configuration.
 * @throws ApiError invalid-jwt, jwks-unavailable, and as `callerOfClaims` does
 */
export function tokenReader(
  { issuer, jwksUrl, audience, algorithms, claims, leewaySeconds }: JwtConfig,
  { times, now = Date.now }: { readonly times?: KeyTimes; readonly now?: () => number } = {},
): ReadToken {
  const keys = issuerKeys({ issuer, ...(jwksUrl === undefined ? {} : { jwksUrl }) }, times);
  return async (token, headers) => {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms,
      clockTolerance: leewaySeconds,
      currentDate: new Date(now()),
      requiredClaims: ['exp', 'sub'],
    }).catch((error: unknown) => {
      throw refusedBecause(error);
    });
    return callerOfClaims(payload, claims, headers);
  };
}

/** As Hasura names what is wrong with a token; never with a word of the token. */
function refusedBecause(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const invalid = (why: string) => new ApiError('invalid-jwt', `Could not verify JWT: ${why}`);
  if (error instanceof errors.JWTExpired) return invalid('JWTExpired');
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iss') return invalid('JWTNotInIssuer');
    if (error.claim === 'aud') return invalid('JWTNotInAudience');
    if (error.claim === 'nbf') return invalid('JWTNotYetValid');
    return invalid(`the claim ${error.claim} is missing or wrong`);
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return invalid('its algorithm is not one of those configured');
  if (error instanceof errors.JWSSignatureVerificationFailed) return invalid('JWSInvalidSignature');
  if (error instanceof errors.JWKSNoMatchingKey) return invalid('it is signed by no key of the issuer');
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return invalid('it does not say by which key of the issuer it is signed (kid)');
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid)
    return invalid('it is no JWT');
  if (error instanceof errors.JOSENotSupported) return invalid('it has a part that is not supported');
  return new ApiError(
    'jwks-unavailable',
    'The keys of the issuer cannot be read: its tokens cannot be checked.',
  );
}
