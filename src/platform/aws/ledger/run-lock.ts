import { randomUUID } from 'node:crypto';
import type { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { RunLockedError } from '../../../ports/errors.ts';
import { FOLLOWING } from '../../../ports/ledger.ts';
import type { Clock } from '../../../ports/platform.ts';
import { called, isNamed } from '../errors.ts';
import type { LedgerTable } from './table.ts';

const KEY = { pk: 'lock', sk: 'run' };
const LEASE_MS = 90_000;
/** Signs of life in one lease: some may be lost. */
const BEATS = 4;
/** A round of following ends within the 15 minutes of its function; a run waits for it, and has as long itself. */
const ROUND_WAIT_MS = 13 * 60_000;
const LOOK_AGAIN_MS = 1_000;

/**
 * The right to run, as one item with a lease that its holder renews. A holder that is dead, or cut off from AWS,
 * renews no more, and after the lease another may take it. What the first still writes then meets the conditions
 * of state records, so nothing is committed twice.
 */
export class RunLock {
  readonly #table: LedgerTable;
  readonly #clock: Pick<Clock, 'now' | 'sleep'>;
  readonly #leaseMs: number;

  constructor(table: LedgerTable, clock: Pick<Clock, 'now' | 'sleep'>, leaseMs = LEASE_MS) {
    this.#table = table;
    this.#clock = clock;
    this.#leaseMs = leaseMs;
  }

  /**
   * For `owner`, which waits while a round of following has it.
   * @throws RunLockedError where somebody else has it
   */
  async take(owner: string): Promise<{ release(): Promise<void> }> {
    const token = randomUUID();
    const deadline = this.#clock.now() + ROUND_WAIT_MS;
    for (;;) {
      const holder = await this.#tryTake(owner, token);
      if (!holder) return this.#held(token);
      const waits = holder.owner?.S === FOLLOWING && owner !== FOLLOWING && this.#clock.now() < deadline;
      if (!waits) throw this.#locked(holder);
      await this.#clock.sleep(LOOK_AGAIN_MS);
    }
  }

  /** @returns who has it; undefined where it was taken */
  async #tryTake(owner: string, token: string): Promise<ConditionalCheckFailedException['Item']> {
    const { dynamo, name } = this.#table;
    const now = this.#clock.now();
    const put = new PutCommand({
      TableName: name,
      Item: { ...KEY, owner, token, since: new Date(now).toISOString(), expires: now + this.#leaseMs },
      ConditionExpression: 'attribute_not_exists(pk) OR expires < :now OR #token = :token',
      ExpressionAttributeNames: { '#token': 'token' },
      ExpressionAttributeValues: { ':now': now, ':token': token },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await dynamo.send(put);
      return undefined;
    } catch (error) {
      if (isNamed(error, 'ConditionalCheckFailedException')) {
        return (error as ConditionalCheckFailedException).Item ?? {};
      }
      return called('Taking the right to run', 'run', Promise.reject(error));
    }
  }

  #held(token: string): { release(): Promise<void> } {
    // Does not keep a process alive that has nothing else to do.
    const beating = setInterval(() => void this.#beat(token), this.#leaseMs / BEATS).unref();
    return {
      release: async () => {
        clearInterval(beating);
        await this.#drop(token);
      },
    };
  }

  #locked(item: ConditionalCheckFailedException['Item']): RunLockedError {
    const until = new Date(Number(item?.expires?.N ?? 0)).toISOString();
    return new RunLockedError(`${item?.owner?.S ?? 'Another process'} is running since ${item?.since?.S}`, {
      hint: `Wait until it has ended. If it is dead, the right to run is free again at ${until}.`,
    });
  }

  /** A beat that fails is made up for by the next. */
  async #beat(token: string): Promise<void> {
    const { dynamo, name } = this.#table;
    await dynamo
      .send(
        new UpdateCommand({
          TableName: name,
          Key: KEY,
          UpdateExpression: 'SET expires = :expires',
          ConditionExpression: '#token = :token',
          ExpressionAttributeNames: { '#token': 'token' },
          ExpressionAttributeValues: { ':expires': this.#clock.now() + this.#leaseMs, ':token': token },
        }),
      )
      .catch(() => undefined);
  }

  async #drop(token: string): Promise<void> {
    const { dynamo, name } = this.#table;
    const remove = new DeleteCommand({
      TableName: name,
      Key: KEY,
      ConditionExpression: '#token = :token',
      ExpressionAttributeNames: { '#token': 'token' },
      ExpressionAttributeValues: { ':token': token },
    });
    // Gone already, or somebody else's by now: nothing to release.
    await dynamo.send(remove).catch((error: unknown) => {
      if (isNamed(error, 'ConditionalCheckFailedException')) return;
      return called('Releasing the right to run', 'run', Promise.reject(error));
    });
  }
}
