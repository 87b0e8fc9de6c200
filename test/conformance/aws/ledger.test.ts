import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DynamoLedgerOptions, openDynamoLedger } from '../../../src/platform/aws/ledger.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { LedgerConflictError, RunLockedError } from '../../../src/ports/errors.ts';
import { FOLLOWING } from '../../../src/ports/ledger.ts';
import { ledgerStoreContract } from '../../contract/ledger-store.ts';
import { type Ministack, startMinistack } from './ministack.ts';
import { objectsInMemory } from './objects-in-memory.ts';
import { dynamoClient, newTable } from './tables.ts';

let ministack: Ministack;
let dynamo: DynamoDBDocumentClient;
beforeAll(async () => {
  ministack = await startMinistack();
  dynamo = dynamoClient(ministack.endpoint);
});
afterAll(() => ministack.stop());

async function newLedger(): Promise<DynamoLedgerOptions & { objects: ReturnType<typeof objectsInMemory> }> {
  const table = await newTable(dynamo, 'pk', 'sk');
  return { dynamo, table, objects: objectsInMemory(), clock: systemClock };
}

let options: DynamoLedgerOptions;
ledgerStoreContract({
  open: async () => {
    options = await newLedger();
    return openDynamoLedger(options);
  },
  again: async () => openDynamoLedger({ ...options, dynamo: dynamoClient(ministack.endpoint) }),
  close: async () => undefined,
});

/** A client that loses the first answer to each write: the call was done, and looks as if it had not been. */
function forgetful(): DynamoDBDocumentClient {
  const client = dynamoClient(ministack.endpoint);
  const { requestHandler } = client.config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = async (request, options) => {
    const answer = await handle(request, options);
    if (!request.headers['amz-sdk-request']?.startsWith('attempt=1')) return answer;
    throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'TimeoutError' });
  };
  return client;
}

describe('a ledger in DynamoDB', () => {
  let place: Awaited<ReturnType<typeof newLedger>>;
  beforeEach(async () => {
    place = await newLedger();
  });

  it('takes a write whose answer was lost for its own, and not for a conflict', async () => {
    const ledger = openDynamoLedger({ ...place, dynamo: forgetful() });

    const first = await ledger.write('k', 'a', undefined);
    const second = await ledger.write('k', 'b', first);

    expect(await openDynamoLedger(place).read('k')).toEqual({ value: 'b', version: second });
    await expect(ledger.write('k', 'c', first)).rejects.toThrow(LedgerConflictError);
  });

  it('appends once though the answer was lost, and takes the lock', async () => {
    const ledger = openDynamoLedger({ ...place, dynamo: forgetful() });

    await ledger.append('runs', [{ id: 'a' }, { id: 'b' }]);
    await ledger.append('runs', [{ id: 'a', again: true }]);
    const held = await ledger.lock('one');

    expect(await ledger.rows('runs')).toEqual([{ id: 'a', again: true }, { id: 'b' }]);
    await expect(openDynamoLedger(place).lock('two')).rejects.toThrow(RunLockedError);
    await held.release();
  });

  it('keeps what is too long for an item beside it, and removes what nothing names any more', async () => {
    const ledger = openDynamoLedger(place);
    const long = 'x'.repeat(500_000);

    const first = await ledger.write('k', long, undefined);
    await ledger.append('steps', [{ id: 's', output: long }]);
    expect(place.objects.keys()).toHaveLength(2);
    const second = await ledger.write('k', `${long}y`, first);
    await expect(ledger.write('k', `${long}z`, first)).rejects.toThrow(LedgerConflictError);
    await ledger.append('steps', [{ id: 's', output: `${long}y` }]);

    expect(place.objects.keys()).toHaveLength(2);
    expect((await ledger.read('k'))?.value).toBe(`${long}y`);
    await ledger.write('k', 'short', second);
    await ledger.append('steps', [{ id: 's', output: 'short' }]);
    expect(place.objects.keys()).toEqual([]);
  });

  it('frees the right to run of a holder that gives no sign of life any more', async () => {
    let now = 1_000_000;
    const clock = { ...systemClock, now: () => now };
    const dead = openDynamoLedger({ ...place, clock, leaseMs: 60_000 });
    const ledger = openDynamoLedger({ ...place, clock });
    const lost = await dead.lock('a machine that burns');

    now += 60_000;
    await expect(ledger.lock('next')).rejects.toThrow('a machine that burns');
    now += 1;
    await ledger.lock('next');

    await expect(dead.lock('back again')).rejects.toThrow('next');
    // It does not free what is somebody else's by now.
    await lost.release();
    await expect(dead.lock('back again')).rejects.toThrow('next');
  });

  it('lets a run wait for the end of a round of following, and nobody else', async () => {
    const round = await openDynamoLedger(place).lock(FOLLOWING);
    let taken = false;

    const waiting = openDynamoLedger(place)
      .lock('a run')
      .then((held) => {
        taken = true;
        return held;
      });

    await expect(openDynamoLedger(place).lock(FOLLOWING)).rejects.toThrow(RunLockedError);
    expect(taken).toBe(false);
    await round.release();
    const run = await waiting;
    await expect(openDynamoLedger(place).lock(FOLLOWING)).rejects.toThrow('a run');
    await run.release();
    // A round that never ends, as of a function whose signs of life go on, is not waited for for ever.
    let now = 1_000_000;
    const sleep = async () => {
      now += 300_000;
    };
    const clock = { ...systemClock, now: () => now, sleep };
    await openDynamoLedger({ ...place, clock, leaseMs: 3_600_000 }).lock(FOLLOWING);
    await expect(openDynamoLedger({ ...place, clock }).lock('a run')).rejects.toThrow(FOLLOWING);
  });

  it('keeps the right of a holder that is alive beyond its first lease', async () => {
    const held = await openDynamoLedger({ ...place, leaseMs: 200 }).lock('alive');

    await sleep(700);

    await expect(openDynamoLedger(place).lock('next')).rejects.toThrow('alive');
    await held.release();
    await (await openDynamoLedger(place).lock('next')).release();
  });
});
