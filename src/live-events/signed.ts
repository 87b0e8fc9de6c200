import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { LiveEventSignatureError, SigningKeysError } from './errors.ts';

/** Fetches the keys by their address. */
export type FetchKeys = () => Promise<unknown>;

/** A key that was fetched holds for so long: Canvas changes keys every month and names the next beforehand. */
const FRESH_MS = 24 * 3600_000;
/** After a key that nobody knows, so long is not asked again: else everybody could make the lake ask. */
const ASK_AGAIN_MS = 60_000;

/** The public keys of the sender by their ids. */
export class SigningKeys {
  readonly #fetch: FetchKeys;
  readonly #now: () => number;
  #keys = new Map<string, KeyObject>();
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<void> | undefined;

  constructor(fetch: FetchKeys, now: () => number) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /**
   * @returns undefined where the sender has no such key
   * @throws SigningKeysError where the keys cannot be fetched and the key is not known
   */
  async get(kid: string): Promise<KeyObject | undefined> {
    const known = this.#keys.get(kid);
    const isFresh = Math.abs(this.#now() - this.#fetchedAt) < FRESH_MS;
    if (known && isFresh) return known;
    if (Math.abs(this.#now() - this.#triedAt) >= ASK_AGAIN_MS || this.#fetching) {
      this.#fetching ??= this.#refresh().finally(() => {
        this.#fetching = undefined;
      });
      try {
        await this.#fetching;
      } catch (error) {
        // An old key serves while its owner cannot be asked.
        if (!known)
          throw new SigningKeysError('The keys by which live events are signed cannot be fetched.', {
            about: 'live events',
            cause: error,
            hint: 'See whether liveEvents.jwks in campus.yaml can be reached from here.',
          });
      }
    }
    return this.#keys.get(kid);
  }

  async #refresh(): Promise<void> {
    this.#triedAt = this.#now();
    const set = (await this.#fetch()) as { keys?: unknown };
    if (!Array.isArray(set?.keys)) throw new TypeError('no set of keys');
    const keys = new Map<string, KeyObject>();
    for (const jwk of set.keys as (JsonWebKey & { kid?: unknown })[]) {
      if (jwk?.kty !== 'RSA' || typeof jwk.kid !== 'string') continue;
      try {
        keys.set(jwk.kid, createPublicKey({ key: jwk, format: 'jwk' }));
      } catch {
        // One that cannot be used does not spoil the others.
      }
    }
    this.#keys = keys;
    this.#fetchedAt = this.#now();
  }
}

/**
 * The claims of a JWT (RFC 7519) signed with RS256, and with nothing else: what its header says decides about the key, never
 * about the algorithm.
 * @throws LiveEventSignatureError, SigningKeysError
 */
export async function verifiedClaims(token: string, keys: SigningKeys): Promise<unknown> {
  const [head, claims, signature, more] = token.split('.');
  if (!head || !claims || !signature || more !== undefined) throw refused('it is no signed token');
  const header = decoded(head) as { alg?: unknown; kid?: unknown; crit?: unknown };
  if (header?.alg !== 'RS256' || header.crit !== undefined) throw refused('it is not signed with RS256');
  if (typeof header.kid !== 'string') throw refused('it names no key');
  const key = await keys.get(header.kid);
  if (!key) throw refused('nobody knows its key');
  const signed = Buffer.from(`${head}.${claims}`);
  if (!verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url')))
    throw refused('it does not fit');
  return decoded(claims);
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    throw refused('it cannot be read');
  }
}

const refused = (why: string): LiveEventSignatureError =>
  new LiveEventSignatureError(`The signature of a live event is refused: ${why}.`, {
    about: 'live events',
    hint: 'Switch on "Signed Payloads" of the data stream in Canvas, or set `unsigned: true` where nobody else can send.',
  });
