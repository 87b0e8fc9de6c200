import type { FunctionGroup, Refusal } from './group.ts';

const OTHER_HASH: Refusal = ['DuckDB has no such hash', 'write sha256 or md5'];

/** Binary values, hashes of them, and addresses of the web. */
export const BINARY: FunctionGroup = {
  supported: `
    from_base64 from_hex from_utf8 md5 sha1 sha256 to_base64 to_hex to_utf8 url_decode url_encode
    url_extract_fragment url_extract_host url_extract_parameter url_extract_path url_extract_port
    url_extract_protocol url_extract_query
  `,
  notInSpark: `
    from_base64 from_hex from_utf8 md5 sha1 sha256 to_base64 to_hex to_utf8 url_decode url_encode
    url_extract_fragment url_extract_host url_extract_parameter url_extract_path url_extract_port
    url_extract_protocol url_extract_query
  `,
  refused: {
    crc32: OTHER_HASH,
    hmac_md5: OTHER_HASH,
    hmac_sha1: OTHER_HASH,
    hmac_sha256: OTHER_HASH,
    hmac_sha512: OTHER_HASH,
    murmur3: OTHER_HASH,
    sha512: OTHER_HASH,
    spooky_hash_v2_32: OTHER_HASH,
    spooky_hash_v2_64: OTHER_HASH,
    uuid: ['it is another one each time', 'make a key of what a row is: to_hex(md5(to_utf8(a || b)))'],
    xxhash64: OTHER_HASH,
  },
};
