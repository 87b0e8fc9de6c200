import type { Rule } from './rule.ts';

/** What goes wrong at a student information system. */
export const SIS: readonly Rule[] = [
  {
    id: 'sis-unreachable',
    version: 1,
    title: 'The database cannot be reached',
    when: {
      kinds: ['step-failed'],
      codes: [
        'sis-connection',
        'connection-refused',
        'connection-failed',
        'unknown-host',
        'address-not-available',
      ],
      steps: ['sis-start', 'sis-poll', 'plan'],
    },
    scope: 'source',
    assignee: 'operator',
    confidence: 0.95,
    explains: ['sis-*', 'data-late', 'model-waits', 'promise-at-risk'],
    repairs: ['run-again'],
    runbook: {
      message: 'SIS: cannot connect',
      cause: 'the database, the network or the password',
      action: '`lake doctor` names the cause',
    },
  },
  {
    id: 'sis-table-locked',
    version: 2,
    title: 'A table is locked by another session',
    when: { kinds: ['step-failed'], codes: ['sis-table-locked', 'locked-table'] },
    scope: 'table',
    assignee: 'source',
    confidence: 0.95,
    repairs: ['run-again'],
    runbook: {
      message: 'SIS: *another session has locked it for more than 60 seconds (held by process …)*',
      cause: 'a job of the SIS rewrites or empties that table; the others were copied',
      action:
        'schedule the run after that job, or end its session (`pg_terminate_backend` of the process), then `lake run`',
    },
  },
  {
    id: 'sis-job-waits',
    version: 1,
    title: 'A job of the database waits for the copy',
    scope: 'table',
    assignee: 'owner',
    confidence: 0.9,
    runbook: {
      message: 'SIS: a job of the SIS waits while the lake copies',
      cause:
        'the job empties, rewrites or drops a table, and has to wait for the end of the copy, as for `pg_dump`',
      action:
        "move the run or the job; if necessary end the lake's sessions (`application_name` campus-lake): the run copies once more, and names the table if it is cut again",
    },
  },
  {
    id: 'sis-connection-cut',
    version: 1,
    title: 'The connection was cut',
    when: {
      kinds: ['step-failed'],
      codes: ['sis-connection', 'copy-connection', 'snapshot-lost', 'connection-lost'],
    },
    scope: 'source',
    assignee: 'operator',
    confidence: 0.9,
    alternatives: ['sis-unreachable'],
    explains: ['sis-*', 'data-late', 'model-waits', 'promise-at-risk'],
    repairs: ['run-again'],
    runbook: {
      message: 'SIS: *the connection to the SIS was cut before they were read*',
      cause: 'a firewall, a timeout or a restart, twice in one run',
      action:
        "the run's remark has the server's reason; for the lake's user, `transaction_timeout` must be 0 or longer than the copy",
    },
  },
  {
    id: 'sis-connections-used-up',
    version: 1,
    title: 'No connection is left',
    scope: 'table',
    assignee: 'owner',
    confidence: 0.9,
    runbook: {
      message: 'SIS: *it has no connection left for this user*',
      cause: 'a limit of the role, the database or the server',
      action:
        'lower `maxConnections:` of the source, or raise the limit; a copy takes `maxConnections` and one more',
    },
  },
  {
    id: 'sis-locks-used-up',
    version: 1,
    title: 'No room for the locks',
    scope: 'table',
    assignee: 'owner',
    confidence: 0.9,
    runbook: {
      message: 'SIS: *no room for the locks*',
      cause: "the server's lock table is too small for the number of tables",
      action: 'raise `max_locks_per_transaction`',
    },
  },
  {
    id: 'sis-encoding',
    version: 1,
    title: 'Bytes that are not of the encoding',
    when: { kinds: ['step-failed'], codes: ['unreadable-value'] },
    scope: 'table',
    assignee: 'source',
    confidence: 0.8,
    runbook: {
      message: 'SIS: *a text has bytes that are not of its encoding*',
      cause: 'a database in SQL_ASCII',
      action: '`encoding:` of the source, such as WIN1252',
    },
  },
  {
    id: 'sis-table-rewritten',
    version: 1,
    title: 'A table was rewritten while it was copied',
    scope: 'table',
    assignee: 'owner',
    confidence: 0.9,
    runbook: {
      message: 'SIS: *it was emptied, rewritten or replaced while it was copied*',
      cause: 'the user may read only some columns of the table, so the lake could not lock it',
      action: '`lake run`; `GRANT SELECT` on the whole table avoids the failure',
    },
  },
  {
    id: 'sis-table-not-copied',
    version: 1,
    title: 'A table was not copied',
    when: { kinds: ['step-failed'], codes: ['table-not-copied', 'copy', 'long-row'] },
    scope: 'table',
    assignee: 'source',
    confidence: 0.9,
    runbook: {
      message: 'SIS: one table failed',
      cause: 'dropped, renamed or no right to read',
      action: 'the message names the cause; `lake discover sis` updates the catalog',
    },
  },
  {
    id: 'dms-failed',
    version: 1,
    title: 'The replication failed',
    when: { kinds: ['slot'] },
    scope: 'source',
    assignee: 'operator',
    confidence: 0.9,
    explains: ['sis-*', 'data-late', 'model-waits', 'promise-at-risk'],
    repairs: ['run-again'],
    runbook: {
      message: 'DMS: *the SIS could not be copied* (`replication`)',
      cause: 'the task, its instance or its replication slot',
      action: '`lake --target aws doctor` shows the task, the slot and the settings; [sis](sis.md)',
    },
  },
];
