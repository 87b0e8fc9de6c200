import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../ports/platform.ts';
import type { RateLimits } from '../../ports/rate-limits.ts';
import { askWindow, EMPTY_WINDOW, pauseWindow, type WindowState } from '../sliding-window.ts';
import { AwsCallError, called, isNamed } from './errors.ts';

export interface DynamoLimitsOptions {
  readonly dynamo: DynamoDBDocumentClient;
  /** DynamoDB table with partition key `bucket`, text; `expires` is its time to live, epoch seconds. */
  readonly table: string;
  readonly clock: Clock;
}

/** An unused bucket is forgotten a day after anything in it counts. */
const KEPT_MS = 24 * 3600 * 1000;
/** Everybody who loses a race sees the winner's grant, so a few rounds end any rush. */
const ATTEMPTS = 60;
const PAUSE_MS = 25;

interface Bucket {
  readonly state: WindowState;
  /** Absent: nobody has written it yet. */
  readonly version?: number;
}

/** Rate limits shared by all functions: one item a bucket, replaced only by a writer who has seen its newest version. */
export function openDynamoRateLimits({ dynamo, table, clock }: DynamoLimitsOptions): RateLimits {
  async function read(name: string): Promise<Bucket> {
    const get = new GetCommand({ TableName: table, Key: { bucket: name }, ConsistentRead: true });
    const { Item } = await called(`Reading the limit ${name}`, name, dynamo.send(get));
    if (!Item) return { state: EMPTY_WINDOW };
    return { state: { granted: Item.granted, pausedUntil: Item.pausedUntil }, version: Item.version };
  }

  /** @returns whether nobody else was faster */
  async function replace(name: string, { version }: Bucket, state: WindowState): Promise<boolean> {
    const counts = Math.max(clock.now(), state.pausedUntil, ...state.granted);
    const put = new PutCommand({
      TableName: table,
      Item: {
        bucket: name,
        ...state,
        version: (version ?? 0) + 1,
        expires: Math.ceil((counts + KEPT_MS) / 1000),
      },
      // `bucket` is a reserved word.
      ...(version === undefined
        ? {
            ConditionExpression: 'attribute_not_exists(#bucket)',
            ExpressionAttributeNames: { '#bucket': 'bucket' },
          }
        : {
            ConditionExpression: '#version = :seen',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':seen': version },
          }),
    });
    try {
      await dynamo.send(put);
      return true;
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) return false;
      return called(`Writing the limit ${name}`, name, Promise.reject(error));
    }
  }

  /** Repeats it after another writer was first. */
  async function settle<T>(name: string, once: (bucket: Bucket) => Promise<T | undefined>): Promise<T> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const done = await once(await read(name));
      if (done !== undefined) return done;
      await clock.sleep(Math.random() * PAUSE_MS * Math.min(attempt, 10));
    }
    throw new AwsCallError(`The limit ${name} could not be asked: others were faster ${ATTEMPTS} times`, {
      about: name,
      hint: 'Run again; if it stays so, fewer tables must be loaded at once.',
    });
  }

  return {
    take: (name, perMinute) =>
      settle(name, async (bucket) => {
        const answer = askWindow(bucket.state, perMinute, clock.now());
        if (!answer.granted) return answer;
        return (await replace(name, bucket, answer.state)) ? { granted: true, waitMs: 0 } : undefined;
      }),
    async pause(name, until) {
      await settle(
        name,
        async (bucket) => (await replace(name, bucket, pauseWindow(bucket.state, until))) || undefined,
      );
    },
  };
}
