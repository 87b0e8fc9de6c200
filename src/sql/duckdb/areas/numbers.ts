import { call } from '../../build.ts';
import { isNumber, type SqlType } from '../../types/sql-type.ts';
import { inType, macro } from '../rewriting.ts';
import type { Area, RewrittenCall } from './area.ts';

/** Numbers and what is computed of them. */
export const NUMBERS: Area = {
  macros: [
    // Whole numbers divide to whole numbers: by `//`, which does so in every session, whatever `/` means there. Trino
    // gives a decimal for decimals, of a scale that DuckDB cannot give: refused rather than rounded differently.
    `trino_divide(a, b) AS CASE
       WHEN typeof(a) LIKE 'DECIMAL%' AND typeof(b) NOT IN ('DOUBLE', 'FLOAT')
         OR typeof(b) LIKE 'DECIMAL%' AND typeof(a) NOT IN ('DOUBLE', 'FLOAT')
       THEN error('A decimal is divided: Athena rounds the result to few digits. Cast one side to double.')
       WHEN b = 0 THEN error('Division by zero. Write nullif(divisor, 0).')
       ELSE a // b END`,
    `trino_modulo(a, b) AS CASE WHEN b = 0 THEN error('Division by zero. Write nullif(divisor, 0).') ELSE a % b END`,
    `trino_bit_count(x, bits) AS CASE WHEN bits = 64 THEN CAST(bit_count(CAST(x AS BIGINT)) AS BIGINT)
       ELSE error('Write bit_count(x, 64).') END`,
    `trino_bitwise_and(a, b) AS CAST(a & b AS BIGINT)`,
    `trino_bitwise_or(a, b) AS CAST(a | b AS BIGINT)`,
    `trino_bitwise_xor(a, b) AS CAST(xor(a, b) AS BIGINT)`,
    `infinity() AS CAST('infinity' AS DOUBLE)`,
    `nan() AS CAST('nan' AS DOUBLE)`,
    `is_nan(x) AS isnan(x)`,
    `is_finite(x) AS isfinite(x)`,
    `is_infinite(x) AS isinf(x)`,
    `truncate(x) AS trunc(x)`,
  ],
  kinds: {
    div: ({ data }) => call('trino_divide', data.left, data.right),
    mod: ({ data }) => call('trino_modulo', data.left, data.right),
  },
  calls: {
    mod: macro('trino_modulo'),
    bit_count: macro('trino_bit_count'),
    bitwise_and: macro('trino_bitwise_and'),
    bitwise_or: macro('trino_bitwise_or'),
    bitwise_xor: macro('trino_bitwise_xor'),
    ceil: numeric,
    floor: numeric,
    grouping: numeric,
    round: numeric,
    sign: numeric,
    truncate: numeric,
  },
};

/** DuckDB gives these in another type than Trino. */
function numeric({ node, type }: RewrittenCall) {
  return isNumber(type) ? inType(node, type as SqlType) : undefined;
}
