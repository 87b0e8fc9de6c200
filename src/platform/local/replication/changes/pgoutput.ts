/**
 * The messages of PostgreSQL's output plugin `pgoutput`, protocol version 1: whole committed transactions, in the order
 * of their commits. https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html
 */
export type PgOutputMessage =
  | { readonly kind: 'begin'; readonly commitLsn: bigint; readonly committedAtMs: number }
  | { readonly kind: 'commit'; readonly endLsn: bigint }
  | { readonly kind: 'relation'; readonly relation: Relation }
  | { readonly kind: 'insert'; readonly relation: number; readonly row: Tuple }
  | { readonly kind: 'update'; readonly relation: number; readonly before?: Before; readonly row: Tuple }
  | { readonly kind: 'delete'; readonly relation: number; readonly before: Before }
  | { readonly kind: 'truncate'; readonly relations: readonly number[] }
  /** Types, origins and messages of applications. */
  | { readonly kind: 'other' };

export interface Relation {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

/** A value as its type's output function writes it; null; or a value out of line that an update did not touch. */
export type Value = string | null | typeof UNCHANGED;
export const UNCHANGED: unique symbol = Symbol('unchanged');
export type Tuple = readonly Value[];

/** The row before the change: whole, or only the columns of its replica identity, the others null. */
export interface Before {
  readonly whole: boolean;
  readonly row: Tuple;
}

/** Milliseconds from 1970 to 2000, from which PostgreSQL counts. */
const POSTGRES_EPOCH_MS = 946_684_800_000;

/** @throws RangeError for bytes that are no message */
export function parseMessage(bytes: Buffer): PgOutputMessage {
  const read = new Reader(bytes);
  const type = read.char();
  switch (type) {
    case 'B':
      return {
        kind: 'begin',
        commitLsn: read.uint64(),
        committedAtMs: POSTGRES_EPOCH_MS + Number(read.int64() / 1000n),
      };
    case 'C':
      read.byte();
      read.uint64();
      return { kind: 'commit', endLsn: read.uint64() };
    case 'R':
      return { kind: 'relation', relation: relation(read) };
    case 'I': {
      const id = read.uint32();
      read.char();
      return { kind: 'insert', relation: id, row: read.tuple() };
    }
    case 'U': {
      const id = read.uint32();
      const mark = read.char();
      if (mark === 'N') return { kind: 'update', relation: id, row: read.tuple() };
      const before = { whole: mark === 'O', row: read.tuple() };
      read.char();
      return { kind: 'update', relation: id, before, row: read.tuple() };
    }
    case 'D': {
      const id = read.uint32();
      const whole = read.char() === 'O';
      return { kind: 'delete', relation: id, before: { whole, row: read.tuple() } };
    }
    case 'T': {
      const count = read.uint32();
      read.byte();
      return { kind: 'truncate', relations: Array.from({ length: count }, () => read.uint32()) };
    }
    default:
      return { kind: 'other' };
  }
}

function relation(read: Reader): Relation {
  const id = read.uint32();
  const schema = read.text();
  const name = read.text();
  read.byte();
  const columns = Array.from({ length: read.uint16() }, () => {
    read.byte();
    const column = read.text();
    read.uint32();
    read.uint32();
    return column;
  });
  return { id, schema, name, columns };
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte = (): number => this.#bytes[this.#step(1)]!;
  char = (): string => String.fromCharCode(this.byte());
  uint16 = (): number => this.#bytes.readUInt16BE(this.#step(2));
  uint32 = (): number => this.#bytes.readUInt32BE(this.#step(4));
  uint64 = (): bigint => this.#bytes.readBigUInt64BE(this.#step(8));
  int64 = (): bigint => this.#bytes.readBigInt64BE(this.#step(8));

  /** Ends with a zero byte. */
  text(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end < 0) throw new RangeError('a text without an end');
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  tuple(): Tuple {
    return Array.from({ length: this.uint16() }, () => this.#value());
  }

  #value(): Value {
    const kind = this.char();
    if (kind === 'n') return null;
    if (kind === 'u') return UNCHANGED;
    const length = this.uint32();
    const from = this.#step(length);
    return this.#bytes.toString('utf8', from, from + length);
  }

  #step(bytes: number): number {
    const from = this.#at;
    if (from + bytes > this.#bytes.length) throw new RangeError('a message that ends early');
    this.#at = from + bytes;
    return from;
  }
}
