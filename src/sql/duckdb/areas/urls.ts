import { macro } from '../rewriting.ts';
import type { Area } from './area.ts';

/**
 * The grammar of java.net.URI, by which Athena takes addresses apart: RFC 2396 with what Java changed. Letters beyond
 * ASCII and brackets, which it takes in places, stop the statement.
 */
const PLAIN = "A-Za-z0-9_!.~''()*";
const ESCAPED = '%[0-9A-Fa-f]{2}';
const some = (signs: string): string => `(?:[${PLAIN}${signs}-]|${ESCAPED})`;
const SCHEME = '[A-Za-z][A-Za-z0-9+.-]*';
const AUTHORITY = some('$,;:@&=+');
const SEGMENT = some('@&=+$,;');
const PATH = some(':@&=+$,;/');
const ANY = some(';/?:@&=+$,');
const NUMBER = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const HOST = `(?:${NUMBER}\\.){3}${NUMBER}|(?:${LABEL}\\.)+[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?\\.?|${LABEL}\\.?`;
/** Groups: 1 scheme, 2 authority, 3 path, 4 query, 5 fragment; a path of an address without `/` is none. */
const ADDRESS = `(?:(${SCHEME}):)?(?://(${AUTHORITY}*))?(/${PATH}*)?(?:\\?(${ANY}*))?(?:#(${ANY}*))?`;
const RELATIVE = `()()(${SEGMENT}+(?:/${PATH}*)?)?(?:\\?(${ANY}*))?(?:#(${ANY}*))?`;
const OPAQUE = `(${SCHEME}):()()()${some(';?:@&=+$,')}${ANY}*(?:#(${ANY}*))?`;
/** Nothing follows where something must. */
const UNFINISHED = `(?:${SCHEME}:)?//(?:#.*)?|${SCHEME}:(?:#.*)?`;

const part = (name: string, group: number): string =>
  `trino_url_${name}(x) AS CASE WHEN trino_is_url(x) THEN url_decode(trino_url_part(x, ${group})) END`;

/** Addresses of the web. */
export const URLS: Area = {
  macros: [
    `trino_is_url(x) AS CASE
       WHEN regexp_matches(x, '[^\\x00-\\x7f]|[\\[\\]]') THEN error('An address holds letters beyond ASCII or brackets, which only Athena takes apart.')
       WHEN x = '' THEN true
       WHEN regexp_full_match(x, '${UNFINISHED}') THEN false
       ELSE regexp_full_match(x, '${ADDRESS}|${RELATIVE}|${OPAQUE}') END`,
    `trino_url_part(x, n) AS CASE WHEN regexp_full_match(x, '${OPAQUE}') THEN regexp_extract(x, '^(?:${OPAQUE})$', n)
       WHEN regexp_full_match(x, '${ADDRESS}') THEN regexp_extract(x, '^(?:${ADDRESS})$', n)
       ELSE regexp_extract(x, '^(?:${RELATIVE})$', n) END`,
    `trino_url_authority(x) AS trino_url_part(x, 2)`,
    `trino_url_extract_protocol(x) AS CASE WHEN trino_is_url(x) THEN trino_url_part(x, 1) END`,
    part('extract_path', 3),
    part('extract_query', 4),
    part('extract_fragment', 5),
    `trino_url_extract_host(x) AS CASE WHEN trino_is_url(x)
       THEN regexp_extract(trino_url_authority(x), '^(?:${some(';:&=+$,')}*@)?(${HOST})(?::[0-9]{0,9})?$', 1) END`,
    `trino_url_extract_port(x) AS CASE WHEN trino_is_url(x)
       THEN CAST(nullif(regexp_extract(trino_url_authority(x), '^(?:${some(';:&=+$,')}*@)?(?:${HOST}):([0-9]{0,9})$', 1), '') AS BIGINT) END`,
    `trino_url_extract_parameter(x, name) AS CASE WHEN trino_is_url(x) AND name IS NOT NULL
       THEN trino_url_value(list_filter(string_split(trino_url_part(x, 4), '&'),
         lambda pair: string_split(pair, '=')[1] = name AND pair <> '')[1]) END`,
    `trino_url_value(pair) AS CASE WHEN contains(pair, '=') THEN trino_url_decode(substr(pair, strpos(pair, '=') + 1))
       WHEN pair IS NOT NULL THEN '' END`,
    `trino_url_encode(x) AS replace(replace(replace(url_encode(x), '%20', '+'), '%2A', '*'), '~', '%7E')`,
    `trino_url_decode(x) AS CASE WHEN regexp_matches(x, '%(?:[^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)')
       THEN error('An address has a % without two hex digits after it.') ELSE url_decode(replace(x, '+', ' ')) END`,
  ],
  calls: {
    url_decode: macro('trino_url_decode'),
    url_encode: macro('trino_url_encode'),
    url_extract_fragment: macro('trino_url_extract_fragment'),
    url_extract_host: macro('trino_url_extract_host'),
    url_extract_parameter: macro('trino_url_extract_parameter'),
    url_extract_path: macro('trino_url_extract_path'),
    url_extract_port: macro('trino_url_extract_port'),
    url_extract_protocol: macro('trino_url_extract_protocol'),
    url_extract_query: macro('trino_url_extract_query'),
  },
};
