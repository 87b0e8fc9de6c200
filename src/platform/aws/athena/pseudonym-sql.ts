import { PSEUDONYM_DIGITS, pseudonymPrefix } from '../../../privacy/pseudonym.ts';
import { text } from './sql-text.ts';

/** The one-row relation of keys in a statement that makes pseudonyms. */
export const KEYS = 'pseudonym_keys';

/** The column of `KEYS` that holds the key of a kind, in hexadecimal. */
export const keyColumn = (kind: string): string => `k_${kind.toLowerCase().replaceAll(/[^a-z0-9]/g, '_')}`;

/**
 * An expression that gives the pseudonym of a text (see src/privacy/pseudonym.ts). The key comes from a relation:
 * Athena keeps the text of every statement, and a secret must not be in it.
 */
export function pseudonymExpression(id: string, kind: string): string {
  const small = `lower(regexp_replace(${id}, '^\\p{Zs}+|\\p{Zs}+$', ''))`;
  const digest = `hmac_sha256(to_utf8(${text(pseudonymPrefix(kind))} || ${small}), from_hex(${KEYS}.${keyColumn(kind)}))`;
  return `substr(lower(to_hex(${digest})), 1, ${PSEUDONYM_DIGITS})`;
}
