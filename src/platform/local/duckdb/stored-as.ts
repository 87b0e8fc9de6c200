import type { StoredTable } from '../../../ports/query-engine.ts';
import type { TableVersion } from '../../../ports/tables.ts';
import type { CompactionPolicy } from './staging-session.ts';
import { storageOf } from './storage.ts';

/** The files of a table of which changes are merged, and the rule by which they are written anew. */
export function storedAs(
  version: TableVersion,
  { share, files, smallBase }: CompactionPolicy,
): StoredTable | undefined {
  const storage = storageOf(version);
  if (storage.kind !== 'merged') return undefined;
  const { rows: base } = storage.base;
  const limit = Math.floor(base * share).toLocaleString('en-US');
  const whole = `a new base is written when more than ${limit} rows have changed (${share * 100} %)`;
  return {
    base,
    changes: storage.deltas.map(({ rows }) => rows),
    rule:
      base <= smallBase
        ? `a run writes it anew with each change; between runs ${whole}, and changes lie in ${files} files at most`
        : `${whole}; changes lie in ${files} files at most`,
  };
}
