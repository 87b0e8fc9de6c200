import type { DefinedColumn } from '../../../ports/tables.ts';
import {
  kindKey,
  PSEUDONYM_DIGITS,
  type PseudonymKeys,
  pseudonymPrefix,
  tokenPrefix,
} from '../../../privacy/pseudonym.ts';
import { text } from './sql-text.ts';

const BLOCK_BYTES = 64;

/** The text of an id of which a pseudonym is made; see `DefinedColumn.wholeId`. */
export const idExpression = (id: string, { wholeId }: Pick<DefinedColumn, 'wholeId'>): string =>
  wholeId ? `regexp_replace(${id}, '^(-?[0-9]+)[.]0+$', '\\1')` : id;

/**
 * An expression that gives the pseudonym of a text (see src/privacy/pseudonym.ts). DuckDB has no HMAC, so it is put
 * together from SHA-256 as RFC 2104 says; the inner and outer pads are computed here, so the key itself never
 * reaches the database.
 */
export function pseudonymExpression(id: string, kind: string, keys: PseudonymKeys): string {
  return `CASE WHEN ${id} IS NULL THEN NULL ELSE ${rekeyExpression(`lower(trim(${id}))`, kind, keys, 0)} END`;
}

/**
 * An expression that makes the token by all keys of one by the first of them.
 * @param made by how many keys the token has been made already
 */
export function rekeyExpression(token: string, kind: string, keys: PseudonymKeys, made: number): string {
  return keys.slice(made).reduce((before, key, i) => {
    const version = made + i + 1;
    const { inner, outer } = pads(kindKey(key, kind));
    const message = `encode(${text(pseudonymPrefix(kind, version))} || ${before})`;
    const digest = `sha256(unhex('${outer}') || unhex(sha256(unhex('${inner}') || ${message})))`;
    return `${text(tokenPrefix(version))} || left(${digest}, ${PSEUDONYM_DIGITS})`.replace(/^'' \|\| /, '');
  }, token);
}

function pads(key: Buffer): { inner: string; outer: string } {
  const block = Buffer.alloc(BLOCK_BYTES);
  key.copy(block);
  const pad = (byte: number) => Buffer.from(block.map((b) => b ^ byte)).toString('hex');
  return { inner: pad(0x36), outer: pad(0x5c) };
}
