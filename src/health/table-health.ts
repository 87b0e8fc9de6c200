import type { CatalogDataset } from '../campus/campus.ts';
import { promisedMs } from '../loads/freshness.ts';
import { CURATED } from '../models/model.ts';
import type { TableFacts } from '../pipeline/publication.ts';
import type { Incident } from './incidents/incident.ts';

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

/** What the health of a table follows from. */
export interface About {
  readonly table: string;
  readonly now: number;
  readonly incidents: readonly Incident[];
  readonly datasets: ReadonlyMap<string, CatalogDataset>;
}

/** Without what only a list shows. */
export type OwnHealth = Omit<TableHealth, 'owner' | 'rows'>;

/**
 * Whether a table can be relied on, by what is published and by the clock.
 * @param isPublished whether people see a version of it
 */
export function healthOf(about: About, facts: TableFacts | undefined, isPublished: boolean): OwnHealth {
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
