import { kindKey, PSEUDONYM_DIGITS, pseudonymPrefix } from '../../../privacy/pseudonym.ts';
import { text } from './sql-text.ts';

const BLOCK_BYTES = 64;

/**
 * An expression that gives the pseudonym of a text (see src/privacy/pseudonym.ts). DuckDB has no HMAC, so it is put
 * together from SHA-256 as RFC 2104 says; the inner and outer pads are computed here, so the key itself never
 * reaches the database.
 */
export function pseudonymExpression(id: string, kind: string, key: Buffer): string {
  const { inner, outer } = pads(kindKey(key, kind));
  const message = `encode(${text(pseudonymPrefix(kind))} || lower(trim(${id})))`;
  const digest = `sha256(unhex('${outer}') || unhex(sha256(unhex('${inner}') || ${message})))`;
  return `CASE WHEN ${id} IS NULL THEN NULL ELSE left(${digest}, ${PSEUDONYM_DIGITS}) END`;
}

function pads(key: Buffer): { inner: string; outer: string } {
  const block = Buffer.alloc(BLOCK_BYTES);
  key.copy(block);
  const pad = (byte: number) => Buffer.from(block.map((b) => b ^ byte)).toString('hex');
  return { inner: pad(0x36), outer: pad(0x5c) };
}
