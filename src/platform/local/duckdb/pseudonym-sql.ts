import { createHmac, hkdfSync } from 'node:crypto';

const BLOCK_BYTES = 64;

/**
 * An expression that gives the pseudonym of a text: HMAC-SHA-256 under a key of its own for each kind, the first
 * 128 bits in hexadecimal. DuckDB has no HMAC, so it is put together from SHA-256 as RFC 2104 says; the inner and
 * outer pads are computed here, so the key itself never reaches the database.
 *
 * The id is trimmed and lower-cased first, so that one person written in two ways stays one.
 */
export function pseudonymExpression(id: string, kind: string, key: Buffer): string {
  const { inner, outer } = pads(kindKey(key, kind));
  const message = `encode(${sqlText(prefix(kind))} || lower(trim(${id})))`;
  const digest = `sha256(unhex('${outer}') || unhex(sha256(unhex('${inner}') || ${message})))`;
  return `CASE WHEN ${id} IS NULL THEN NULL ELSE left(${digest}, 32) END`;
}

/** The same pseudonym computed here: for tests and for looking one person up. */
export function pseudonymOf(id: string, kind: string, key: Buffer): string {
  return createHmac('sha256', kindKey(key, kind))
    .update(prefix(kind) + id.trim().toLowerCase())
    .digest('hex')
    .slice(0, 32);
}

/** `v1` names the recipe, so that another can follow; the kind says whose id it is, wherever it turns up. */
const prefix = (kind: string) => `v1|${kind}|campus|`;

const sqlText = (value: string) => `'${value.replaceAll("'", "''")}'`;

function kindKey(key: Buffer, kind: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `campus-lake pseudonym v1 ${kind}`, 32));
}

function pads(key: Buffer): { inner: string; outer: string } {
  const block = Buffer.alloc(BLOCK_BYTES);
  key.copy(block);
  const pad = (byte: number) => Buffer.from(block.map((b) => b ^ byte)).toString('hex');
  return { inner: pad(0x36), outer: pad(0x5c) };
}
