import type { AddedOpsTable } from '../ports/ledger.ts';

export const SIGNALS: AddedOpsTable = {
  name: 'signals',
  description: 'In each run, what steps, sources, checks and engines reported that was not as it should be',
  privacy: 'none',
  columns: [
    { name: 'kind', type: 'varchar' },
    { name: 'about', type: 'varchar' },
    { name: 'source', type: 'varchar' },
    { name: 'code', type: 'varchar' },
    { name: 'reach', type: 'varchar' },
    { name: 'step', type: 'varchar' },
    { name: 'at', type: 'timestamp' },
    { name: 'severity', type: 'varchar' },
    { name: 'retryable', type: 'boolean' },
    { name: 'message', type: 'varchar' },
    { name: 'hint', type: 'varchar' },
    { name: 'observed', type: 'double' },
    { name: 'expected', type: 'double' },
  ],
};

export const INCIDENTS: AddedOpsTable = {
  name: 'incidents',
  description: 'Each incident with its cause, state, owner, what it reaches and how it was resolved',
  privacy: 'none',
  columns: [
    { name: 'incident_key', type: 'varchar' },
    { name: 'cause', type: 'varchar' },
    { name: 'title', type: 'varchar' },
    { name: 'state', type: 'varchar' },
    { name: 'severity', type: 'varchar' },
    { name: 'confidence', type: 'double' },
    { name: 'assignee', type: 'varchar' },
    { name: 'opened_at', type: 'timestamp' },
    { name: 'last_seen_at', type: 'timestamp' },
    { name: 'last_seen_in', type: 'varchar' },
    { name: 'acknowledged_at', type: 'timestamp' },
    { name: 'acknowledged_by', type: 'varchar' },
    { name: 'resolved_at', type: 'timestamp' },
    { name: 'resolved_by', type: 'varchar' },
    { name: 'resolution', type: 'varchar' },
    { name: 'runs', type: 'bigint' },
    { name: 'reopened', type: 'bigint' },
    { name: 'tables', type: 'varchar' },
    { name: 'affected', type: 'varchar' },
    { name: 'document', type: 'varchar' },
  ],
};

export const DIAGNOSES: AddedOpsTable = {
  name: 'diagnoses',
  description:
    'In each run, the cause that was found for each incident: evidence, confidence, alternatives, rules',
  privacy: 'none',
  columns: [
    { name: 'incident', type: 'varchar' },
    { name: 'cause', type: 'varchar' },
    { name: 'rule_version', type: 'bigint' },
    { name: 'analysers', type: 'varchar' },
    { name: 'confidence', type: 'double' },
    { name: 'alternatives', type: 'varchar' },
    { name: 'evidence', type: 'varchar' },
    { name: 'consequences', type: 'varchar' },
    { name: 'at', type: 'timestamp' },
  ],
};

export const REPAIRS: AddedOpsTable = {
  name: 'repairs',
  description: 'Each attempt to repair an incident: who did what to which tables, and whether it helped',
  privacy: 'none',
  columns: [
    { name: 'incident', type: 'varchar' },
    { name: 'repair', type: 'varchar' },
    { name: 'state', type: 'varchar' },
    { name: 'done_by', type: 'varchar' },
    { name: 'automatic', type: 'boolean' },
    { name: 'at', type: 'timestamp' },
    { name: 'not_before', type: 'timestamp' },
    { name: 'tables', type: 'varchar' },
    { name: 'text', type: 'varchar' },
  ],
};
