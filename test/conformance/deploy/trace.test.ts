import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../src/json.ts';
import { openEvents } from '../../../src/pipeline/event-bus.ts';
import type { Plan } from '../../../src/pipeline/plan.ts';
import { Runner } from '../../../src/pipeline/runner.ts';
import { StepLog } from '../../../src/pipeline/step-log.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import type { LedgerStore } from '../../../src/ports/ledger.ts';
import type { Lake } from '../../../src/ports/step.ts';
import { lakeOf } from '../../lake-of.ts';
import { type Ministack, startForFunctions } from '../aws/ministack.ts';
import { deploy } from './cdk.ts';
import { execute, stepFunctions } from './executions.ts';
import { fakeSteps, PLANS } from './fake-steps.ts';

/**
 * The runner on one machine and the state machine, executed by somebody else's Step Functions, do the same to the
 * same plans: the same calls with the same inputs, the same rows in the ledger.
 */

interface Trace {
  /** Every call of a step with its input, sorted: what runs at once has no order. */
  readonly calls: string[];
  /** The ledger's rows but for their hours. */
  readonly rows: { [column: string]: Json }[];
  readonly failed: boolean;
}

let ministack: Ministack;
let folder: string;
let machines: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'trace-'));
  ministack = await startForFunctions('0.02');
  const { outputs } = await deploy(ministack, 'test/conformance/deploy/fake-app.ts', { context: { folder } });
  machines = outputs.fake!;
});
afterAll(async () => {
  await ministack?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function onOneMachine(plan: Plan): Promise<Trace> {
  const place = await mkdtemp(path.join(folder, 'local-'));
  const ledger = openLocalLedger(place);
  const counts = new Map<string, number>();
  const calls: { step: string; input: Json }[] = [];
  const steps = fakeSteps({
    count: async (key) => {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return counts.get(key)!;
    },
    tell: async (line) => void calls.push(line),
  });
  const lake = lakeOf({
    platform: { clock: { now: () => Date.now(), sleep: async () => {} }, ledger },
    report: { note: () => {}, progress: () => {} },
    signal: new AbortController().signal,
  }) as Lake;
  const log = await StepLog.open(ledger, { run: 'the-run', attempt: 1 });
  const runner = new Runner({
    run: 'the-run',
    lake,
    steps: new Map(steps.map((s) => [s.name, s])),
    log,
    events: openEvents(),
  });
  await runner.execute(plan);
  return traceOf(calls, ledger, 'the-run');
}

async function onAws(index: number): Promise<Trace & { status: string; cause?: string }> {
  const execution = await execute(stepFunctions(ministack), machines[`Plan${index}`]!);
  const place = path.join(folder, String(index));
  const text = await readFile(path.join(place, 'calls.jsonl'), 'utf8');
  const calls = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { step: string; input: Json });
  const ledger = openLocalLedger(path.join(place, 'ledger'));
  const run = (await ledger.read<{ run: string }>('run/current'))!.value.run;
  return { ...(await traceOf(calls, ledger, run)), status: execution.status, cause: execution.cause };
}

async function traceOf(calls: object[], ledger: LedgerStore, run: string): Promise<Trace> {
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll(run, 'THE-RUN')) as Json;
  const rows = (await ledger.rows('steps')).map((row) => {
    const { started_at, ended_at, ...rest } = row;
    return plain(rest) as { [column: string]: Json };
  });
  return {
    calls: calls.map((call) => JSON.stringify(plain(call))).sort(),
    rows: rows.sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1)),
    failed: rows.some((row) => row.status === 'failed'),
  };
}

describe('the state machine does what the runner does', () => {
  it.each(Object.entries(PLANS).map(([name, plan], index) => [name, plan, index] as const))(
    '%s',
    async (_name, plan, index) => {
      const local = await onOneMachine(plan);
      const aws = await onAws(index);

      expect(aws.rows).toEqual(local.rows);
      expect(aws.calls).toEqual(local.calls);
      expect(aws.status).toBe(local.failed ? 'FAILED' : 'SUCCEEDED');
      if (local.failed)
        expect(aws.cause).toContain(String(local.rows.find((r) => r.status === 'failed')!.next));
    },
  );
});
