const GARAY = Array.from({ length: 22 }, (_, i) => i);

/**
 * Pairs of letters of Unicode 16 that Athena's Java knows and the tables of DuckDB and of Spark's Java do not; found by
 * asking for every code point. The capital of each small letter has the same place.
 */
export const NEWER_SMALL = `ɤƛᲊꟍꟛ${GARAY.map((i) => String.fromCodePoint(0x10d70 + i)).join('')}`;
export const NEWER_CAPITAL = `ꟋꟜᲉꟌꟚ${GARAY.map((i) => String.fromCodePoint(0x10d50 + i)).join('')}`;
