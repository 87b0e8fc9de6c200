import { type DynamoDBDocumentClient, paginateQuery, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';

/** The table of the ledger. */
export interface LedgerTable {
  readonly dynamo: DynamoDBDocumentClient;
  readonly name: string;
}

export type Item = Record<string, unknown>;

/** Items of one partition whose sort key starts with the prefix, in the order of its bytes, page by page. */
export async function* itemsUnder(
  { dynamo, name }: LedgerTable,
  pk: string,
  prefix: string,
): AsyncGenerator<Item[]> {
  // DynamoDB takes no empty text in a condition on a key.
  const query: QueryCommandInput = {
    TableName: name,
    ConsistentRead: true,
    KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': pk, ...(prefix === '' ? {} : { ':prefix': prefix }) },
  };
  for await (const { Items = [] } of paginateQuery({ client: dynamo }, query)) yield Items;
}
