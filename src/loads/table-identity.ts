import { createHash } from 'node:crypto';
import type { Json } from '../json.ts';
import type { TableVersion } from '../ports/tables.ts';

/** A digest of values: a difference in any of them makes another one. */
export const digestOf = (...values: readonly (Json | undefined)[]): string =>
  createHash('sha256')
    .update(JSON.stringify(values.map((value) => value ?? null)))
    .digest('hex')
    .slice(0, 32);

/**
 * A digest by which versions of one table can be compared: two with the same one have the same rows, under the same
 * columns, made by the same definitions. Where it is known what is in a version, it does not matter in which files.
 */
export function identityOf(version: TableVersion): string {
  const { storage, content, ...rest } = version;
  return digestOf(rest as unknown as Json, content ?? storage);
}
