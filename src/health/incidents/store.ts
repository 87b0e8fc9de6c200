import type { Json } from '../../json.ts';
import { LedgerConflictError } from '../../ports/errors.ts';
import type { LedgerStore, OpsRow } from '../../ports/ledger.ts';
import { INCIDENTS } from '../tables.ts';
import type { Incident } from './incident.ts';

/** The record of the incidents that are open, and of those that were resolved within the last week. */
const KEY = 'incidents/current';

/** So often a change is tried again when another process was quicker. */
const TRIES = 5;

export async function readIncidents(ledger: Pick<LedgerStore, 'read'>): Promise<readonly Incident[]> {
  const found = await ledger.read<{ incidents: Json }>(KEY);
  return (found?.value.incidents as readonly Incident[] | undefined) ?? [];
}

/**
 * Replaces the incidents by what `change` makes of them, in one conditional write, then appends a row of each that it
 * changed to `ops.incidents`.
 * @throws LedgerConflictError where other processes were quicker again and again
 */
export async function changeIncidents<T>(
  ledger: Pick<LedgerStore, 'read' | 'write' | 'append'>,
  change: (before: readonly Incident[]) => { readonly incidents: readonly Incident[]; readonly result: T },
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const found = await ledger.read<{ incidents: Json }>(KEY);
    const before = (found?.value.incidents as readonly Incident[] | undefined) ?? [];
    const { incidents, result } = change(before);
    const same = new Set(before);
    const changed = incidents.filter((incident) => !same.has(incident));
    if (changed.length === 0 && incidents.length === before.length) return result;
    try {
      await ledger.write(KEY, { incidents: incidents as unknown as Json }, found?.version);
    } catch (error) {
      if (!(error instanceof LedgerConflictError) || tries === TRIES) throw error;
      continue;
    }
    if (changed.length > 0) await ledger.append(INCIDENTS.name, changed.map(rowOf));
    return result;
  }
}

/** Every incident that there ever was, in the order in which they were opened. */
export async function allIncidents(ledger: Pick<LedgerStore, 'rows'>): Promise<Incident[]> {
  const rows = await ledger.rows(INCIDENTS.name);
  return rows.map(({ document }) => JSON.parse(String(document)) as Incident);
}

function rowOf(incident: Incident): OpsRow {
  const { id, acknowledged, resolved } = incident;
  return {
    id,
    run: id.split('/', 1)[0]!,
    incident_key: incident.key,
    cause: incident.cause,
    title: incident.title,
    state: incident.state,
    severity: incident.severity,
    confidence: incident.confidence,
    assignee: incident.assignee,
    opened_at: incident.openedAt,
    last_seen_at: incident.lastSeenAt,
    last_seen_in: incident.lastSeenIn,
    acknowledged_at: acknowledged?.at ?? null,
    acknowledged_by: acknowledged?.by ?? null,
    resolved_at: resolved?.at ?? null,
    resolved_by: resolved?.by ?? null,
    resolution: resolved?.how ?? null,
    runs: incident.runs,
    reopened: incident.reopened,
    tables: incident.tables.join(', '),
    affected: incident.affected.join(', '),
    document: JSON.stringify(incident),
  };
}
