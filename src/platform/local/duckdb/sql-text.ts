/** The few pieces of SQL text that are put together by hand; everything else is parsed or bound. */

/** A quoted identifier. */
export const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text literal. */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** A list literal of texts. */
export const textList = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;

/** Quoted identifiers, comma between. */
export const idents = (names: readonly string[]): string => names.map(ident).join(', ');
