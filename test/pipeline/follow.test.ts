import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Json } from '../../src/json.ts';
import { openEvents } from '../../src/pipeline/event-bus.ts';
import { Follower } from '../../src/pipeline/follow.ts';
import type { Plan } from '../../src/pipeline/plan.ts';
import { Runner } from '../../src/pipeline/runner.ts';
import { StepLog } from '../../src/pipeline/step-log.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import type { RunEvent } from '../../src/ports/events.ts';
import type { LedgerStore } from '../../src/ports/ledger.ts';
import type { Lake, Step } from '../../src/ports/step.ts';
import { lakeOf } from '../lake-of.ts';

let folder: string;
let ledger: LedgerStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'follow-'));
  ledger = openLocalLedger(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const PLAN: Plan = {
  main: {
    kind: 'sequence',
    nodes: [
      {
        kind: 'parallel',
        branches: [
          {
            kind: 'sequence',
            title: 'Load one',
            nodes: [
              { kind: 'task', step: 'plan-one' },
              {
                kind: 'each',
                name: 'one',
                items: '$last.tables',
                label: 'name',
                limit: 3,
                body: {
                  kind: 'sequence',
                  nodes: [
                    { kind: 'repeat', most: 2, body: { kind: 'task', step: 'fetch' } },
                    { kind: 'task', step: 'stage', input: '$item' },
                  ],
                },
              },
            ],
          },
          { kind: 'sequence', title: 'Load two', nodes: [{ kind: 'task', step: 'breaks' }] },
        ],
      },
      {
        kind: 'sequence',
        title: 'Build',
        nodes: [
          { kind: 'task', step: 'plan-models' },
          {
            kind: 'each',
            name: 'waves',
            items: '$last.waves',
            label: 'wave',
            limit: 1,
            body: {
              kind: 'each',
              name: 'models',
              items: '$item.models',
              label: 'name',
              limit: 4,
              body: { kind: 'task', step: 'build' },
            },
          },
        ],
      },
    ],
  },
  closing: { kind: 'sequence', title: 'Tell', nodes: [{ kind: 'task', step: 'close' }] },
};

const named = (...names: string[]) => names.map((name) => ({ name }));
const STEPS: Record<string, (input: Json) => Json> = {
  'plan-one': () => ({ tables: named('a', 'b', 'c', 'bad') }),
  fetch: () => ({ again: false }),
  stage: (input) => {
    if ((input as { name: string }).name === 'bad') throw new Error('bad data');
    return null;
  },
  breaks: () => {
    throw new Error('no way in');
  },
  'plan-models': () => ({
    waves: [
      { wave: 1, models: named('m', 'n') },
      { wave: 2, models: named('o') },
    ],
  }),
  build: () => null,
  close: () => null,
};

/** What a person sees of events in the end: how each stage ended, how far its items came, the remarks. */
function seen(events: readonly RunEvent[]) {
  const stages: Record<string, string> = {};
  const items: Record<string, unknown> = {};
  for (const event of events) {
    if (event.type === 'stage') stages[event.title] = event.state;
    if (event.type === 'items') items[event.title] = [event.done, event.failed, event.total];
  }
  return { stages, items };
}

it('tells from the ledger what the runner told, each thing once, whenever it looks', async () => {
  const steps = new Map<string, Step>(
    Object.entries(STEPS).map(([name, run]) => [name, { name, run: async (input) => run(input) }]),
  );
  const told: RunEvent[] = [];
  const followed: RunEvent[] = [];
  const clock = { now: () => 0, sleep: async () => undefined };
  const signal = new AbortController().signal;
  const lake = lakeOf({ platform: { clock, ledger }, signal }) as Lake;
  const log = await StepLog.open(ledger, { run: 'r1', attempt: 1 });
  log.remark('a', 'a remark', 0);
  const follower = new Follower(
    'r1',
    PLAN,
    openEvents({ name: 'test', on: (event) => void followed.push(event) }),
  );
  const look = async (ended: boolean) =>
    follower.tell(await ledger.rows('steps', 'r1/'), await ledger.rows('remarks', 'r1/'), ended);
  await new Runner({
    run: 'r1',
    lake,
    steps,
    log,
    events: openEvents({ name: 'test', on: (event) => void told.push(event) }),
  }).execute(PLAN);
  await look(false);
  await look(true);
  await look(true);

  expect(seen(followed)).toEqual(seen(told));
  expect(seen(followed)).toEqual({
    stages: { 'Load one': 'done', 'Load two': 'failed', Build: 'done', Tell: 'done' },
    items: { 'Load one': [3, 1, 4], Build: [3, 0, 3] },
  });
  const keys = followed.map((event) => JSON.stringify(event));
  expect(new Set(keys).size).toBe(keys.length);
  expect(followed.filter((event) => event.type === 'note')).toEqual([
    { type: 'note', about: 'a', text: 'a remark' },
  ]);
});

it('leaves open what goes on, and ends as failed what was left', async () => {
  const events: RunEvent[] = [];
  const follower = new Follower(
    'r1',
    PLAN,
    openEvents({ name: 'test', on: (event) => void events.push(event) }),
  );
  const row = (path: string, output: Json = null) => ({
    id: `r1/${path}`,
    path,
    status: 'succeeded',
    output: JSON.stringify(output),
  });
  const planned = row('main/Load one/plan-one', { tables: named('a', 'b') });
  const staged = row('main/Load one/one[a]/stage');

  follower.tell([planned], [], false);
  follower.tell([planned, staged], [], false);
  const before = seen(events);
  follower.tell([planned, staged], [], true);

  expect(before).toEqual({ stages: { 'Load one': 'started' }, items: { 'Load one': [1, 0, 2] } });
  expect(seen(events).stages).toEqual({ 'Load one': 'failed' });
});
