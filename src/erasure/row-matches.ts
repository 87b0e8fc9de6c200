import { idText } from '../campus/lake-type.ts';
import type { DatasetLinks } from './links.ts';
import { keyTypes } from './rules.ts';

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
  const types = keyTypes(dataset);
  return found.map((texts) => {
    const key = types.flatMap((type, i) => {
      const text = texts[i];
      return text === null || text === undefined ? [] : [idText(text, type)];
    });
    const own = owners.flatMap(({ kind, column }, i) => {
      const text = texts[types.length + i];
      return text === null || text === undefined ? [] : [{ kind, text: idText(text, column.type) }];
    });
    return { ...(key.length === dataset.key.length && key.length > 0 ? { key } : {}), owners: own };
  });
}
