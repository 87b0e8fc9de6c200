/** What of a table decides whether it can be copied. */
export interface NamedTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string }[];
}

/**
 * Why a table cannot come into the lake because of how it is made; undefined for any that can. Readers of Parquet know
 * columns whatever their case, and a table lies in a folder of its name.
 */
export function whyUnfit({ schema, name, columns }: NamedTable): string | undefined {
  if (columns.length === 0) return 'it has no columns';
  const seen = new Map<string, string>();
  for (const column of columns) {
    const folded = column.name.toLowerCase();
    const other = seen.get(folded);
    if (other !== undefined) return `its columns "${other}" and "${column.name}" differ in case only`;
    seen.set(folded, column.name);
  }
  const isFolder = [...schema.split('/'), ...name.split('/')].every(
    (part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\\'),
  );
  return isFolder ? undefined : 'its name cannot be that of a folder: \\, . or .. is in it';
}
