import type { AddedOpsTable } from '../ports/ledger.ts';
import { TIME_LIMITED_COLUMNS } from '../time-limited.ts';

/** The file of the alerts, in the folder of campus.yaml. */
export const ALERTS_FILE = 'alerts.yaml';

/** Whom the alerts of the last run are about: one row for each series that fires or is about to. */
export const CURRENT = 'campus.alerts';

/** How each alert stood at the end of each run. It counts series and names none. */
export const ALERTS: AddedOpsTable = {
  name: 'alerts',
  description: 'At the end of each run, how every alert of alerts.yaml stood: how many series it fires for',
  privacy: 'none',
  columns: [
    { name: 'alert', type: 'varchar' },
    { name: 'severity', type: 'varchar' },
    { name: 'for_role', type: 'varchar' },
    { name: 'owner', type: 'varchar' },
    { name: 'evaluated_to', type: 'timestamp' },
    { name: 'series', type: 'bigint' },
    { name: 'firing', type: 'bigint' },
    { name: 'pending', type: 'bigint' },
    { name: 'began', type: 'bigint' },
    { name: 'ended', type: 'bigint' },
    { name: 'over_limit', type: 'bigint' },
    { name: 'is_silenced', type: 'boolean' },
  ],
};

/** Alerts that nobody wants to hear of for a while. Of no class: it names who asked for it. */
export const SILENCED: AddedOpsTable = {
  name: 'silenced_alerts',
  description: 'Alerts of alerts.yaml that were silenced for a while, by whom and why',
  columns: [{ name: 'alert', type: 'varchar' }, ...TIME_LIMITED_COLUMNS],
};
