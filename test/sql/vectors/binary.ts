import type { Vectors } from './vectors.ts';

const URLS = `(VALUES 'https://user:pw@Host.example.com:8080/p/a%20th;x?y=1&z=%41b&y=2&flag#fr%20ag', 'http://h', 'h/p?q', '',
  'mailto:a@b.c', 'http://a b/', 'HTTP://a_b.c/x', '//h/p', 'http://h?x=1', 'file:///tmp/x', 'http://h/%zz', 'http://h/a|b',
  '/x?a=b#c', 'http://h:/', 'http://h/?a==b&=c&a+b=1', 'ftp://h:21', '?x=1', 'http://', '//', 'a:', ':a', '1:a', 'a/b:c',
  'a:b', 'http:///x', 'http://1.2.3.4', 'http://1.2.3.400', 'http://1a/', 'http://a.1b/', 'http://a.b./', 'http://-a.b/',
  'http://h:8a', 'http://a..b', 'a?b?c#d', 'a#b#c', NULL, 'http://h/?z=%41b&%41=1&a=c+d', '#x', 'http:x?y=1', 'a:?b',
  'http://?x', 'http://h//p', '///p', ' http://h', 'http://@h/') AS t(u)`;

export const BINARY: Vectors = {
  answered: {
    'hashes as texts': `SELECT to_hex(md5(to_utf8(s))), to_hex(sha1(to_utf8(s))), lower(to_hex(sha256(to_utf8(s)))) FROM (VALUES 'a', '', 'é', NULL) AS t(s)`,
    'a key of several columns': `lower(to_hex(md5(to_utf8(CAST(1 AS varchar) || '-' || coalesce(CAST(NULL AS varchar), '')))))`,
    'hex and back': `SELECT to_hex(from_hex('aB0f')), to_hex(from_hex('')), to_hex(X'00ff'), from_hex(CAST(NULL AS varchar)) IS NULL`,
    'hex of an odd digit': `from_hex('ABC')`,
    'no hex': `from_hex('zz')`,
    'base64 and back': `SELECT to_base64(to_utf8(s)), from_utf8(from_base64(to_base64(to_utf8(s)))) FROM (VALUES 'a', 'ab', 'abc', '', 'é', NULL) AS t(s)`,
    'base64 without what fills it up': `SELECT from_utf8(from_base64('YQ')), from_utf8(from_base64('YWI'))`,
    'no base64': `from_base64('Y*==')`,
    'base64 with more after its end': `from_base64('YWI=YWI=')`,
    'bytes and texts': `SELECT from_utf8(X'C3A9'), from_utf8(X''), length(to_utf8('é')), from_utf8(CAST(NULL AS varbinary))`,
    'parts of addresses': `SELECT u, url_extract_protocol(u), url_extract_host(u), url_extract_port(u), url_extract_path(u), url_extract_query(u), url_extract_fragment(u) FROM ${URLS}`,
    'parameters of addresses': `SELECT u, url_extract_parameter(u, 'y'), url_extract_parameter(u, 'a'), url_extract_parameter(u, '%41'), url_extract_parameter(u, 'flag'), url_extract_parameter(u, NULL) FROM ${URLS}`,
    'signs of addresses': `SELECT url_encode('a b/é~*-_.+"'), url_encode(''), url_decode('a+b%20%C3%A9'), url_decode(''), url_decode(CAST(NULL AS varchar))`,
    'no sign of an address': `url_decode('%zz')`,
    'half a byte that is not needed': `SELECT X'123' AS a FROM (VALUES 1) AS t(x) WHERE x > 1`,
    'half a sign of an address': `url_decode('100%')`,
  },
  refused: {
    'another hash': `sha512(to_utf8('a'))`,
    'a sum of bytes': `crc32(to_utf8('a'))`,
    'an id of its own': 'uuid()',
    'a sign in place of others': `from_utf8(X'FF', '?')`,
  },
};
