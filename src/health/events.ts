import type { CloudEvent, FeatureNotice } from '../ports/feature.ts';
import type { HealthChange } from './changes.ts';
import type { Incident } from './incidents/incident.ts';

/** So many tables are in one event; `changed` says how many there are. */
const LISTED = 500;

/** What a program is told of an incident. @param what `opened`, `reopened` or `resolved` @param at ISO 8601 UTC */
export function incidentEvent(
  campus: string,
  incident: Incident,
  what: 'opened' | 'reopened' | 'resolved',
  { id, at }: { readonly id: string; readonly at: string },
): CloudEvent {
  const { cause, title, state, severity, confidence, openedAt, assignee, owners, why, resolved } = incident;
  return {
    ...eventOf(campus, `incident.${what}`, { id, at, subject: incident.id }),
    data: {
      incident: incident.id,
      cause,
      title,
      state,
      severity,
      confidence,
      openedAt,
      assignee,
      owners: [...owners],
      tables: [...incident.tables],
      affected: [...incident.affected],
      why,
      next: incident.hint ?? incident.manualSteps,
      resolution: resolved?.how ?? null,
    },
  };
}

/**
 * What programs are told of tables whose status has changed: one event, however many there are.
 * @param by the run or the moment for which it is told
 */
export function healthEvent(
  campus: string,
  changes: readonly HealthChange[],
  by: string,
  at: number,
): FeatureNotice {
  const id = `health/${by}`;
  const many = `${changes.length} ${changes.length === 1 ? 'table' : 'tables'}`;
  return {
    kind: 'event',
    key: id,
    severity: 'info',
    subject: `The health of ${many} has changed`,
    sections: [],
    reference: { what: 'Health', id: by },
    event: {
      ...eventOf(campus, 'health.changed', { id, at: new Date(at).toISOString(), subject: 'tables' }),
      data: {
        changed: changes.length,
        tables: changes.slice(0, LISTED).map(({ health, before, owner }) => ({
          table: health.table,
          before: before ?? null,
          status: health.status,
          reason: health.reason ?? null,
          since: health.since ?? null,
          asOf: health.asOf ?? null,
          nextExpected: health.nextExpected ?? null,
          incident: health.incident ?? null,
          owner: owner ?? null,
        })),
      },
    },
  };
}

const eventOf = (
  campus: string,
  type: string,
  { id, at, subject }: { readonly id: string; readonly at: string; readonly subject: string },
) =>
  ({
    specversion: '1.0',
    id,
    source: `/campus-lake/${encodeURIComponent(campus)}/health`,
    type: `campus-lake.${type}`,
    subject,
    time: at,
    datacontenttype: 'application/json',
  }) as const;
