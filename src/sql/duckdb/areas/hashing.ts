import { call, textOf } from '../../build.ts';
import { macro, refused } from '../rewriting.ts';
import type { Area, RewrittenCall } from './area.ts';

/** Binary values: their texts, and hashes of them. */
export const HASHING: Area = {
  macros: [
    `trino_md5(bytes) AS unhex(md5(bytes))`,
    `trino_sha1(bytes) AS unhex(sha1(bytes))`,
    `trino_sha256(bytes) AS unhex(sha256(bytes))`,
    `trino_to_hex(bytes) AS hex(bytes)`,
    // DuckDB puts a zero before an odd digit.
    `trino_from_hex(x) AS CASE WHEN regexp_full_match(x, '(?:[0-9A-Fa-f]{2})*') THEN unhex(x)
       WHEN x IS NOT NULL THEN error('A text that is no hex is read as hex.') END`,
    `trino_to_base64(bytes) AS base64(bytes)`,
    // Athena does without the signs that fill up.
    `trino_from_base64(x) AS CASE WHEN regexp_full_match(x, '(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?')
       THEN from_base64(rpad(x, CAST((length(x) + 3) // 4 * 4 AS INTEGER), '='))
       WHEN x IS NOT NULL THEN error('A text that is no base64 is read as base64.') END`,
    `trino_to_utf8(x) AS encode(x)`,
    // Stops at what is no UTF-8, where Athena puts a sign of its own.
    `trino_from_utf8(bytes) AS decode(bytes)`,
  ],
  kinds: {
    literal: ({ data }) =>
      data.literal_type === 'hex_string' ? call('unhex', textOf(String(data.value))) : undefined,
  },
  calls: {
    from_base64: ofText('trino_from_base64'),
    from_hex: ofText('trino_from_hex'),
    from_utf8: (given) =>
      given.args.length > 1
        ? refused(given.node, given.text, 'not every engine can put another sign in', 'write from_utf8(x)')
        : macro('trino_from_utf8')(given),
    md5: macro('trino_md5'),
    sha1: macro('trino_sha1'),
    sha256: macro('trino_sha256'),
    to_base64: macro('trino_to_base64'),
    to_hex: macro('trino_to_hex'),
    to_utf8: macro('trino_to_utf8'),
  },
};

/** Trino takes a binary value as well, which holds the text's bytes. */
function ofText(name: string) {
  return (given: RewrittenCall) =>
    given.argType(0) === 'varbinary'
      ? refused(given.node, given.text, 'a binary value is read as a text', 'write from_utf8(x) around it')
      : macro(name)(given);
}
