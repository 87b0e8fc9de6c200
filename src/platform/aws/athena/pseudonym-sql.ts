import type { DefinedColumn } from '../../../ports/tables.ts';
import { PSEUDONYM_DIGITS, pseudonymPrefix, tokenPrefix } from '../../../privacy/pseudonym.ts';
import { text } from './sql-text.ts';

/** The one-row relation of keys in a statement that makes pseudonyms. */
export const KEYS = 'pseudonym_keys';

/** The column of `KEYS` that holds the key of a kind, in hexadecimal, of one version of the campus's key. */
export const keyColumn = (kind: string, version: number): string =>
  `k${version}_${kind.toLowerCase().replaceAll(/[^a-z0-9]/g, '_')}`;

/** The text of an id of which a pseudonym is made; see `DefinedColumn.wholeId`. */
export const idExpression = (id: string, { wholeId }: Pick<DefinedColumn, 'wholeId'>): string =>
  wholeId ? `regexp_replace(${id}, '^(-?[0-9]+)[.]0+$', '$1')` : id;

/**
 * An expression that gives the pseudonym of a text (see src/privacy/pseudonym.ts). The keys come from a relation:
 * Athena keeps the text of every statement, and a secret must not be in it.
 * @param keys how many keys the campus has
 */
export function pseudonymExpression(id: string, kind: string, keys: number): string {
  return rekeyExpression(`lower(regexp_replace(${id}, '^\\p{Zs}+|\\p{Zs}+$', ''))`, kind, keys, 0);
}

/**
 * An expression that makes the token by all keys of one by the first of them.
 * @param keys how many keys the campus has
 * @param made by how many of them the token has been made already
 */
export function rekeyExpression(token: string, kind: string, keys: number, made: number): string {
  let pseudonym = token;
  for (let version = made + 1; version <= keys; version++) {
    const message = `to_utf8(${text(pseudonymPrefix(kind, version))} || ${pseudonym})`;
    const digest = `hmac_sha256(${message}, from_hex(${KEYS}.${keyColumn(kind, version)}))`;
    const prefix = version === 1 ? '' : `${text(tokenPrefix(version))} || `;
    pseudonym = `${prefix}substr(lower(to_hex(${digest})), 1, ${PSEUDONYM_DIGITS})`;
  }
  return pseudonym;
}
