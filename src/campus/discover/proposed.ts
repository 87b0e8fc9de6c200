import type { CatalogFile } from '../catalog-schema.ts';
import { CatalogText } from './catalog-text.ts';

/** How many columns of loaded tables still carry the mark `# proposed`: nobody has looked at their class. */
export function countProposed(text: string, file: CatalogFile): number {
  if (!/# proposed\b/.test(text)) return 0;
  const catalog = new CatalogText(text);
  let count = 0;
  for (const [i, dataset] of file.datasets.entries()) {
    if (dataset.load === 'off') continue;
    const item = catalog.dataset(i);
    count += dataset.columns.filter((_, c) => catalog.isProposed(catalog.column(item, c))).length;
  }
  return count;
}
