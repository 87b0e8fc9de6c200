/** `"student"`, quotes doubled: a name that PostgreSQL takes as it is. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `'it''s'`: a text literal under standard_conforming_strings, which the readers set. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
