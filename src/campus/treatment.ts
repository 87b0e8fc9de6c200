import { type CampusFile, DEFAULT_TREATMENTS } from './campus-schema.ts';
import type { CatalogColumn, Treatment } from './catalog-schema.ts';

/** How a column is treated: as it says itself, else as campus.yaml says for its class, else as the lake does. */
export function treatmentOf(
  campus: Pick<CampusFile, 'privacy'>,
  column: Pick<CatalogColumn, 'privacy' | 'treatment' | 'mask'>,
): Treatment {
  if (column.mask !== undefined && column.treatment === undefined) return 'mask';
  return column.treatment ?? campus.privacy.defaults[column.privacy] ?? DEFAULT_TREATMENTS[column.privacy];
}

/** What a table's description says of a column: its treatment, and with `mask` which. */
export function describedTreatment(
  campus: Pick<CampusFile, 'privacy'>,
  column: Pick<CatalogColumn, 'privacy' | 'treatment' | 'mask'>,
): { readonly treatment: Treatment; readonly mask?: string } {
  const treatment = treatmentOf(campus, column);
  return treatment === 'mask' ? { treatment, mask: column.mask } : { treatment };
}

/** The kind of id that a pseudonymised column holds: columns of one kind join across sources. */
export function pseudonymNamespaceOf(column: Pick<CatalogColumn, 'name' | 'pseudonymNamespace'>): string {
  return column.pseudonymNamespace ?? column.name;
}
