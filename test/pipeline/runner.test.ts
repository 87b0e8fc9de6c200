import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LakeError } from '../../src/errors.ts';
import type { Json } from '../../src/json.ts';
import { RunStoppedError } from '../../src/pipeline/errors.ts';
import { openEvents } from '../../src/pipeline/event-bus.ts';
import { type Plan, type PlanNode, planFor } from '../../src/pipeline/plan.ts';
import { Runner } from '../../src/pipeline/runner.ts';
import { failuresOf, StepLog } from '../../src/pipeline/step-log.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { LedgerUnusableError } from '../../src/ports/errors.ts';
import type { EventSubscriber, RunEvent } from '../../src/ports/events.ts';
import type { LedgerStore } from '../../src/ports/ledger.ts';
import type { Lake, Step } from '../../src/ports/step.ts';
import { lakeOf } from '../lake-of.ts';

let folder: string;
let ledger: LedgerStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-'));
  ledger = await openLocalLedger(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A step made of a function; every call is remembered. */
class Steps {
  readonly calls: { step: string; input: Json }[] = [];
  readonly all = new Map<string, Step>();

  add(name: string, work: (input: Json) => Json | Promise<Json>): this {
    this.all.set(name, {
      name,
      run: async (input) => {
        this.calls.push({ step: name, input });
        return work(input);
      },
    });
    return this;
  }

  named(step: string): Json[] {
    return this.calls.filter((call) => call.step === step).map((call) => call.input);
  }
}

const slept: number[] = [];
function lakeWith(signal = new AbortController().signal): Lake {
  const clock = { now: () => 0, sleep: async (ms: number) => void slept.push(ms) };
  return lakeOf({ platform: { clock, ledger }, signal }) as Lake;
}

/** The names of all steps of a plan. */
const stepsOf = (nodes: readonly PlanNode[]): string[] =>
  nodes.flatMap((node) => {
    if (node.kind === 'task' || node.kind === 'wait') return [node.step];
    return stepsOf(
      node.kind === 'sequence' ? node.nodes : node.kind === 'parallel' ? node.branches : [node.body],
    );
  });

/** Whatever a run does, it does the same though one of those who hear of it fails. */
const BROKEN: EventSubscriber = {
  name: 'broken',
  on: () => {
    throw new Error('no terminal');
  },
};

async function execute(
  main: PlanNode[],
  steps: Steps,
  options: { attempt?: number; signal?: AbortSignal; sources?: string[] } = {},
) {
  const events: RunEvent[] = [];
  const plan: Plan = {
    main: { kind: 'sequence', nodes: main },
    closing: { kind: 'sequence', nodes: [{ kind: 'task', step: 'close' }] },
  };
  if (!steps.all.has('close')) steps.add('close', () => null);
  const log = await StepLog.open(ledger, {
    run: 'r1',
    attempt: options.attempt ?? 1,
    sources: options.sources,
  });
  const lake = lakeWith(options.signal);
  await new Runner({
    run: 'r1',
    lake,
    steps: steps.all,
    log,
    events: openEvents(BROKEN, { name: 'test', on: (event) => void events.push(event) }),
  }).execute(plan);
  return events;
}

const each = (body: PlanNode, limit = 2): PlanNode => ({
  kind: 'each',
  name: 'tables',
  items: '$last.items',
  label: 'name',
  limit,
  body,
});

describe('Runner', () => {
  it('hands each step what its template asks for, or the output before it', async () => {
    const steps = new Steps().add('first', () => ({ n: 1 })).add('second', (input) => input);
    await execute(
      [
        { kind: 'task', step: 'first', input: { run: '$run', fixed: 7 } },
        { kind: 'task', step: 'second' },
        { kind: 'task', step: 'second', input: { deep: '$last.n' } },
      ],
      steps,
    );
    expect(steps.named('first')).toEqual([{ run: 'r1', fixed: 7 }]);
    expect(steps.named('second')[0]).toEqual({ n: 1 });
  });

  it('names the source of a failed step that is about none of its items', async () => {
    const sources = { lms2: { kind: 'canvas' }, registrar: { kind: 'postgres' } };
    const { main } = planFor({ sources } as never, []);
    const steps = new Steps();
    for (const step of stepsOf([main])) steps.add(step, () => ({}));
    const fails = () => {
      throw new LakeError('The secret is not set.', { hint: 'Set it.' });
    };
    // A list that is not there is a mistake of the plan: it has no step, and yet a place.
    steps.add('lms-plan', () => ({}));
    for (const step of ['apply-catalog', 'sis-start', 'drift-poll']) steps.add(step, fails);

    const branches = main.nodes.filter(({ kind }) => kind === 'parallel');
    await execute([...branches], steps, { sources: Object.keys(sources) });

    const failures = await failuresOf(ledger, 'r1');
    expect(failures.map(({ step, about, source }) => [step, about, source]).sort()).toEqual([
      ['drift-poll', '', 'registrar'],
      ['plan', '', 'lms2'],
      ['sis-start', '', 'registrar'],
    ]);
  });

  it('gives every step a place of its own, also where a campus has two sources of a kind', async () => {
    const sources = {
      canvas: { kind: 'canvas' },
      canvas2: { kind: 'canvas' },
      registrar: { kind: 'postgres' },
      bursar: { kind: 'postgres' },
    };
    const { main, closing } = planFor({ sources } as never, []);
    const lists: Json = { datasets: [], tables: [], rounds: [], waves: [] };
    const steps = new Steps();
    for (const step of stepsOf([main, closing])) steps.add(step, () => lists);
    await execute([main, closing], steps);

    const done = await ledger.rows('steps', 'r1/');
    expect(new Set(done.map(({ path }) => path)).size).toBe(steps.calls.length);
    expect(done.map(({ step }) => step).filter((step) => step === 'drift-poll')).toHaveLength(2);
  });

  it('waits as long as a waiting step asks', async () => {
    slept.length = 0;
    let left = 2;
    const steps = new Steps().add(
      'poll',
      (): Json => (left-- > 0 ? { done: false, retryAfterSeconds: 5 } : { done: true }),
    );
    await execute([{ kind: 'wait', step: 'poll', input: {} }], steps);
    expect(slept).toEqual([5000, 5000]);
    expect(steps.named('poll')).toHaveLength(3);
  });

  it('repeats a body while it asks for it, and gives up after the last round', async () => {
    let again = 2;
    const steps = new Steps()
      .add('ask', () => ({ again: again-- > 0 }))
      .add('always', () => ({ again: true }));
    await execute([{ kind: 'repeat', most: 4, body: { kind: 'task', step: 'ask' } }], steps);
    expect(steps.named('ask')).toHaveLength(3);

    await execute([{ kind: 'repeat', most: 2, body: { kind: 'task', step: 'always' } }], steps);
    expect(steps.named('always')).toHaveLength(2);
    expect(await failuresOf(ledger, 'r1')).toMatchObject([
      { code: 'repeated-too-often', message: expect.stringContaining('2 times') },
    ]);
  });

  it('spares the other items when one fails, and tells cause and next action', async () => {
    const steps = new Steps()
      .add('list', () => ({ items: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }))
      .add('load', (input) => {
        if ((input as { name: string }).name === 'b') {
          throw new LakeError('It is broken', { hint: 'Fix it', cause: new Error("O'Brien is no integer") });
        }
        return null;
      });
    const nodes: PlanNode[] = [{ kind: 'task', step: 'list' }, each({ kind: 'task', step: 'load' })];
    const events = await execute([{ kind: 'sequence', title: 'Load', nodes }], steps);

    expect(steps.named('load')).toHaveLength(3);
    expect(await failuresOf(ledger, 'r1')).toEqual([
      {
        step: 'load',
        about: 'b',
        code: 'lake',
        class: 'LakeError',
        source: '',
        retryable: false,
        reach: 'item',
        message: 'It is broken.',
        hint: 'Fix it.',
      },
    ]);
    expect(events.filter((e) => e.type === 'items').at(-1)).toMatchObject({ done: 2, failed: 1, total: 3 });
  });

  it('counts no items for the display outside of a stage', async () => {
    const steps = new Steps().add('list', () => ({ items: [{ name: 'a' }] })).add('load', () => null);
    const events = await execute(
      [{ kind: 'task', step: 'list' }, each({ kind: 'task', step: 'load' })],
      steps,
    );
    expect(events.filter((e) => e.type === 'items')).toEqual([]);
  });

  it('never has more items under way than the limit', async () => {
    let now = 0;
    let most = 0;
    const steps = new Steps()
      .add('list', () => ({ items: Array.from({ length: 20 }, (_, n) => ({ name: `t${n}` })) }))
      .add('load', async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 1));
        now--;
        return null;
      });
    await execute([{ kind: 'task', step: 'list' }, each({ kind: 'task', step: 'load' }, 3)], steps);
    expect(most).toBe(3);
  });

  it('executes the closing even when the main part fails', async () => {
    const steps = new Steps().add('boom', () => {
      throw new Error('no');
    });
    await execute([{ kind: 'task', step: 'boom' }], steps);
    expect(steps.named('close')).toHaveLength(1);
  });

  it('begins nothing more once the ledger takes no more', async () => {
    const good = ledger;
    let taken = 0;
    const append: LedgerStore['append'] = async (...given) => {
      if (++taken > 1) throw new LedgerUnusableError('The disk is full.', { hint: 'Free some.' });
      return good.append(...given);
    };
    ledger = { ...good, append };
    const steps = new Steps()
      .add('list', () => ({ items: ['a', 'b', 'c'].map((name) => ({ name })) }))
      .add('load', () => null);

    await execute([{ kind: 'task', step: 'list' }, each({ kind: 'task', step: 'load' }, 1)], steps);

    expect(steps.named('load')).toHaveLength(1);
    expect(steps.named('close')).toEqual([]);
  });

  it('stops when asked, and says that the run can be continued', async () => {
    const stop = new AbortController();
    const steps = new Steps().add('first', () => {
      stop.abort();
      return null;
    });
    const nodes: PlanNode[] = [
      { kind: 'task', step: 'first' },
      { kind: 'task', step: 'never' },
    ];
    steps.add('never', () => null);
    await expect(execute(nodes, steps, { signal: stop.signal })).rejects.toBeInstanceOf(RunStoppedError);
    expect(steps.named('never')).toEqual([]);
    expect(steps.named('close')).toEqual([]);
  });

  it('tries again what has failed when the run is continued', async () => {
    const nodes: PlanNode[] = [{ kind: 'task', step: 'load' }];
    const failing = new Steps().add('load', () => {
      throw new Error('no');
    });
    await execute(nodes, failing);
    const steps = new Steps().add('load', () => null);

    await execute(nodes, steps, { attempt: 2 });

    expect(steps.named('load')).toHaveLength(1);
    expect(await failuresOf(ledger, 'r1')).toEqual([]);
  });

  it('does nothing twice that succeeded, wherever an earlier attempt ended', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 11 }), async (crashAt) => {
        await rm(folder, { recursive: true, force: true });
        ledger = await openLocalLedger(folder);
        const effects: string[] = [];
        const attempt = async (number: number, dieAt: number) => {
          let count = 0;
          const stop = new AbortController();
          const act = (name: string, output: Json) => {
            if (count++ === dieAt) stop.abort();
            if (stop.signal.aborted) throw new Error('killed in the middle');
            effects.push(name);
            return output;
          };
          const steps = new Steps()
            .add('list', () => act('list', { items: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name })) }))
            .add('load', (input) => act(`load ${(input as { name: string }).name}`, input))
            .add('stage', (input) => act(`stage ${(input as { name: string }).name}`, input))
            .add('close', () => act('close', null));
          const body: PlanNode = {
            kind: 'sequence',
            nodes: [
              { kind: 'task', step: 'load' },
              { kind: 'task', step: 'stage' },
            ],
          };
          await execute([{ kind: 'task', step: 'list' }, each(body, 1)], steps, {
            attempt: number,
            signal: stop.signal,
          });
        };
        await attempt(1, crashAt).catch((error: unknown) => expect(error).toBeInstanceOf(RunStoppedError));
        await attempt(2, -1);
        expect([...effects].sort()).toEqual([...new Set(effects)].sort());
        expect(effects).toHaveLength(12);
      }),
      { numRuns: 12 },
    );
  });
});
