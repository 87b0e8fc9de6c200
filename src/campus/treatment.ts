import { type CampusFile, DEFAULT_TREATMENTS } from './campus-schema.ts';
import type { CatalogColumn, Treatment } from './catalog-schema.ts';

/** How a column is treated: as it says itself, else as campus.yaml says for its class, else as the lake does. */
export function treatmentOf(
  campus: Pick<CampusFile, 'privacy'>,
  column: Pick<CatalogColumn, 'privacy' | 'treatment'>,
): Treatment {
  return column.treatment ?? campus.privacy.defaults[column.privacy] ?? DEFAULT_TREATMENTS[column.privacy];
}

/** The kind of id that a pseudonymised column holds: columns of one kind join across sources. */
export function pseudonymNamespaceOf(column: Pick<CatalogColumn, 'name' | 'pseudonymNamespace'>): string {
  return column.pseudonymNamespace ?? column.name;
}
