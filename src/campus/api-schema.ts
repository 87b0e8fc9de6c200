import { z } from 'zod';
import { word } from './words.ts';

/** Signatures that anyone can check and only the issuer can make. A shared secret (HS256 …) would not be one. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** An address whose answer nobody on the way can change. */
export function isTrustworthy(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
}

const address = () =>
  z.string().refine(isTrustworthy, {
    error: 'an https address without user or password; http only on this machine (127.0.0.1, localhost)',
  });

/** `api.jwt`: whose signed tokens say who asks the data API. */
export const jwtSchema = z.strictObject({
  issuer: address().describe(
    'The issuer, exactly as its tokens name it (`iss`). Its keys are found through <issuer>/.well-known/openid-configuration',
  ),
  jwksUrl: address()
    .optional()
    .describe('Where its public keys are. Default: what its discovery document says'),
  audience: z
    .union([word(), z.array(word()).min(1)])
    .describe('Tokens count that are for one of these (`aud`)'),
  algorithms: z
    .array(z.enum(ALGORITHMS))
    .min(1)
    .default(['RS256'])
    .describe('Tokens count that are signed so, and no others'),
  claims: z
    .union([word(), z.array(word()).min(1)])
    .default('https://hasura.io/jwt/claims')
    .describe(
      'The claim in which x-hasura-allowed-roles and the others are; a list is a path into nested claims',
    ),
  leewaySeconds: z
    .number()
    .int()
    .min(0)
    .max(300)
    .default(30)
    .describe("By how much the issuer's clock may differ from this machine's"),
});

/** `api`: how programs ask the data API. */
export const apiSchema = z.strictObject({
  jwt: jwtSchema
    .optional()
    .describe('Signed tokens (JWT) of an OpenID Connect issuer. Default: none are taken'),
});

export type JwtConfig = z.output<typeof jwtSchema>;
