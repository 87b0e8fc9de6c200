import type { LoadedCampus } from '../../../src/campus/load.ts';
import { closeAwsClients, openAwsClients } from '../../../src/platform/aws/clients.ts';
import { findDeployed } from '../../../src/platform/aws/deployed.ts';
import { restoreItems } from '../../../src/platform/aws/ledger/restore-items.ts';
import { openAwsPlatform } from '../../../src/platform/aws/platform.ts';

/**
 * Makes the ledger what a restored copy of its table is, while no run works on the lake.
 * @throws RunLockedError while one does
 */
export async function restoreLedger(
  { campus }: LoadedCampus,
  table: string,
): Promise<{ put: number; removed: number }> {
  const { places } = await findDeployed(campus);
  const clients = openAwsClients(places.region);
  try {
    const { ledger } = openAwsPlatform(places, campus, { clients });
    const lock = await ledger.lock('`lake repair`');
    try {
      return await restoreItems(clients.dynamo, table, places.ledgerTable);
    } finally {
      await lock.release();
    }
  } finally {
    closeAwsClients(clients);
  }
}
