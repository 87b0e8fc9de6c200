import { randomUUID } from 'node:crypto';
import type { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Json } from '../../../json.ts';
import { DamagedRecordError, LedgerConflictError } from '../../../ports/errors.ts';
import type { Versioned } from '../../../ports/ledger.ts';
import type { Clock } from '../../../ports/platform.ts';
import { decodeRecord, encodeRecord } from '../../../state/records.ts';
import { called, isNamed } from '../errors.ts';
import type { LongTexts } from './long-texts.ts';
import { type Item, itemsUnder, type LedgerTable } from './table.ts';

const PARTITION = 'state';
/** A reader who is overtaken by writers so often has other troubles. */
const READS = 5;

/** State records, one item each, replaced by conditional writes. */
export class StateItems {
  readonly #table: LedgerTable;
  readonly #texts: LongTexts;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(table: LedgerTable, texts: LongTexts, clock: Pick<Clock, 'now'>) {
    this.#table = table;
    this.#texts = texts;
    this.#clock = clock;
  }

  async read<T extends Json>(key: string): Promise<Versioned<T> | undefined> {
    const { dynamo, name } = this.#table;
    const Key = { pk: PARTITION, sk: key };
    for (let reads = 1; ; reads++) {
      const get = new GetCommand({ TableName: name, Key, ConsistentRead: true });
      const { Item: item } = await called(`Reading the state record ${key}`, key, dynamo.send(get));
      if (!item) return undefined;
      const text = await this.#texts.read(item);
      if (text !== undefined) return { value: parsed<T>(key, text), version: item.version as number };
      if (reads === READS) throw new DamagedRecordError(key, String(item.long));
    }
  }

  async list<T extends Json>(prefix: string): Promise<(Versioned<T> & { key: string })[]> {
    return (await this.#all<T>(prefix)).flatMap(({ key, record }) =>
      record && record !== 'damaged' ? [{ key, ...record }] : [],
    );
  }

  async damaged(prefix: string): Promise<string[]> {
    return (await this.#all(prefix)).flatMap(({ key, record }) => (record === 'damaged' ? [key] : []));
  }

  async #all<T extends Json>(
    prefix: string,
  ): Promise<{ key: string; record: Versioned<T> | 'damaged' | undefined }[]> {
    const items: Item[] = [];
    const listing = (async () => {
      for await (const page of itemsUnder(this.#table, PARTITION, prefix)) items.push(...page);
    })();
    await called(`Listing the state records ${prefix}`, prefix, listing);
    const recordOf = async (key: string, { text, version }: Item): Promise<Versioned<T> | undefined> =>
      typeof text === 'string'
        ? { value: parsed<T>(key, text), version: version as number }
        : this.read<T>(key);
    const records = items.map(async (item) => {
      const key = item.sk as string;
      const record = await recordOf(key, item).catch((error: unknown) => {
        if (error instanceof DamagedRecordError) return 'damaged' as const;
        throw error;
      });
      return { key, record };
    });
    return Promise.all(records);
  }

  async write(key: string, value: Json, expected: number | undefined): Promise<number> {
    const { dynamo, name } = this.#table;
    const kept = await this.#texts.keep(JSON.stringify(encodeRecord(key, value)));
    const version = expected === undefined ? this.#firstVersion() : expected + 1;
    const writer = randomUUID();
    const put = new PutCommand({
      TableName: name,
      Item: { pk: PARTITION, sk: key, version, writer, ...kept },
      ConditionExpression: expected === undefined ? 'attribute_not_exists(pk)' : '#version = :expected',
      ...(expected === undefined
        ? {}
        : {
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':expected': expected },
          }),
      ReturnValues: 'ALL_OLD',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      const { Attributes: before } = await dynamo.send(put);
      await this.#texts.forget(before);
      return version;
    } catch (error) {
      // One whose outcome is unknown may have been done: then its object must stay.
      if (!isNamed(error, 'ConditionalCheckFailedException')) {
        return called(`Writing the state record ${key}`, key, Promise.reject(error));
      }
      const found = (error as ConditionalCheckFailedException).Item;
      // The answer to our first attempt was lost, and the client has tried again.
      if (found?.writer?.S === writer) return version;
      await this.#texts.forget(kept);
      throw conflict(key, expected, found?.version?.N);
    }
  }

  async delete(key: string): Promise<void> {
    const { dynamo, name } = this.#table;
    const Key = { pk: PARTITION, sk: key };
    const remove = new DeleteCommand({ TableName: name, Key, ReturnValues: 'ALL_OLD' });
    const { Attributes: before } = await called(`Deleting the state record ${key}`, key, dynamo.send(remove));
    await this.#texts.forget(before);
  }

  /** Counting starts at a number that no earlier record of the key has had. */
  #firstVersion(): number {
    return this.#clock.now() * 1_000 + Math.floor(Math.random() * 1_000);
  }
}

function parsed<T extends Json>(key: string, text: string): T {
  const place = 'its item in DynamoDB';
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DamagedRecordError(key, place);
  }
  return decodeRecord<T>(key, value, place);
}

function conflict(key: string, expected: number | undefined, found: string | undefined): LedgerConflictError {
  const was = (version: number | string | undefined) =>
    version === undefined ? 'none' : `version ${version}`;
  return new LedgerConflictError(
    `The state record ${key} was changed by somebody else: expected ${was(expected)}, found ${was(found)}`,
    { about: key, hint: 'Another run works on the same lake. Wait until it has ended, and run again.' },
  );
}
