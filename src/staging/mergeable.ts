import type { StagedTableSpec } from '../ports/staging.ts';

/**
 * Why changes cannot be merged into a table; undefined where they can.
 * @param key the key by which its version was made; undefined: it was not made from keyed records
 */
export function reasonNotToMerge(
  key: readonly string[] | undefined,
  spec: StagedTableSpec,
): string | undefined {
  if (spec.layout === 'dms') return 'a full load of the SIS replaces its table';
  if (key === undefined) return 'its version was not made from keyed records';
  if (key.join() !== spec.key.join()) {
    return `its key was (${key.join(', ')}) and is now (${spec.key.join(', ')})`;
  }
  return spec.key.length === 0 ? 'it has no key' : undefined;
}
