import type { Refusal } from './group.ts';

/** Families of Trino's functions that the lake leaves out, by how their names look. */
const FAMILIES: readonly (readonly [name: RegExp, ...Refusal])[] = [
  [
    /^(st_|geometr|bing_tile|great_circle|from_geojson|to_geojson|to_geometry|to_spherical|from_encoded_poly|to_encoded_poly|line_|spatial_|simplify_geometry|convex_hull)/,
    'geometries are no type of the lake',
    'keep longitude and latitude as doubles',
  ],
  [
    /^(qdigest_|tdigest_|value_at_quantile|values_at_quantiles|quantile_at_value|make_set_digest|merge_set_digest|hash_counts|jaccard_index|intersection_cardinality|empty_approx_set|merge$|approx_)/,
    'sketches differ from engine to engine',
    'write approx_distinct(x) or approx_percentile(x, 0.5)',
  ],
  [
    /^(bar|color|render|rgb|format_number|human_readable_seconds)$/,
    'it writes for a terminal',
    'format the number where it is shown',
  ],
  [
    /(_cdf|_pdf)$|^wilson_interval/,
    'no other engine has the distribution',
    'compute it where the result is read',
  ],
  [
    /^(cosine_|euclidean_|dot_product|hamming_)/,
    'vectors are compared in other digits by every engine',
    'write reduce(zip_with(a, b, (x, y) -> x * y), 0e0, (s, x) -> s + x, s -> s)',
  ],
  [
    /^(murmur3|spooky_hash|xxhash64|crc32|hmac_|from_big_endian|to_big_endian|from_ieee754|to_ieee754|checksum|from_base32|to_base32|from_base64url|to_base64url)/,
    'not every engine has this encoding or hash',
    'write to_hex(sha256(to_utf8(x)))',
  ],
  [
    /^(uuid|rand|random|shuffle)$/,
    'it gives another value every time',
    'filter by a hash of the key: mod(id, 10) = 0',
  ],
  [/_nanos$/, 'timestamps of the lake have milliseconds', 'leave _nanos out'],
  [
    /^(parse_(presto_)?data_size|parse_duration)$/,
    'no other engine reads such texts',
    'split the number from its unit',
  ],
  [/^(current_groups|exclude_columns|spatial_partitions)$/, 'it is for the inside of Trino', 'leave it out'],
];

/** Why a function of Trino's that the lake does not have is left out, and what to write; undefined where no family has it. */
export function familyOf(name: string): Refusal | undefined {
  const found = FAMILIES.find(([pattern]) => pattern.test(name));
  return found && [found[1], found[2]];
}
