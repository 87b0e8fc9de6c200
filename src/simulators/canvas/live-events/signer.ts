import { generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';

/** Signs payloads as Canvas does: RS256, with one of three keys of which the middle one is in use. */
export class PayloadSigner {
  #keys: { readonly kid: string; readonly secret: KeyObject; readonly jwk: JsonWebKey }[] = [];
  #made = 0;

  readonly #bits: number;

  /** @param bits of its keys; fewer are made faster. Default: 2,048 */
  constructor(bits = 2048) {
    this.#bits = bits;
    for (let i = 0; i < 3; i += 1) this.#add();
  }

  /** The next key takes the place of the one in use, as every month. */
  rotate(): void {
    this.#keys.shift();
    this.#add();
  }

  /** The document of the keys. */
  jwks(): { keys: object[] } {
    return { keys: this.#keys.map(({ kid, jwk }) => ({ ...jwk, kid, alg: 'RS256', use: 'sig' })) };
  }

  sign(payload: unknown): string {
    const { kid, secret } = this.#keys[1]!;
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'RS256', typ: 'JWT', kid })}.${part(payload)}`;
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), secret).toString('base64url')}`;
  }

  #add(): void {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: this.#bits });
    this.#made += 1;
    this.#keys.push({
      kid: `key-${this.#made}`,
      secret: privateKey,
      jwk: publicKey.export({ format: 'jwk' }),
    });
  }
}
