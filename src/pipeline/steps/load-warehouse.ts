import { CURATED } from '../../models/model.ts';
import type { NotYet, Step, Uses } from '../../ports/step.ts';
import type { ListedTable } from '../../ports/warehouse.ts';
import { resumed } from '../../staging/wait-budget.ts';
import { loadWarehouse, servedTables } from '../../warehouse/load.ts';
import { recordStatements } from '../../warehouse/record-statements.ts';
import { NothingPublishedError } from '../errors.ts';
import { policyIfAny } from '../open-policy.ts';
import { type Publication, readPublication } from '../publication.ts';

/** Loads the warehouse with what the run has published. */
export const loadWarehouseStep: Step<
  { run: string },
  { rows: number; tables: number } | NotYet,
  Uses<
    | 'campus'
    | 'catalog'
    | 'session'
    | 'features'
    | 'report'
    | 'signal'
    | 'clock'
    | 'engine'
    | 'objects'
    | 'ledger'
    | 'warehouse'
    | 'secrets'
  >
> = {
  name: 'load-warehouse',
  async run({ run }, lake) {
    const publication = await readPublication(lake.platform, run);
    if (!publication) throw new NothingPublishedError();
    await recordStatements(lake, servedTables(publication.tables));
    return resumed(lake, { run, dataset: 'warehouse' }, async (budget) =>
      loadWarehouse(
        lake,
        { ...publication, listed: listedTables(publication) },
        budget,
        await policyIfAny(lake),
      ),
    );
  },
};

/** The models, and the datasets that they read: by them a dashboard can say how old its numbers are, and why. */
export function listedTables({ tables, facts }: Publication): ListedTable[] {
  const models = Object.keys(tables).filter((table) => table.startsWith(`${CURATED}.`));
  const sources = models.flatMap((model) => facts[model]?.sources ?? []);
  return [...new Set([...models, ...sources])].sort().flatMap((table) => {
    const version = tables[table];
    if (!version) return [];
    const { asOf, loadedAt, run, owner, whyOld } = facts[table] ?? {};
    return {
      table,
      rows: version.rows,
      ...(asOf === undefined ? {} : { dataAsOf: asOf }),
      ...(loadedAt === undefined ? {} : { loadedAt }),
      ...(run === undefined ? {} : { lastGoodRun: run }),
      ...(owner === undefined ? {} : { owner }),
      ...(whyOld === undefined ? {} : { whyLate: whyOld }),
    };
  });
}
