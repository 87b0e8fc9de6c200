/** One change as PostgreSQL's test_decoding tells it, the plugin through which DMS reads the log. */
export interface LoggedChange {
  readonly op: 'I' | 'U' | 'D';
  readonly schema: string;
  readonly table: string;
  /** By column, PostgreSQL's own text; of a removal the key alone. */
  readonly values: ReadonlyMap<string, string | null>;
}

const LINE = /^table ([^.]+)\.([^:]+): (INSERT|UPDATE|DELETE): (.*)$/s;
const VALUE = /("[^"]+"|\w+)\[[^\]]+(?:\[\])?\]:('(?:[^']|'')*'|[^\s']\S*)/gs;

/**
 * @param line one row of `pg_logical_slot_get_changes`
 * @returns undefined for what is no change of a row
 */
export function parseChange(line: string): LoggedChange | undefined {
  const parts = LINE.exec(line);
  if (!parts) return undefined;
  const [, schema, table, what, rest] = parts as unknown as string[];
  // Like DMS, which tells of a row by its new key only.
  const tuple = rest!.split('new-tuple: ').at(-1)!;
  const values = new Map<string, string | null>();
  for (const [, name, text] of tuple.matchAll(VALUE)) {
    const value = text!.startsWith("'") ? text!.slice(1, -1).replaceAll("''", "'") : text!;
    values.set(unquoted(name!), text === 'null' ? null : value);
  }
  return { op: what![0] as LoggedChange['op'], schema: unquoted(schema!), table: unquoted(table!), values };
}

const unquoted = (name: string): string => name.replace(/^"(.*)"$/, '$1');
