/** The few pieces of Athena's SQL that are put together by hand. */

/** A quoted identifier. */
export const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text literal. */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Quoted identifiers, comma between. */
export const idents = (names: readonly string[]): string => names.map(ident).join(', ');

/** A table of the Glue catalog in a query. */
export const tableName = (place: { database: string; name: string }): string =>
  `${ident(place.database)}.${ident(place.name)}`;
