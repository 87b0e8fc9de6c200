import MiniSearch from 'minisearch';
import type { DictionaryEntry } from './dictionary-entries.ts';

/** An entry that was found, and why. */
export interface FoundEntry extends DictionaryEntry {
  readonly why?: string;
}

/** Entries of a dictionary, ready to be searched. */
export interface DictionaryIndex {
  /** The best first: names before words of descriptions. @param text nothing: the tables, by name */
  search(text: string, most: number): { readonly total: number; readonly entries: readonly FoundEntry[] };
}

const FIELDS = ['name', 'description', 'table', 'privacy', 'owner'];
const SAID: Readonly<Record<string, string>> = {
  name: 'name',
  description: 'description',
  table: 'table',
  privacy: 'privacy class',
  owner: 'owner',
};

/** Makes an index; in pieces, so that a server answers meanwhile. */
export async function indexDictionary(entries: readonly DictionaryEntry[]): Promise<DictionaryIndex> {
  const index = new MiniSearch<DictionaryEntry>({
    idField: 'id',
    fields: FIELDS,
    tokenize: (text) =>
      text
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u)
        .filter(Boolean),
    extractField: (entry, field) => {
      if (field === 'id') return idOf(entry);
      if (field === 'name') return entry.column ?? entry.table;
      return entry[field as keyof DictionaryEntry] ?? '';
    },
  });
  const byId = new Map(entries.map((entry) => [idOf(entry), entry]));
  await index.addAllAsync([...byId.values()], { chunkSize: 500 });
  const tables = entries
    .filter(({ column }) => column === undefined)
    .sort((a, b) => (a.table < b.table ? -1 : 1));
  return {
    search(text, most) {
      if (text.trim() === '') return { total: tables.length, entries: tables.slice(0, most) };
      const exact = text.trim().toLowerCase();
      const found = index.search(text, {
        prefix: true,
        fuzzy: (term) => (term.length > 4 ? 0.2 : false),
        combineWith: 'AND',
        boost: { name: 4, table: 2 },
        boostDocument: (id) => {
          const entry = byId.get(id as string);
          return entry && (entry.column ?? entry.table).toLowerCase() === exact ? 10 : 1;
        },
      });
      return {
        total: found.length,
        entries: found
          .slice(0, most)
          .map(({ id, match }) => ({ ...byId.get(id as string)!, why: whyOf(match) })),
      };
    },
  };
}

const idOf = ({ table, column }: DictionaryEntry): string =>
  column === undefined ? table : `${table}.${column}`;

/** Which words matched where: `email in the name, address in the description`. */
const whyOf = (match: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(match)
    .map(([word, fields]) => `${word} in the ${SAID[fields[0]!] ?? fields[0]}`)
    .join(', ');
