import type { PrivacyClass } from '../catalog-schema.ts';
import { CatalogText } from './catalog-text.ts';
import { scalar } from './lines.ts';
import type { CatalogPart } from './merge.ts';

/** What a person decides on one column. `refuse`: it is left behind, whatever its class. */
export interface Decision {
  /** `source.dataset`. */
  readonly dataset: string;
  readonly column: string;
  readonly decision: 'accept' | 'refuse' | 'change';
  /** With `change`: the class that it has. */
  readonly privacy?: PrivacyClass;
  /** With a change to `none`: why it says nothing about a person although its name sounds so. */
  readonly reason?: string;
}

/**
 * The catalog files in which decisions are written down: the mark is taken away, and class, treatment and reason follow
 * the decision. Every other byte stays as it is.
 * @returns the texts of the files that change, by path
 */
export function decide(parts: readonly CatalogPart[], decisions: readonly Decision[]): Map<string, string> {
  const byColumn = new Map(decisions.map((one) => [`${one.dataset}.${one.column}`, one]));
  const changed = new Map<string, string>();
  for (const { path, text, value } of parts) {
    if (text === undefined) continue;
    const catalog = new CatalogText(text);
    for (const [at, { name, columns }] of value.datasets.entries()) {
      for (const [place, column] of columns.entries()) {
        const decision = byColumn.get(`${value.source}.${name}.${column.name}`);
        if (!decision) continue;
        const item = catalog.column(catalog.dataset(at), place);
        const { privacy, reason } = decision;
        if (decision.decision === 'change' && privacy) {
          catalog.set(item, 'privacy', privacy, 'type');
          if (privacy === 'none' && reason) catalog.set(item, 'privacyReason', scalar(reason), 'privacy');
        }
        if (decision.decision === 'refuse') catalog.set(item, 'treatment', 'exclude', 'privacy');
        catalog.decide(item);
      }
    }
    if (catalog.toString() !== text) changed.set(path, catalog.toString());
  }
  return changed;
}
