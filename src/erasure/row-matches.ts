import type { DatasetLinks } from './links.ts';

/** A row of a person: its key, where all of it is there, and the numbers in the columns that say whose it is. */
export interface RowMatch {
  readonly key?: readonly string[];
  readonly owners: readonly { readonly kind: string; readonly text: string }[];
}

export type RowMatches = readonly RowMatch[];

/** What was asked of matching rows (`wanted` of their rules), by what it is. */
export function rowMatches(
  { dataset, links }: DatasetLinks,
  found: readonly (readonly (string | null)[])[],
): RowMatches {
  const owners = links.filter(({ role }) => role === 'owner');
  return found.map((texts) => {
    const key = texts.slice(0, dataset.key.length).filter((text) => text !== null);
    const own = owners.flatMap(({ kind }, i) => {
      const text = texts[dataset.key.length + i];
      return text === null || text === undefined ? [] : [{ kind, text }];
    });
    return { ...(key.length === dataset.key.length && key.length > 0 ? { key } : {}), owners: own };
  });
}
