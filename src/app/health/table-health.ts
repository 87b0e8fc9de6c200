import { ownersOfTables } from '../../health/diagnosis/owners.ts';
import { isOpen } from '../../health/incidents/incident.ts';
import { readIncidents } from '../../health/incidents/store.ts';
import { type HealthStatus, healthOf, type TableHealth } from '../../health/table-health.ts';
import { readPublication } from '../../pipeline/publication.ts';
import { readRunRecord } from '../../pipeline/run-record.ts';
import type { Uses } from '../../ports/step.ts';
import { describable } from '../describable.ts';

/** What the health of tables needs of a lake; whose session it is decides which are shown. */
export type HealthLake = Uses<'catalog' | 'session' | 'access' | 'features' | 'clock' | 'objects' | 'ledger'>;

export type { HealthStatus, TableHealth } from '../../health/table-health.ts';

/** The health of the lake: the worst of its tables says how it is. */
export type LakeHealth = {
  readonly status: 'pass' | 'warn' | 'fail';
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly publication?: string;
  /** The newest run and how it ended. */
  readonly run?: { readonly id: string; readonly status: string; readonly startedAt: string };
  readonly openIncidents: number;
  /** In order of name. */
  readonly tables: readonly TableHealth[];
};

const BAD: readonly HealthStatus[] = ['stale', 'missing'];

/**
 * How every table is, of those of which the session may know, by what is published now and by the clock.
 * @param wanted only these tables. Default: all
 *
 * @example
 * ```ts
 * import { type HealthLake, lakeHealth } from './table-health.ts';
 *
 * const stale = async (lake: HealthLake): Promise<string[]> =>
 *   (await lakeHealth(lake)).tables.filter(({ status }) => status === 'stale').map(({ table }) => table);
 * ```
 */
export async function lakeHealth(lake: HealthLake, wanted?: readonly string[]): Promise<LakeHealth> {
  const { ledger, clock } = lake.platform;
  const now = clock.now();
  const publication = await readPublication(lake.platform);
  const incidents = (await readIncidents(ledger)).filter(isOpen);
  const ownerOf = await ownersOfTables(lake);
  const { datasets, published } = await describable(lake, publication?.tables);
  const byId = new Map(datasets.map((dataset) => [dataset.id, dataset]));
  const names = [...new Set([...byId.keys(), ...Object.keys(published)])].sort();
  const asked = wanted === undefined ? names : names.filter((name) => wanted.includes(name));
  const tables = asked.map((table): TableHealth => {
    const rows = published[table]?.rows;
    const about = { table, now, incidents, datasets: byId };
    const health = healthOf(about, publication?.facts[table], rows !== undefined);
    const owner = ownerOf(table);
    return {
      ...health,
      ...(owner === undefined ? {} : { owner }),
      // NaN: the session is not told how many there are.
      ...(Number.isInteger(rows) ? { rows } : {}),
    };
  });
  const run = (await readRunRecord(ledger))?.value;
  return {
    status: tables.some(({ status }) => BAD.includes(status))
      ? 'fail'
      : tables.some(({ status }) => status === 'degraded')
        ? 'warn'
        : 'pass',
    at: new Date(now).toISOString(),
    ...(publication ? { publication: publication.id } : {}),
    ...(run ? { run: { id: run.run, status: run.status, startedAt: run.startedAt } } : {}),
    openIncidents: incidents.length,
    tables,
  };
}
