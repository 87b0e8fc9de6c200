import type { Campus, Catalog } from '../campus/campus.ts';
import type { PrivacyClass } from '../campus/catalog-schema.ts';
import { proposePrivacy } from './propose.ts';

/** Classes that a column must not be mistaken for: what names a person, and what is kept out unless somebody decides. */
const GRAVE: readonly PrivacyClass[] = ['secret', 'special', 'aid', 'text', 'log', 'direct'];

/** A column that the catalog declares to say nothing about a person, and that is called as if it did. */
export interface DoubtfulNone {
  readonly dataset: string;
  readonly column: string;
  /** The class that its name speaks for, and why, in a few words. */
  readonly privacy: PrivacyClass;
  readonly why: string;
}

/**
 * The loaded columns of class `none` whose names speak for a grave class. A column with `privacyReason` has been looked
 * at by a person and is left out.
 */
export function doubtfulNones(campus: Pick<Campus, 'sources'>, catalog: Catalog): DoubtfulNone[] {
  return catalog.datasets
    .filter(({ load }) => load !== 'off')
    .flatMap(({ id, source, table, namespace, key, columns }) => {
      const siblings = columns.map((column) => column.source ?? column.name);
      return columns.flatMap(({ name, source: own, type, description, privacy, privacyReason }) => {
        if (privacy !== 'none' || privacyReason !== undefined) return [];
        const proposed = proposePrivacy({
          name: own ?? name,
          type,
          table,
          namespace,
          source: campus.sources[source]?.kind,
          key: key.includes(name),
          siblings,
          description,
        });
        if (!GRAVE.includes(proposed.privacy)) return [];
        return [{ dataset: id, column: name, privacy: proposed.privacy, why: proposed.why }];
      });
    });
}
