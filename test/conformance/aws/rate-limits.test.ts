import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDynamoRateLimits } from '../../../src/platform/aws/rate-limits.ts';
import type { Clock } from '../../../src/ports/platform.ts';
import { handClock, rateLimitsContract } from '../../contract/rate-limits.ts';
import { type Ministack, startMinistack } from './ministack.ts';
import { dynamoClient, newTable } from './tables.ts';

let ministack: Ministack;
let dynamo: DynamoDBDocumentClient;
beforeAll(async () => {
  ministack = await startMinistack();
  dynamo = dynamoClient(ministack.endpoint);
});
afterAll(() => ministack.stop());

const open = async (clock: Clock) =>
  openDynamoRateLimits({ dynamo, table: await newTable(dynamo, 'bucket'), clock });

rateLimitsContract({ open, close: async () => undefined, histories: 10 });

describe('rate limits in DynamoDB', () => {
  it('are one for functions that know nothing of each other', async () => {
    const clock = handClock(1_000_000);
    const table = await newTable(dynamo, 'bucket');
    const functions = Array.from({ length: 6 }, () =>
      openDynamoRateLimits({ dynamo: dynamoClient(ministack.endpoint), table, clock }),
    );

    const answers = await Promise.all(
      functions.flatMap((limits) => [limits.take('c', 5), limits.take('c', 5)]),
    );

    expect(answers.filter((answer) => answer.granted)).toHaveLength(5);
  });

  it('are forgotten no sooner than they have lost their meaning', async () => {
    const clock = handClock(1_000_000);
    const table = await newTable(dynamo, 'bucket');
    const limits = openDynamoRateLimits({ dynamo, table, clock });

    await limits.pause('c', clock.now() + 7 * 24 * 3600 * 1000);
    await limits.take('d', 5);

    const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: table }));
    for (const { pausedUntil, granted, expires } of Items) {
      expect(expires * 1000).toBeGreaterThan(Math.max(pausedUntil, ...granted) + 3600 * 1000);
    }
    expect(Items).toHaveLength(2);
  });
});
