import { readState } from '../../loads/dataset-state.ts';
import { goodOf } from '../../loads/state.ts';
import type { Uses } from '../../ports/step.ts';
import { NothingHeldBackError } from '../../quality/errors.ts';
import {
  type Decided,
  type Decision,
  decideOnRows,
  type KeptAside,
  listKeptAside,
} from '../../quality/quarantine/decide.ts';
import { mustAdminister } from '../administered.ts';
import { knownTables } from '../known-tables.ts';
import { type QueryAnswer, queryLake } from '../query/query-lake.ts';

type Needs = Uses<
  'catalog' | 'session' | 'access' | 'clock' | 'objects' | 'ledger' | 'engine' | 'target' | 'signal'
>;

/** The tables of which rows are kept aside, among those of which the session may know. */
export async function quarantineOf(lake: Omit<Needs, 'signal'>): Promise<KeptAside[]> {
  const isKnown = await knownTables(lake);
  return (await listKeptAside(lake)).filter(({ table }) => isKnown(table));
}

/**
 * The rows of a table that are kept aside, as the session may read those of the table; the administrator sees by which
 * checks, why and in which run, too. It is put on record like a query.
 * @throws UnknownDatasetError; NothingHeldBackError where there is none; as `queryLake` does
 */
export async function rowsKeptAside(lake: Needs, table: string): Promise<QueryAnswer> {
  const { id } = lake.catalog.get(table);
  const isKnown = await knownTables(lake);
  const aside = goodOf((await readState(lake.platform.ledger, id)).state)?.quarantine?.aside;
  if (!isKnown(id) || !aside || aside.rows === 0)
    throw new NothingHeldBackError(`No row of ${id} is kept aside.`, {
      about: id,
      hint: '`lake quarantine list` lists what is',
    });
  return queryLake(lake, { sql: `SELECT * FROM ${id}`, instead: { [id]: aside }, signal: lake.signal });
}

/**
 * Decides on rows that are kept aside; the next run acts by it.
 * @throws InputError for a role; RunLockedError while a run works on the lake; as `decideOnRows` does
 */
export async function decideOnAside(lake: Needs, decision: Decision): Promise<Decided> {
  mustAdminister(lake, 'decides on rows that are kept aside');
  const lock = await lake.platform.ledger.lock('`lake quarantine`');
  try {
    return await decideOnRows(lake, decision);
  } finally {
    await lock.release();
  }
}
