import { BatchWriteCommand, type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { called } from '../errors.ts';
import type { Item } from './table.ts';

/** What one call writes at most. */
const WRITES = 25;

/**
 * Makes a ledger's table hold what a restored copy of it holds, and nothing else: DynamoDB restores under another name,
 * and the lake's table has a fixed one. Interrupted, it is done again. The right to run is nobody's afterwards.
 * @returns how many items were put, and how many removed
 */
export async function restoreItems(
  dynamo: DynamoDBDocumentClient,
  from: string,
  to: string,
): Promise<{ put: number; removed: number }> {
  const keyOf = ({ pk, sk }: Item) => JSON.stringify([pk, sk]);
  const isLock = ({ pk }: Item) => pk === 'lock';
  const restored = new Set<string>();
  const written = async (requests: NonNullable<BatchWriteCommand['input']['RequestItems']>[string]) => {
    let left = { [to]: requests };
    while ((left[to]?.length ?? 0) > 0) {
      const { UnprocessedItems = {} } = await dynamo.send(new BatchWriteCommand({ RequestItems: left }));
      left = UnprocessedItems as typeof left;
    }
  };
  const work = async () => {
    let put = 0;
    let removed = 0;
    for await (const { Items = [] } of paginateScan(
      { client: dynamo },
      { TableName: from, ConsistentRead: true },
    ))
      for (const batch of batches(Items.filter((item) => !isLock(item)))) {
        await written(batch.map((Item) => ({ PutRequest: { Item } })));
        for (const item of batch) restored.add(keyOf(item));
        put += batch.length;
      }
    const keys = { TableName: to, ConsistentRead: true, ProjectionExpression: 'pk, sk' };
    for await (const { Items = [] } of paginateScan({ client: dynamo }, keys))
      for (const batch of batches(Items.filter((item) => !restored.has(keyOf(item)) && !isLock(item)))) {
        await written(batch.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } })));
        removed += batch.length;
      }
    return { put, removed };
  };
  return called(`Copying the items of ${from} to ${to}`, 'ledger', work());
}

function batches<T>(all: readonly T[]): T[][] {
  const found: T[][] = [];
  for (let at = 0; at < all.length; at += WRITES) found.push(all.slice(at, at + WRITES));
  return found;
}
