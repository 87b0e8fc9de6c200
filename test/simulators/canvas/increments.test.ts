import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CanvasSimulator } from '../../../src/simulators/canvas/server.ts';
import type { Boundaries } from '../../../src/simulators/canvas/time-range.ts';
import type { Change } from '../../../src/simulators/college/college.ts';
import { propertyRuns } from '../../property-runs.ts';
import { type Dap, login } from './dap.ts';
import type { FlatRecord } from './read-formats.ts';
import { collegeOf, OPENS, remove, simulatorOf, USERS, upsert } from './small-college.ts';

const HOUR = 3_600_000;

/** A history: at each step an instant passes and one key is written or deleted. Keys and instants collide often. */
const histories = fc
  .array(
    fc.record({
      wait: fc.constantFrom(0, 1, 500, HOUR),
      key: fc.bigInt({ min: 1n, max: 6n }),
      dies: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    let at = OPENS;
    const changes = new Map<string, Change>();
    for (const [i, { wait, key, dies }] of steps.entries()) {
      at += wait;
      const row = { id: key, name: `version ${i}`, workflow_state: 'registered' };
      changes.set(`${at}/${key}`, dies ? remove(at, { id: key }) : upsert(at, row));
    }
    return [...changes.values()].sort((a, b) => a.at - b.at);
  });

/** When the lake comes, as instants after the opening; some fall exactly on a change. */
const visits = fc.array(fc.constantFrom(0, 1, 499, 500, HOUR, HOUR + 1, 3 * HOUR), {
  minLength: 1,
  maxLength: 8,
});

function apply(state: Map<string, FlatRecord>, records: readonly FlatRecord[]): void {
  for (const record of records) {
    const key = record['key.id']!;
    const known = state.get(key);
    if (known && known['meta.ts']! > record['meta.ts']!) continue;
    if (record['meta.action'] === 'D') state.delete(key);
    else state.set(key, record);
  }
}

function namesOf(state: Map<string, FlatRecord>): [string, string][] {
  return [...state].map(([id, r]): [string, string] => [id, r['value.name']!]).sort();
}

async function follow(simulator: CanvasSimulator, dap: Dap, waits: readonly number[]): Promise<void> {
  const state = new Map<string, FlatRecord>();
  const snapshot = await dap.ask('canvas.users', { format: 'jsonl' });
  apply(state, await dap.records(snapshot.body, 'jsonl'));
  let since = snapshot.body.at;
  for (const wait of waits) {
    simulator.clock.advance(wait);
    const { body } = await dap.ask('canvas.users', { format: 'jsonl', since });
    expect(body.since).toBe(since);
    apply(state, await dap.records(body, 'jsonl'));
    since = body.until;
    const truth = simulator
      .truth('canvas', 'users')
      .map((r): [string, string] => [String(r.id), String(r.name)]);
    expect(namesOf(state)).toEqual(truth.sort());
  }
}

test.each<Boundaries>(['since-inclusive', 'since-exclusive'])(
  'a snapshot and chained increments give the truth at every visit, %s',
  async (boundaries) => {
    const property = fc.asyncProperty(histories, visits, async (changes, waits) => {
      const simulator = await simulatorOf(collegeOf([USERS, changes]), OPENS, {
        boundaries,
        rowsPerFile: 3,
        tokenSeconds: 86_400,
      });
      try {
        await follow(simulator, await login(simulator), waits);
      } finally {
        await simulator.stop();
      }
    });
    await fc.assert(property, { numRuns: propertyRuns(15) });
  },
);

test('the readings differ at the edges, and only there', async () => {
  const changes = [1000, 2000, 3000].map((ms) => upsert(OPENS + ms, { id: BigInt(ms), name: 'x' }));
  const keysIn = async (boundaries: Boundaries): Promise<unknown[]> => {
    const simulator = await simulatorOf(collegeOf([USERS, changes]), OPENS + 3000, { boundaries });
    const dap = await login(simulator);
    const since = new Date(OPENS + 1000).toISOString();
    const { body } = await dap.ask('canvas.users', { format: 'jsonl', since });
    const keys = (await dap.records(body, 'jsonl')).map((r) => r['key.id']);
    await simulator.stop();
    return keys;
  };
  expect(await keysIn('since-inclusive')).toEqual(['1000', '2000']);
  expect(await keysIn('since-exclusive')).toEqual(['2000', '3000']);
});

test('a range with an end leaves out what changed after it', async () => {
  const changes = [
    upsert(OPENS + 1000, { id: 1n, name: 'first' }),
    upsert(OPENS + 1500, { id: 2n, name: 'stays' }),
    upsert(OPENS + 5000, { id: 1n, name: 'second' }),
  ];
  const simulator = await simulatorOf(collegeOf([USERS, changes]), OPENS + 9000);
  const dap = await login(simulator);
  const range = { since: new Date(OPENS).toISOString(), until: new Date(OPENS + 3000).toISOString() };
  const { body } = await dap.ask('canvas.users', { format: 'jsonl', ...range });
  expect(body).toMatchObject(range);
  expect((await dap.records(body, 'jsonl')).map((r) => r['value.name'])).toEqual(['stays']);
  await simulator.stop();
});
