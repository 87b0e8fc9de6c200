import type { AddedOpsTable } from '../../ports/ledger.ts';

/** What each step of an execution was given, gave and decided, without a value of anybody's data. */
export const PROCEDURE_STEPS: AddedOpsTable = {
  name: 'procedure_steps',
  description: 'Each step of each execution of a procedure: what was asked, by which criterion, who decided',
  privacy: 'none',
  columns: [
    { name: 'procedure', type: 'varchar' },
    { name: 'procedure_hash', type: 'varchar' },
    { name: 'node', type: 'varchar' },
    { name: 'kind', type: 'varchar' },
    { name: 'tool', type: 'varchar' },
    { name: 'inputs_digest', type: 'varchar' },
    { name: 'query', type: 'varchar' },
    { name: 'result_digest', type: 'varchar' },
    { name: 'criterion', type: 'varchar' },
    { name: 'verdict', type: 'varchar' },
    { name: 'decided_by', type: 'varchar' },
    { name: 'decided_as', type: 'varchar' },
    { name: 'ms', type: 'bigint' },
    { name: 'at', type: 'timestamp' },
  ],
};
