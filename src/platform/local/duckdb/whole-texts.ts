import values from '@duckdb/node-api/lib/vectors/dataAccessors.js';

/**
 * Has DuckDB's client give texts as they are. It decodes them by a decoder of its own, which takes U+FEFF at the
 * beginning of a text for a mark of the encoding and drops it: the text that is shown is then another one than that
 * which is counted, compared and joined.
 */
export function keepByteOrderMarks(): void {
  Object.assign(values, { textDecoder: new TextDecoder('utf-8', { ignoreBOM: true }) });
}
