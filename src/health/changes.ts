import type { Json } from '../json.ts';
import { readPublication } from '../pipeline/publication.ts';
import { LedgerConflictError } from '../ports/errors.ts';
import type { FeatureLake } from '../ports/feature.ts';
import { ownersOfTables } from './diagnosis/owners.ts';
import { isOpen } from './incidents/incident.ts';
import { readIncidents } from './incidents/store.ts';
import { type HealthStatus, healthOf, type OwnHealth } from './table-health.ts';

/** The record of what was last told of tables. */
const KEY = 'health/told';

/** A table whose status is another than it was when it was last told. */
export interface HealthChange {
  readonly health: OwnHealth;
  /** Undefined: it was not there. */
  readonly before?: HealthStatus;
  readonly owner?: string;
}

type Statuses = Readonly<Record<string, HealthStatus>>;
type Told = { readonly by: string; readonly before: Statuses; readonly now: Statuses };

/**
 * How the tables have changed since it was last told, and that it is told now. The first time nothing has changed: there
 * is nothing to compare with.
 * @param by the run or the moment for which it is told; asked again for the same one, the answer is the same
 */
export async function healthChanges(
  lake: Pick<FeatureLake, 'catalog'> & {
    readonly platform: Pick<FeatureLake['platform'], 'ledger' | 'objects' | 'clock'>;
  },
  by: string,
): Promise<HealthChange[]> {
  const { ledger, clock } = lake.platform;
  const found = await ledger.read<{ told: Json }>(KEY);
  const told = found?.value.told as Told | undefined;
  const before = told?.by === by ? told.before : told?.now;
  const publication = await readPublication(lake.platform);
  const about = {
    now: clock.now(),
    incidents: (await readIncidents(ledger)).filter(isOpen),
    datasets: new Map(lake.catalog.datasets.map((dataset) => [dataset.id, dataset])),
  };
  const names = new Set([...about.datasets.keys(), ...Object.keys(publication?.tables ?? {})]);
  const tables = [...names].sort().map((table) => {
    const isPublished = publication?.tables[table] !== undefined;
    return healthOf({ ...about, table }, publication?.facts[table], isPublished);
  });
  const now = Object.fromEntries(tables.map(({ table, status }) => [table, status]));
  const next: Told = { by, before: before ?? now, now };
  try {
    await ledger.write(KEY, { told: next as unknown as Json }, found?.version);
  } catch (error) {
    // Another process tells it.
    if (error instanceof LedgerConflictError) return [];
    throw error;
  }
  if (before === undefined) return [];
  const ownerOf = await ownersOfTables(lake);
  return tables
    .filter(({ table, status }) => before[table] !== status)
    .map((health) => {
      const { table } = health;
      const owner = ownerOf(table);
      const was = before[table];
      return {
        health,
        ...(was === undefined ? {} : { before: was }),
        ...(owner === undefined ? {} : { owner }),
      };
    });
}
