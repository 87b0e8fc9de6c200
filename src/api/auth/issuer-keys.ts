import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { isTrustworthy, type JwtConfig } from '../../campus/api-schema.ts';
import { ApiError } from '../errors.ts';

/** How keys are kept. */
export interface KeyTimes {
  /** So long keys count without being read again: a key that the issuer has withdrawn ends after it. */
  readonly maxAgeMs: number;
  /** A token of an unknown key makes the keys be read again, at most so often. */
  readonly cooldownMs: number;
  readonly timeoutMs: number;
}

export const KEY_TIMES: KeyTimes = { maxAgeMs: 600_000, cooldownMs: 30_000, timeoutMs: 5_000 };

/** Source: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
const discoverySchema = z.looseObject({ issuer: z.string(), jwks_uri: z.string().refine(isTrustworthy) });

/**
 * The public keys of an issuer, kept and read again as it rotates them.
 * @returns a lookup that throws ApiError jwks-unavailable where they cannot be read
 */
export function issuerKeys(
  { issuer, jwksUrl }: Pick<JwtConfig, 'issuer' | 'jwksUrl'>,
  { maxAgeMs, cooldownMs, timeoutMs }: KeyTimes = KEY_TIMES,
): JWTVerifyGetKey {
  const keysAt = (url: string) =>
    createRemoteJWKSet(new URL(url), {
      cacheMaxAge: maxAgeMs,
      cooldownDuration: cooldownMs,
      timeoutDuration: timeoutMs,
    });
  let keys = jwksUrl === undefined ? undefined : Promise.resolve(keysAt(jwksUrl));
  return async (header, token) => {
    keys ??= discover(issuer, timeoutMs).then(keysAt);
    const making = keys;
    try {
      return await (await making)(header, token);
    } catch (error) {
      if (error instanceof ApiError && keys === making) keys = undefined;
      throw error;
    }
  };
}

async function discover(issuer: string, timeoutMs: number): Promise<string> {
  const unreadable = (why: string) =>
    new ApiError(
      'jwks-unavailable',
      `The discovery document of ${issuer} ${why}: its tokens cannot be checked.`,
    );
  let body: unknown;
  try {
    const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    body = response.ok ? await response.json() : undefined;
  } catch {
    throw unreadable('cannot be read');
  }
  const { success, data } = discoverySchema.safeParse(body);
  if (!success) throw unreadable('has no issuer and jwks_uri (https)');
  if (data.issuer !== issuer) throw unreadable('is of another issuer');
  return data.jwks_uri;
}
