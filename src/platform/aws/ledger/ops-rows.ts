import { DeleteCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import PQueue from 'p-queue';
import type { OpsRow, OpsTable } from '../../../ports/ledger.ts';
import { called } from '../errors.ts';
import type { LongTexts } from './long-texts.ts';
import { type Item, itemsUnder, type LedgerTable } from './table.ts';

const WRITES_AT_ONCE = 16;
/** So many rows are forgotten at a time, that no run takes long for it: the next one goes on. */
const FORGOTTEN_AT_ONCE = 20_000;
/** Sort key of the number of rows that a table has taken; ids of rows are never empty and never this. */
const COUNTER = '#taken';

/**
 * The append-only rows, one item for each id. A row keeps the number that it got when its id came first, which is
 * the order in which rows are read; a later row of the same id replaces what it holds.
 */
export class OpsRows {
  readonly #table: LedgerTable;
  readonly #texts: LongTexts;

  constructor(table: LedgerTable, texts: LongTexts) {
    this.#table = table;
    this.#texts = texts;
  }

  async append(table: OpsTable, rows: readonly OpsRow[]): Promise<void> {
    // Two writes of one id must not run at once: only the last counts, at the place of the first.
    const byId = new Map(rows.map((row) => [row.id, row]));
    if (byId.size === 0) return;
    const doing = `Appending to ops.${table}`;
    const first = await called(doing, table, this.#take(table, byId.size));
    const queue = new PQueue({ concurrency: WRITES_AT_ONCE });
    await called(
      doing,
      table,
      queue.addAll([...byId.values()].map((row, at) => () => this.#write(table, row, first + at))),
    );
  }

  async rows(table: OpsTable, idPrefix = ''): Promise<OpsRow[]> {
    const items: Item[] = [];
    const reading = (async () => {
      for await (const page of itemsUnder(this.#table, partition(table), idPrefix)) {
        items.push(...page.filter((item) => item.sk !== COUNTER));
      }
    })();
    await called(`Reading ops.${table}`, table, reading);
    items.sort((a, b) => (a.place as number) - (b.place as number));
    const texts = await Promise.all(items.map((item) => this.#texts.read(item)));
    // Without a text: replaced while we were reading. The row that replaced it belongs to the next reader.
    return texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as OpsRow]));
  }

  /**
   * Removes rows whose ids come before this one, the oldest first: as many as a run takes some seconds for. Reads of
   * one run cost the same however many rows there are; this bounds what the table holds.
   * @param keep is given each page of them before they go. Default: they are gone for good
   */
  async forgetBefore(
    table: OpsTable,
    id: string,
    keep: (rows: readonly OpsRow[]) => Promise<void> = async () => undefined,
  ): Promise<void> {
    const doing = `Forgetting old rows of ops.${table}`;
    const queue = new PQueue({ concurrency: WRITES_AT_ONCE });
    for (let left = FORGOTTEN_AT_ONCE, from: Item | undefined; left > 0; ) {
      const page = await called(doing, table, this.#idsBefore(table, id, left, from));
      await keep(page.rows);
      const removals = page.ids.map((sk) => () => this.#remove(table, sk));
      await called(doing, table, queue.addAll(removals));
      left -= page.ids.length;
      from = page.next;
      if (from === undefined) return;
    }
  }

  /** Ids begin with a digit, which keeps the counter out. */
  async #idsBefore(
    table: OpsTable,
    id: string,
    most: number,
    from: Item | undefined,
  ): Promise<{ ids: string[]; rows: OpsRow[]; next?: Item }> {
    const { dynamo, name } = this.#table;
    const { Items = [], LastEvaluatedKey } = await dynamo.send(
      new QueryCommand({
        TableName: name,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: { ':pk': partition(table), ':first': '0', ':last': id },
        Limit: Math.min(most, 1_000),
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    const texts = await Promise.all(Items.map((item) => this.#texts.read(item)));
    return {
      ids: Items.map(({ sk }) => String(sk)),
      rows: texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as OpsRow])),
      ...(LastEvaluatedKey ? { next: LastEvaluatedKey } : {}),
    };
  }

  async #remove(table: OpsTable, sk: string): Promise<void> {
    const { dynamo, name } = this.#table;
    const remove = new DeleteCommand({
      TableName: name,
      Key: { pk: partition(table), sk },
      ReturnValues: 'ALL_OLD',
    });
    const { Attributes: before } = await dynamo.send(remove);
    await this.#texts.forget(before);
  }

  /** @returns the first of `count` places that nobody else gets */
  async #take(table: OpsTable, count: number): Promise<number> {
    const { dynamo, name } = this.#table;
    const { Attributes } = await dynamo.send(
      new UpdateCommand({
        TableName: name,
        Key: { pk: partition(table), sk: COUNTER },
        UpdateExpression: 'ADD taken :count',
        ExpressionAttributeValues: { ':count': count },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return (Attributes!.taken as number) - count;
  }

  async #write(table: OpsTable, row: OpsRow, place: number): Promise<void> {
    const { dynamo, name } = this.#table;
    const kept = await this.#texts.keep(JSON.stringify(row));
    const [[attribute, value]] = Object.entries(kept) as [[string, string]];
    const other = attribute === 'text' ? 'long' : 'text';
    const { Attributes: before } = await dynamo.send(
      new UpdateCommand({
        TableName: name,
        Key: { pk: partition(table), sk: row.id },
        UpdateExpression: 'SET #place = if_not_exists(#place, :place), #kept = :kept REMOVE #other',
        ExpressionAttributeNames: { '#place': 'place', '#kept': attribute, '#other': other },
        ExpressionAttributeValues: { ':place': place, ':kept': value },
        ReturnValues: 'ALL_OLD',
      }),
    );
    // A repeated call finds its own text there.
    if (before?.long !== value) await this.#texts.forget(before);
  }
}

const partition = (table: OpsTable) => `ops#${table}`;
