import type { CatalogDataset } from '../../campus/campus.ts';
import { ownersOfTables } from '../../health/diagnosis/owners.ts';
import { type Incident, isOpen } from '../../health/incidents/incident.ts';
import { readIncidents } from '../../health/incidents/store.ts';
import { promisedMs } from '../../loads/freshness.ts';
import { CURATED } from '../../models/model.ts';
import { readPublication, type TableFacts } from '../../pipeline/publication.ts';
import { readRunRecord } from '../../pipeline/run-record.ts';
import type { Uses } from '../../ports/step.ts';
import { describable } from '../describable.ts';

/** What the health of tables needs of a lake; whose session it is decides which are shown. */
export type HealthLake = Uses<'catalog' | 'session' | 'access' | 'features' | 'clock' | 'objects' | 'ledger'>;

/**
 * `healthy`: as new as promised. `degraded`: as new as promised, and something is wrong with its load or with what it
 * reads. `stale`: older than promised. `missing`: nothing of it is published. `off`: the catalog does not load it.
 */
export type HealthStatus = 'healthy' | 'degraded' | 'stale' | 'missing' | 'off';

/** Whether a table can be relied on. Instants are ISO 8601 UTC. */
export type TableHealth = {
  readonly table: string;
  readonly kind: 'dataset' | 'model';
  readonly status: HealthStatus;
  /** Why it is so, in the lake's words. Absent where it is healthy. */
  readonly reason?: string;
  /** Since when: the incident's beginning, or when it became older than promised. */
  readonly since?: string;
  /** How far the rows that people see are known. */
  readonly asOf?: string;
  /** When the version that people see was loaded or built. */
  readonly lastGoodAt?: string;
  /** When it is to be newer than that at the latest. */
  readonly nextExpected?: string;
  readonly owner?: string;
  /** The open incident that it is part of, the first where there are several. */
  readonly incident?: string;
  /** Rows that people see. */
  readonly rows?: number;
};

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
    return { ...health, ...(owner === undefined ? {} : { owner }), ...(rows === undefined ? {} : { rows }) };
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

interface About {
  readonly table: string;
  readonly now: number;
  readonly incidents: readonly Incident[];
  readonly datasets: ReadonlyMap<string, CatalogDataset>;
}

type Own = Omit<TableHealth, 'owner' | 'rows'>;

function healthOf(about: About, facts: TableFacts | undefined, isPublished: boolean): Own {
  const { table, incidents, datasets, now } = about;
  const dataset = datasets.get(table);
  const kind = dataset || !table.startsWith(`${CURATED}.`) ? ('dataset' as const) : ('model' as const);
  const incident =
    incidents.find(({ tables }) => tables.includes(table)) ??
    incidents.find(({ affected }) => affected.includes(table));
  const known = {
    table,
    kind,
    ...(facts?.asOf === undefined ? {} : { asOf: facts.asOf }),
    ...(facts?.loadedAt === undefined ? {} : { lastGoodAt: facts.loadedAt }),
    ...(incident ? { incident: incident.id } : {}),
  };
  if (dataset?.load === 'off') return { ...known, status: 'off', reason: 'the catalog says load: off' };
  const due = dueAt(facts, dataset);
  const next = due === undefined ? {} : { nextExpected: new Date(due).toISOString() };
  const reason = incident?.title ?? facts?.whyOld;
  const since = incident?.openedAt;
  if (!isPublished)
    return {
      ...known,
      ...next,
      status: 'missing',
      reason: reason ?? 'nothing of it was published yet',
      ...(since ? { since } : {}),
    };
  const isLate = due !== undefined && now > due;
  if (facts?.isStale || isLate) {
    const at = since ?? (isLate ? new Date(due).toISOString() : undefined);
    return {
      ...known,
      ...next,
      status: 'stale',
      reason:
        reason ?? (kind === 'model' ? 'what it reads is older than promised' : 'it is older than promised'),
      ...(at === undefined ? {} : { since: at }),
    };
  }
  if (reason !== undefined)
    return { ...known, ...next, status: 'degraded', reason, ...(since ? { since } : {}) };
  return { ...known, ...next, status: 'healthy' };
}

/** A dataset promises an age; a model is as new as what it reads. */
function dueAt(facts: TableFacts | undefined, dataset: CatalogDataset | undefined): number | undefined {
  if (!dataset || facts?.loadedAt === undefined) return undefined;
  return Date.parse(facts.loadedAt) + promisedMs(dataset);
}
