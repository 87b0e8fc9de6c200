import type pg from 'pg';
import { quoteLiteral } from '../../../../sis/quote.ts';
import { ident } from '../../duckdb/sql-text.ts';
import type { Change } from './change-lines.ts';
import type { ChangeSpool } from './change-spool.ts';
import type { Followed } from './followable.ts';
import { later, lsnText, sequenceOf } from './lsn.ts';
import { type PgOutputMessage, parseMessage, type Relation, type Tuple, UNCHANGED } from './pgoutput.ts';

/** Changes of one round, about: the server keeps them until they are fetched, and a transaction is never divided. */
const CHANGES_AT_ONCE = 100_000;
const FETCHED_AT_ONCE = 5_000;

export interface ReadRound {
  /** All of the log up to here is in the spool. */
  readonly position: bigint;
  /** Nothing is left before the end that was asked for. */
  readonly finished: boolean;
}

export interface ReadRequest {
  readonly slot: string;
  readonly publication: string;
  /** Transactions that were committed before it are in the lake. */
  readonly from: bigint;
  readonly upTo: bigint;
  readonly followed: ReadonlyMap<string, Followed>;
  readonly spool: ChangeSpool;
  readonly signal: AbortSignal;
}

/**
 * Reads what a slot holds, without acknowledging it, into the spool: whole transactions in the order of their commits.
 * @param client a session of its own: the cursor's transaction is open as long
 */
export async function readChanges(client: pg.Client, request: ReadRequest): Promise<ReadRound> {
  const { slot, publication, upTo, from, signal } = request;
  const round = new Round(request);
  let fetched = 0;
  await client.query('BEGIN READ ONLY');
  try {
    await client.query(
      `DECLARE changes NO SCROLL CURSOR FOR SELECT data FROM pg_logical_slot_peek_binary_changes(
         ${quoteLiteral(slot)}, '${lsnText(upTo)}', ${CHANGES_AT_ONCE}, 'proto_version', '1', 'publication_names', ${quoteLiteral(ident(publication))})`,
    );
    for (;;) {
      signal.throwIfAborted();
      const { rows } = await client.query<{ data: Buffer }>(`FETCH ${FETCHED_AT_ONCE} FROM changes`);
      for (const { data } of rows) await round.take(parseMessage(data));
      fetched += rows.length;
      if (rows.length < FETCHED_AT_ONCE) break;
    }
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
  }
  // Fewer than were asked for: the server came to the end that was named.
  const finished = fetched < CHANGES_AT_ONCE;
  const reached = finished ? upTo : round.position;
  return { position: later(reached, from), finished };
}

class Round {
  readonly #request: ReadRequest;
  readonly #relations = new Map<number, { relation: Relation; followed?: Followed }>();
  /** The end of the last transaction that was read whole. */
  position: bigint;
  #commit = 0n;
  #committedAtMs = 0;
  #nth = 0;
  #skip = false;

  constructor(request: ReadRequest) {
    this.#request = request;
    this.position = request.from;
  }

  async take(message: PgOutputMessage): Promise<void> {
    switch (message.kind) {
      case 'begin':
        this.#commit = message.commitLsn;
        this.#committedAtMs = message.committedAtMs;
        this.#nth = 0;
        this.#skip = message.commitLsn < this.#request.from;
        break;
      case 'commit':
        if (message.endLsn > this.position) this.position = message.endLsn;
        break;
      case 'relation':
        await this.#know(message.relation);
        break;
      case 'truncate':
        if (!this.#skip)
          for (const id of message.relations) await this.#lose(this.#relations.get(id)?.followed);
        break;
      case 'insert':
        await this.#put(message.relation, 'I', message.row);
        break;
      case 'update':
        await this.#update(message);
        break;
      case 'delete':
        await this.#put(message.relation, 'D', message.before.row);
        break;
      default:
    }
  }

  async #know(relation: Relation): Promise<void> {
    const followed = this.#request.followed.get(`${relation.schema}.${relation.name}`);
    this.#relations.set(relation.id, { relation, ...(followed ? { followed } : {}) });
    if (!followed || this.#skip) return;
    const known = new Set(followed.table.source.columns.map(({ name }) => name));
    const wanted = followed.columns ?? [...known];
    const fits =
      relation.columns.every((name) => known.has(name)) &&
      wanted.every((name) => relation.columns.includes(name));
    if (!fits) await this.#lose(followed);
  }

  /** The key of a row may change: then the row of the old key is gone. */
  async #update({ relation: id, before, row }: Extract<PgOutputMessage, { kind: 'update' }>): Promise<void> {
    const known = this.#relations.get(id);
    if (!known?.followed) return;
    const whole = before?.whole ? row.map((value, i) => (value === UNCHANGED ? before.row[i]! : value)) : row;
    const places = known.followed.key.map((name) => known.relation.columns.indexOf(name));
    const moved = before && places.some((i) => before.row[i] !== whole[i]);
    if (moved) await this.#put(id, 'D', before.row);
    await this.#put(id, 'U', whole);
  }

  async #put(id: number, operation: Change['operation'], values: Tuple): Promise<void> {
    const nth = this.#nth++;
    const known = this.#relations.get(id);
    if (this.#skip || !known?.followed) return;
    await this.#request.spool.add(known.followed, known.relation.columns, {
      operation,
      committedAtMs: this.#committedAtMs,
      sequence: sequenceOf(this.#commit, nth),
      values,
    });
  }

  async #lose(followed: Followed | undefined): Promise<void> {
    if (followed) await this.#request.spool.lose(followed.name);
  }
}
