import { comparableSum, keyFamily } from '../loads/key-sum.ts';
import type { LoadManifest } from '../loads/load.ts';
import type { KeySum } from '../ports/key-sum.ts';
import type { Stager, WaitBudget } from '../ports/query-engine.ts';
import type { StagedTableSpec, StageResult } from '../ports/staging.ts';

/**
 * The sum of the keys that a snapshot's table must have: of a SIS as its database counted it in the snapshot that was
 * copied, of an LMS, which counts nothing, as the delivered files have it. Undefined where there is nothing to
 * compare: of increments, without a key, or where the database was not asked.
 */
export async function keysAtSource(
  engine: Pick<Stager, 'deliveredKeys'>,
  spec: StagedTableSpec,
  manifest: Pick<LoadManifest, 'kind' | 'columns' | 'keySum'>,
  files: readonly string[],
  { read, version }: StageResult,
  budget?: WaitBudget,
): Promise<KeySum | undefined> {
  if (manifest.kind !== 'snapshot' || spec.key.length === 0) return undefined;
  if (spec.layout === 'dap') {
    const repeats = read !== version.rows;
    return worthReading(spec, repeats) ? engine.deliveredKeys(spec, files, repeats, budget) : undefined;
  }
  const counted = comparableSum(manifest.keySum);
  return counted && isComparable(spec, manifest) ? { ...counted, columns: [...spec.key] } : undefined;
}

/**
 * Parquet gives its keys alone. JSON Lines have to be read whole, at half the cost of staging them, so only where
 * records were folded: what came once was written just as it was read.
 */
const worthReading = ({ format }: StagedTableSpec, repeats: boolean): boolean =>
  repeats || format === 'parquet';

/** Whether the staged table keeps the values that the source counted: no pseudonyms, and nothing of another family. */
function isComparable(
  spec: StagedTableSpec,
  { columns, keySum }: Pick<LoadManifest, 'columns' | 'keySum'>,
): boolean {
  const key = spec.key.map((name) => spec.columns.find((column) => column.name === name));
  return (
    keySum?.columns.length === key.length &&
    key.every((column, i) => {
      const counted = columns?.find(({ name }) => name === keySum.columns[i]);
      return (
        counted !== undefined &&
        column?.source === counted.name &&
        column.treatment === 'keep' &&
        keyFamily(column.type) === keyFamily(counted.type)
      );
    })
  );
}
