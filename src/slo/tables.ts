import type { AddedOpsTable } from '../ports/ledger.ts';

/** The file of the objectives, in the folder of campus.yaml. */
export const SLO_FILE = 'slo.yaml';

/** The folder beside it of documents in the formats of other programs. */
export const SLO_FOLDER = 'slo';

/** When each version of a table was shown to readers, and how far its rows are known: what ages are computed from. */
export const PUBLISHED_TABLES: AddedOpsTable = {
  name: 'published_tables',
  description: 'In each run, when a version of a table was shown to readers and how far its rows are known',
  privacy: 'none',
  columns: [
    { name: 'table_name', type: 'varchar' },
    { name: 'published_at', type: 'timestamp' },
    { name: 'data_as_of', type: 'timestamp' },
  ],
};

export const SERVICE_LEVELS: AddedOpsTable = {
  name: 'service_levels',
  description: 'At the end of each run, how every objective of slo.yaml stood',
  privacy: 'none',
  columns: [
    { name: 'objective', type: 'varchar' },
    { name: 'target', type: 'double' },
    { name: 'sli', type: 'double' },
    { name: 'unit', type: 'varchar' },
    { name: 'bad', type: 'double' },
    { name: 'total', type: 'double' },
    { name: 'budget_left', type: 'double' },
    { name: 'budget_spent', type: 'double' },
    { name: 'firing', type: 'bigint' },
    { name: 'measured_at', type: 'timestamp' },
  ],
};

/** Alerts that nobody wants to hear of for a while. Of no class: it names who asked for it. */
export const SILENCES: AddedOpsTable = {
  name: 'alert_silences',
  description: 'Alerts of objectives that were silenced for a while, by whom and why',
  columns: [
    { name: 'objective', type: 'varchar' },
    { name: 'alert', type: 'varchar' },
    { name: 'begins_at', type: 'timestamp' },
    { name: 'ends_at', type: 'timestamp' },
    { name: 'reason', type: 'varchar' },
    { name: 'by_whom', type: 'varchar' },
  ],
};

/** Work that was allowed although a budget was spent. Of no class: it names who allowed it. */
export const APPROVALS: AddedOpsTable = {
  name: 'budget_approvals',
  description:
    'Work that was approved although the policy on error budgets holds it, by whom, why and until when',
  columns: [
    { name: 'work', type: 'varchar' },
    { name: 'begins_at', type: 'timestamp' },
    { name: 'ends_at', type: 'timestamp' },
    { name: 'reason', type: 'varchar' },
    { name: 'by_whom', type: 'varchar' },
  ],
};

/** What the policy on error budgets has held. */
export const HELD_WORK: AddedOpsTable = {
  name: 'held_work',
  description:
    'Work that was held because the error budget of an objective was spent, in a run or when a person asked',
  privacy: 'none',
  columns: [
    { name: 'work', type: 'varchar' },
    { name: 'about', type: 'varchar' },
    { name: 'objective', type: 'varchar' },
    { name: 'budget_left', type: 'double' },
    { name: 'because', type: 'varchar' },
    { name: 'held_at', type: 'timestamp' },
  ],
};

/** What people and programs were told of alerts. */
export const ALERT_CHANGES: AddedOpsTable = {
  name: 'alert_changes',
  description: 'Each change of the state of an alert that people and programs were told of',
  privacy: 'none',
  columns: [
    { name: 'objective', type: 'varchar' },
    { name: 'alert', type: 'varchar' },
    { name: 'severity', type: 'varchar' },
    { name: 'state', type: 'varchar' },
    { name: 'since', type: 'timestamp' },
    { name: 'noticed_at', type: 'timestamp' },
  ],
};
