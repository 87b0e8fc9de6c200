import { afterAll, beforeAll, expect, it } from 'vitest';
import { answer, type InvocationContext } from '../../../lambda/core.ts';
import { openDynamoLedger } from '../../../src/platform/aws/ledger.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import type { LedgerStore } from '../../../src/ports/ledger.ts';
import { slo } from '../../../src/slo/feature.ts';
import { watchLevels } from '../../../src/slo/watch.ts';
import { type Nights, openNights } from '../../slo/nights.ts';
import { type Ministack, startMinistack } from './ministack.ts';
import { objectsInMemory } from './objects-in-memory.ts';
import { dynamoClient, newTable } from './tables.ts';

const TABLES = ['canvas.submissions', 'canvas.users'];

let ministack: Ministack;
let nights: Nights;
let ledger: LedgerStore;
beforeAll(async () => {
  ministack = await startMinistack();
  const dynamo = dynamoClient(ministack.endpoint);
  const table = await newTable(dynamo, 'pk', 'sk');
  ledger = openDynamoLedger({
    dynamo,
    table,
    objects: objectsInMemory(),
    clock: systemClock,
    added: slo.opsTables,
  });
  nights = await openNights(TABLES);
  for (let day = 1; day <= 20; day++) {
    nights.night(TABLES[1]!, day);
    nights.night(TABLES[0]!, day, day === 19 ? Date.UTC(2026, 10, 18, 1) : undefined);
  }
  for (const [name, rows] of nights.rows) await ledger.append(name, rows);
  await nights.write(`objectives:
  submissions-fresh: { tables: [canvas.submissions], age: 26h, target: 99% }
  users-fresh: { tables: [canvas.users], age: 26h, target: 99.5%, window: 7d }
  ready: { tables: [canvas.users], by: '07:00', target: 90%, window: calendar month }
`);
});
afterAll(async () => {
  await nights.remove();
  await ministack.stop();
});

it('the function answers from a ledger in DynamoDB as one machine does from the same rows', async () => {
  const local = { ...nights.lake(), features: [slo] };
  const onAws = { ...local, platform: { ...local.platform, ledger } };
  const context = { lake: onAws } as unknown as InvocationContext;
  for (const at of [Date.UTC(2026, 10, 19, 2, 30), Date.UTC(2026, 10, 19, 5), Date.UTC(2026, 10, 20, 8)]) {
    nights.now = at;
    const theirs = await answer({ call: 'watch', feature: 'slo' }, context);
    const ours = await watchLevels(local as unknown as Parameters<typeof watchLevels>[0]);
    expect(theirs).toEqual(ours);
    expect(ours.metrics.length).toBeGreaterThan(15);
  }
  // Told once, in the one ledger as in the other.
  const told = async (of: Pick<LedgerStore, 'rows'>) => (await of.rows('alert_changes')).map((row) => row.id);
  expect(await told(ledger)).toEqual(await told(local.platform.ledger as unknown as LedgerStore));
  expect(await told(ledger)).not.toEqual([]);
});
