import { LakeError } from '../errors.ts';
import type { AddedOpsTable, OpsTable, OwnOpsTable } from '../ports/ledger.ts';
import type { TableColumn } from '../ports/tables.ts';

/**
 * The columns of the `ops.*` tables, there and typed before the first row comes. Times are UTC. Rows may bring more;
 * those follow.
 */
export const OPS_COLUMNS: { readonly [table in OwnOpsTable]: readonly TableColumn[] } = {
  runs: [
    { name: 'id', type: 'varchar' },
    { name: 'run', type: 'varchar' },
    { name: 'status', type: 'varchar' },
    { name: 'started_at', type: 'timestamp' },
    { name: 'ended_at', type: 'timestamp' },
    { name: 'attempts', type: 'bigint' },
    { name: 'as_of', type: 'timestamp' },
    { name: 'loads', type: 'bigint' },
    { name: 'rows', type: 'bigint' },
    { name: 'failures', type: 'bigint' },
    { name: 'published', type: 'boolean' },
    { name: 'tables', type: 'bigint' },
  ],
  steps: [
    { name: 'id', type: 'varchar' },
    { name: 'run', type: 'varchar' },
    { name: 'path', type: 'varchar' },
    { name: 'step', type: 'varchar' },
    { name: 'item', type: 'varchar' },
    { name: 'attempt', type: 'bigint' },
    { name: 'started_at', type: 'timestamp' },
    { name: 'ended_at', type: 'timestamp' },
    { name: 'status', type: 'varchar' },
    { name: 'output', type: 'varchar' },
    { name: 'error', type: 'varchar' },
    { name: 'next', type: 'varchar' },
    { name: 'code', type: 'varchar' },
    { name: 'class', type: 'varchar' },
    { name: 'about', type: 'varchar' },
    { name: 'source', type: 'varchar' },
    { name: 'retryable', type: 'boolean' },
    { name: 'reach', type: 'varchar' },
    { name: 'file', type: 'varchar' },
    { name: 'line', type: 'bigint' },
    { name: 'file_column', type: 'bigint' },
  ],
  loads: [
    { name: 'id', type: 'varchar' },
    { name: 'run', type: 'varchar' },
    { name: 'dataset', type: 'varchar' },
    { name: 'source', type: 'varchar' },
    { name: 'kind', type: 'varchar' },
    { name: 'watermark', type: 'timestamp' },
    { name: 'since', type: 'timestamp' },
    { name: 'schema_version', type: 'bigint' },
    { name: 'files', type: 'bigint' },
    { name: 'bytes', type: 'bigint' },
    { name: 'rows', type: 'bigint' },
    { name: 'started_at', type: 'timestamp' },
    { name: 'committed_at', type: 'timestamp' },
  ],
  schema_changes: [
    { name: 'id', type: 'varchar' },
    { name: 'run', type: 'varchar' },
    { name: 'dataset', type: 'varchar' },
    { name: 'column_name', type: 'varchar' },
    { name: 'change', type: 'varchar' },
    { name: 'old_type', type: 'varchar' },
    { name: 'new_type', type: 'varchar' },
    { name: 'at', type: 'timestamp' },
  ],
  remarks: [
    { name: 'id', type: 'varchar' },
    { name: 'run', type: 'varchar' },
    { name: 'about', type: 'varchar' },
    { name: 'text', type: 'varchar' },
    { name: 'at', type: 'timestamp' },
  ],
  checks: [
    { name: 'id', type: 'varchar' },
    { name: 'run', type: 'varchar' },
    { name: 'table_name', type: 'varchar' },
    { name: 'check_name', type: 'varchar' },
    { name: 'severity', type: 'varchar' },
    { name: 'status', type: 'varchar' },
    { name: 'checks', type: 'bigint' },
    { name: 'failing', type: 'bigint' },
    { name: 'found', type: 'varchar' },
    { name: 'rows', type: 'bigint' },
    { name: 'checked_at', type: 'timestamp' },
  ],
  notifications: [
    { name: 'id', type: 'varchar' },
    { name: 'run', type: 'varchar' },
    { name: 'notifier', type: 'varchar' },
    { name: 'receiver', type: 'varchar' },
    { name: 'status', type: 'varchar' },
    { name: 'at', type: 'timestamp' },
    { name: 'first_tried_at', type: 'timestamp' },
    { name: 'error', type: 'varchar' },
  ],
  access: [
    { name: 'id', type: 'varchar' },
    { name: 'seq', type: 'bigint' },
    { name: 'access', type: 'varchar' },
    { name: 'at', type: 'timestamp' },
    { name: 'channel', type: 'varchar' },
    { name: 'outcome', type: 'varchar' },
    { name: 'reason', type: 'varchar' },
    { name: 'principal', type: 'varchar' },
    { name: 'opened_by', type: 'varchar' },
    { name: 'role', type: 'varchar' },
    { name: 'purpose', type: 'varchar' },
    { name: 'break_glass', type: 'varchar' },
    { name: 'tables', type: 'varchar' },
    { name: 'columns', type: 'varchar' },
    { name: 'rows', type: 'bigint' },
    { name: 'people', type: 'bigint' },
    { name: 'people_digest', type: 'varchar' },
    { name: 'people_listed', type: 'varchar' },
    { name: 'named', type: 'varchar' },
    { name: 'statement', type: 'varchar' },
    { name: 'publication', type: 'varchar' },
    { name: 'destination', type: 'varchar' },
    { name: 'policy', type: 'varchar' },
    { name: 'prev', type: 'varchar' },
    { name: 'hash', type: 'varchar' },
  ],
  disclosures: [
    { name: 'id', type: 'varchar' },
    { name: 'seq', type: 'bigint' },
    { name: 'disclosure', type: 'varchar' },
    { name: 'at', type: 'timestamp' },
    { name: 'kind', type: 'varchar' },
    { name: 'party', type: 'varchar' },
    { name: 'interest', type: 'varchar' },
    { name: 'basis', type: 'varchar' },
    { name: 'records', type: 'varchar' },
    { name: 'people', type: 'bigint' },
    { name: 'people_listed', type: 'varchar' },
    { name: 'principal', type: 'varchar' },
    { name: 'destination', type: 'varchar' },
    { name: 'notice', type: 'varchar' },
    { name: 'prev', type: 'varchar' },
    { name: 'hash', type: 'varchar' },
  ],
  visibility: [
    { name: 'id', type: 'varchar' },
    { name: 'run', type: 'varchar' },
    { name: 'table_name', type: 'varchar' },
    { name: 'publications', type: 'bigint' },
    { name: 'changes', type: 'bigint' },
    { name: 'p50_seconds', type: 'double' },
    { name: 'p95_seconds', type: 'double' },
    { name: 'max_seconds', type: 'double' },
    { name: 'published_at', type: 'timestamp' },
    { name: 'data_as_of', type: 'timestamp' },
  ],
};

/** Columns that each table begins with. */
const FIRST: readonly TableColumn[] = [
  { name: 'id', type: 'varchar' },
  { name: 'run', type: 'varchar' },
];

/** A table that neither the lake nor a feature has declared. */
class UnknownOpsTableError extends LakeError {}

/** The declared columns of every table of a ledger, by the table's name. @param added by features */
export function opsColumns(
  added: readonly AddedOpsTable[] = [],
): ReadonlyMap<OpsTable, readonly TableColumn[]> {
  return new Map<OpsTable, readonly TableColumn[]>([
    ...Object.entries(OPS_COLUMNS),
    ...added.map(({ name, columns }) => [name, [...FIRST, ...columns]] as const),
  ]);
}

/** What is kept of a table. @throws UnknownOpsTableError where nobody has declared it */
export function ofOpsTable<T>(all: ReadonlyMap<OpsTable, T>, table: OpsTable): T {
  const found = all.get(table);
  if (found !== undefined) return found;
  throw new UnknownOpsTableError(`The ledger has no table ops.${table}.`, {
    about: `ops.${table}`,
    hint: 'a feature names the tables that it writes in its `opsTables`',
  });
}
