import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

type Key = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

/** What a token says beside what every token of the issuer says. */
interface Wanted {
  /** Hasura's claims. */
  readonly hasura?: unknown;
  /** Where they stand. Default: where Hasura has them. */
  readonly at?: string;
  /** Instead of the issuer's own. */
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly key?: Key | Uint8Array;
}

export const AUDIENCE = 'campus-lake';
/** When the tests are. */
export const NOW = Date.parse('2026-10-09T11:00:00.000Z');

/** An OpenID Connect issuer on this machine, whose keys rotate. */
export async function openIssuer() {
  const keys = new Map<string, { key: Key; jwk: object }>();
  let current = '';
  const asked: string[] = [];
  let document: object | undefined;
  let isDown = false;
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const body = isDown
      ? undefined
      : request.url === '/.well-known/openid-configuration'
        ? (document ?? { issuer, jwks_uri: `${issuer}/keys` })
        : request.url === '/keys'
          ? { keys: [...keys.values()].map(({ jwk }) => jwk) }
          : undefined;
    response.writeHead(body ? 200 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  /** A new key; those of before go, where they are not kept. */
  const rotate = async (kid: string, { keep = true, jwk: more = {} } = {}) => {
    if (!keep) keys.clear();
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    keys.set(kid, { key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', ...more } });
    current = kid;
  };
  await rotate('first');
  return {
    issuer,
    /** The paths that were asked for. */
    asked,
    rotate,
    publicJwk: () => keys.get(current)!.jwk,
    describe: (said: object | undefined) => {
      document = said;
    },
    down: (is: boolean) => {
      isDown = is;
    },
    token: ({ hasura, at = 'https://hasura.io/jwt/claims', claims = {}, header = {}, key }: Wanted = {}) =>
      new SignJWT({
        iss: issuer,
        aud: AUDIENCE,
        sub: 'u-1',
        exp: NOW / 1000 + 60,
        [at]: hasura ?? {
          'X-Hasura-Allowed-Roles': ['adviser', 'student'],
          'x-hasura-default-role': 'adviser',
          'x-hasura-user-id': 'F1',
        },
        ...claims,
      })
        .setProtectedHeader({ alg: 'ES256', kid: current, ...header })
        .sign(key ?? keys.get(current)!.key),
    close: () => new Promise<void>((done) => server.close(() => done())),
  };
}

export type Issuer = Awaited<ReturnType<typeof openIssuer>>;
