import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { authenticationError, loginRefused } from './api-errors.ts';
import { type Call, header } from './call.ts';

/** A client's id and secret, as the identity service hands them out; the id carries its region before a `#`. */
export interface Client {
  readonly id: string;
  readonly secret: string;
}

/** Hands out access tokens (JWT, HS256) for the right client id and secret, and checks them. */
export class Tokens {
  readonly #client: Client;
  readonly #now: () => number;
  readonly #lifetimeSeconds: number;
  readonly #key = randomBytes(32);

  constructor(client: Client, now: () => number, lifetimeSeconds: number) {
    this.#client = client;
    this.#now = now;
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  /** @throws ApiError 400 for a malformed request, 403 for wrong credentials */
  login(call: Call, lifetimeSeconds = this.#lifetimeSeconds) {
    const form = new URLSearchParams(call.body);
    if (!header(call, 'content-type')?.startsWith('application/x-www-form-urlencoded')) {
      throw loginRefused(400, 'The body must be form-encoded.');
    }
    if (form.get('grant_type') !== 'client_credentials') {
      throw loginRefused(400, 'grant_type must be client_credentials.');
    }
    const given = header(call, 'authorization') ?? '';
    const wanted = `Basic ${Buffer.from(`${this.#client.id}:${this.#client.secret}`).toString('base64')}`;
    if (!same(given, wanted)) throw loginRefused(403, 'Missing or invalid client credentials.');
    return {
      access_token: this.issue(lifetimeSeconds),
      expires_in: lifetimeSeconds,
      scope: 'dap:default',
      token_type: 'Bearer',
    };
  }

  /** A token that ends after the given seconds. */
  issue(lifetimeSeconds: number): string {
    const now = Math.floor(this.#now() / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      sub: this.#client.id,
      iat: now,
      exp: now + lifetimeSeconds,
      jti: randomBytes(9).toString('hex'),
    };
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    return `${signed}.${this.#sign(signed)}`;
  }

  /**
   * Checks the token in `Authorization`, or in the old header `x-instauth` where the former is missing.
   * @throws ApiError 401
   */
  check(call: Call): void {
    const authorization = header(call, 'authorization');
    const token = authorization?.replace(/^Bearer /i, '') ?? header(call, 'x-instauth');
    const [head, claims, signature] = token?.split('.') ?? [];
    if (!head || !claims || !signature || !same(signature, this.#sign(`${head}.${claims}`))) {
      throw authenticationError();
    }
    const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number };
    if (exp * 1000 <= this.#now()) throw authenticationError('The access token has expired.');
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
