import { createHmac } from 'node:crypto';
import type { OpsRow } from '../../ports/ledger.ts';
import { canonical } from './evaluate.ts';
import type { RunState } from './state.ts';
import type { Passed } from './walk.ts';

/** A row for a step that was passed. One id for one step with the same inputs and verdict, however often it is passed. */
export function stepRow(state: RunState, passed: Passed, now: string): OpsRow {
  const { step, path, inputs, verdict, criterion, decided, outcome } = passed;
  const digest = (text: string) =>
    createHmac('sha256', state.digestKey).update(text).digest('hex').slice(0, 32);
  const result = digest(canonical(passed.value ?? null));
  return {
    id: `${state.id}/${path}/${digest(`${inputs} ${verdict ?? ''} ${result}`).slice(0, 12)}`,
    run: state.id,
    procedure: passed.procedure,
    procedure_hash: state.hash,
    node: path,
    kind: step.kind,
    tool: step.kind === 'call' ? step.tool : null,
    inputs_digest: inputs === '' ? null : inputs,
    query: outcome?.query ?? null,
    result_digest: result,
    criterion: criterion ?? null,
    verdict: verdict ?? null,
    decided_by: step.kind === 'call' ? null : decided.by,
    decided_as: decided.role === '' ? null : decided.role,
    ms: outcome?.ms ?? null,
    at: outcome?.at ?? now,
  };
}
