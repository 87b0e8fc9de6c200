import type { Rule } from './rule.ts';

/** What comes of a table that cannot be read. */
const BY_DAMAGE = [
  'unexpected-error',
  'engine-failed',
  'model-failed',
  'value-unprocessable',
  'data-late',
  'model-waits',
  'promise-at-risk',
];

/** What goes wrong below the lake: disks, memory, the warehouse. */
export const STORAGE: readonly Rule[] = [
  {
    id: 'publication-missing',
    version: 1,
    title: 'A publication cannot be read',
    when: { kinds: ['step-failed'], codes: ['missing-publication', 'damaged-publication'] },
    scope: 'lake',
    assignee: 'operator',
    confidence: 0.95,
    explains: ['*'],
    runbook: {
      message:
        '*The lake shows publication …, and its document … is not there* (`missing-publication`), *… is damaged* (`damaged-publication`)',
      cause:
        "the publication's document was deleted or damaged. Its tables are kept: nothing is swept while the document is unreadable",
      action: '`lake run` publishes again; or restore the file from a backup',
    },
  },
  {
    id: 'warehouse-failed',
    version: 1,
    title: 'The warehouse could not be loaded',
    when: {
      kinds: ['step-failed'],
      codes: ['warehouse-load', 'postgres-start', 'postgres-in-use', 'statement', 'warehouse'],
    },
    scope: 'table',
    assignee: 'operator',
    confidence: 0.9,
    repairs: ['run-again'],
    runbook: {
      message: 'the warehouse failed',
      cause: "its disk, its port, or a client's lock",
      action: 'the lake itself is published; `lake run` loads the warehouse again',
    },
  },
  {
    id: 'ledger-unusable',
    version: 1,
    title: 'The ledger cannot be used',
    when: { kinds: ['step-failed'], codes: ['ledger-unusable'] },
    scope: 'lake',
    assignee: 'operator',
    confidence: 0.98,
    explains: ['*'],
    runbook: {
      message: '*The ledger cannot be used: … the disk is full / is read-only*',
      cause:
        'the run ended, since it could not record; the team was notified, and `lake status` shows the message until a run can record again',
      action: 'free space, or mount the disk for writing; `lake run`',
    },
  },
  {
    id: 'disk-full',
    version: 1,
    title: 'The disk is full',
    when: { kinds: ['step-failed', 'disk'], codes: ['disk-full', 'quota-used-up'] },
    scope: 'lake',
    assignee: 'operator',
    confidence: 0.98,
    explains: ['*'],
    runbook: {
      message: 'no space left on the disk',
      cause: "the lake's folder",
      action: 'free space, `lake run`; no half-written file is visible',
    },
  },
  {
    id: 'disk-nearly-full',
    version: 1,
    title: 'The disk is nearly full',
    when: { kinds: ['disk'], codes: ['disk-nearly-full'] },
    scope: 'lake',
    assignee: 'operator',
    severity: 'warning',
    confidence: 0.95,
    runbook: {
      message: '*… of the disk is free* (an incident)',
      cause: 'the lake, or another program, has filled the disk',
      action: 'free space before the next run: a run needs room for a second copy of what it loads',
    },
  },
  {
    id: 'files-damaged',
    version: 1,
    title: 'Files of a table are damaged',
    when: { kinds: ['step-failed'], codes: ['damaged-files', 'object-missing'] },
    scope: 'table',
    assignee: 'operator',
    confidence: 0.95,
    explains: ['files-damaged', ...BY_DAMAGE],
    repairs: ['repair-damage'],
    runbook: {
      message: '*Files of the staged table … are missing or cut short* (`damaged-files`)',
      cause: 'a failing disk, or a backup that was restored in part',
      action: '`lake repair` names them; `lake incidents fix` has the next run make the table again',
    },
  },
  {
    id: 'record-damaged',
    version: 1,
    title: 'A record of the ledger is damaged',
    when: { kinds: ['step-failed'], codes: ['damaged-record', 'ledger-damaged', 'damaged-document'] },
    scope: 'table',
    assignee: 'operator',
    confidence: 0.95,
    explains: ['record-damaged', ...BY_DAMAGE],
    repairs: ['repair-damage'],
    runbook: {
      message: '*… cannot be read: the record …* (`damaged-record`, `ledger-damaged`)',
      cause: 'a failing disk, or a backup that was restored in part',
      action: '`lake repair --apply`, or `lake incidents fix`',
    },
  },
  {
    id: 'memory-exhausted',
    version: 1,
    title: 'Memory is used up',
    when: { kinds: ['step-failed'], codes: ['sql-memory', 'out-of-memory'] },
    scope: 'table',
    assignee: 'operator',
    confidence: 0.9,
    runbook: {
      message: '*needs more memory than it may use* (`sql-memory`, `out-of-memory`)',
      cause: 'a statement larger than the machine',
      action: 'give the lake more memory, or write the model in two',
    },
  },
  {
    id: 'engine-failed',
    version: 1,
    title: 'The engine failed',
    when: { kinds: ['step-failed'], codes: ['engine'] },
    scope: 'table',
    assignee: 'operator',
    confidence: 0.8,
    alternatives: ['memory-exhausted'],
    repairs: ['run-again'],
    runbook: {
      message: '*the engine could not do what was asked* (`engine`)',
      cause: 'the engine was killed, or a file is damaged',
      action: '`lake run`; if it fails again, `lake repair`',
    },
  },
];
