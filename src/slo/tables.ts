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
