import type { DatasetState, StagedTable } from '../../src/loads/state.ts';
import { passed, staged } from '../../src/loads/table-state.ts';
import type { TableVersion } from '../../src/ports/tables.ts';

/** A dataset's state once this version was staged of this load. Loads that wait go on waiting. */
export function withStaged(
  state: DatasetState,
  version: TableVersion,
  load: string,
  more: Partial<Omit<StagedTable, 'version' | 'load'>> = {},
): DatasetState {
  return staged(state, { version, ...more, loads: [{ load, kind: 'snapshot', manifest: 'm' }] });
}

/** As `withStaged`, and its checks have passed. */
export const withPassed = (...given: Parameters<typeof withStaged>): DatasetState =>
  passed(withStaged(...given), given[2]);

/** As far as loads have been committed. */
export const committedUpTo = (watermark: string, loadedAt = watermark): Pick<DatasetState, 'committed'> => ({
  committed: { watermark, loadedAt },
});
