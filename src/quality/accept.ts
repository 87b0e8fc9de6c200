import type { CatalogDataset } from '../campus/campus.ts';
import { changeState, readState } from '../loads/dataset-state.ts';
import { goodOf } from '../loads/state.ts';
import { rowsAccepted } from '../loads/table-state.ts';
import type { Platform } from '../ports/platform.ts';
import { NothingHeldBackError } from './errors.ts';

/** A load that a person has confirmed. */
export type Accepted = {
  readonly dataset: string;
  readonly load: string;
  /** Rows that the table has with it. */
  readonly rows: number;
  /** Rows of the version that is published until then. */
  readonly rowsBefore: number;
};

interface Needs {
  readonly catalog: { get(id: string): Pick<CatalogDataset, 'id'> };
  readonly platform: Pick<Platform, 'ledger'>;
}

/**
 * Confirms that a dataset may have as few rows as its newest load left it with: the next run publishes it, and so it
 * does a later load that brings no fewer. Only the number of rows is confirmed; every other check still holds.
 * @throws UnknownDatasetError, NothingHeldBackError when no load is held back for its number of rows
 */
export async function acceptRows(lake: Needs, id: string): Promise<Accepted> {
  const { id: dataset } = lake.catalog.get(id);
  const { ledger } = lake.platform;
  const { state } = await readState(ledger, dataset);
  const { table } = state;
  const rowsBefore = goodOf(state)?.version.rows ?? 0;
  if (table.phase !== 'rejected' || table.staged.version.rows >= rowsBefore) {
    throw new NothingHeldBackError(`No load of ${dataset} is held back for having lost rows.`, {
      about: dataset,
      hint: '`lake status` lists what failed in the last run, and why',
    });
  }
  const { load, version } = table.staged;
  await changeState(ledger, dataset, (now) => rowsAccepted(now, version.rows));
  return { dataset, load, rows: version.rows, rowsBefore };
}
