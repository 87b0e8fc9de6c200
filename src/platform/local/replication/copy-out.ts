import type { Writable } from 'node:stream';
import type pg from 'pg';
import { CopyFrames } from './copy-frames.ts';
import { CopyConnectionError } from './errors.ts';

/** `H`: CopyOutResponse, the answer to a COPY that begins. */
const COPY_OUT = 0x48;
/** Notices, changed settings and notifications can come between any two messages. */
const MEANWHILE = new Set([...'NSA'].map((type) => type.charCodeAt(0)));
const HEADER = 5;

/** What of the driver's connection is used: its socket and its sending of a query. */
interface DriverConnection {
  readonly stream: NodeJS.ReadableStream & { listeners(event: 'data'): ((chunk: Buffer) => void)[] };
  query(text: string): void;
}

/**
 * `COPY … TO STDOUT` as a query of the `pg` driver. While rows come it takes the socket's chunks itself and hands
 * them on without their frames: the driver's parser would make an object of every row.
 */
export class CopyOut implements pg.Submittable {
  /** The number of rows that the server says it sent; rejects with the server's error, or the connection's. */
  readonly rows: Promise<number>;
  readonly #sql: string;
  readonly #sink: Writable;
  readonly #frames = new CopyFrames();
  #connection!: DriverConnection;
  #driver!: (chunk: Buffer) => void;
  #begun = false;
  /** The start of a message that is no CopyData and not yet whole. */
  #partial: Buffer | undefined;
  #tag: string | undefined;
  #settle!: { resolve: (rows: number) => void; reject: (error: unknown) => void };

  constructor(sql: string, sink: Writable) {
    this.#sql = sql;
    this.#sink = sink;
    this.rows = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  submit(connection: pg.Connection): void {
    this.#connection = connection as unknown as DriverConnection;
    const { stream } = this.#connection;
    this.#driver = stream.listeners('data')[0]!;
    stream.removeListener('data', this.#driver);
    stream.on('data', this.#take);
    this.#connection.query(this.#sql);
  }

  readonly #take = (chunk: Buffer): void => {
    let rest: Buffer | undefined = this.#partial ? Buffer.concat([this.#partial, chunk]) : chunk;
    this.#partial = undefined;
    while (rest && rest.length > 0) {
      if (this.#begun) {
        const taken = this.#frames.take(rest);
        this.#pass(taken.data);
        rest = taken.rest;
        if (!rest) return;
      }
      const end = rest.length < HEADER ? Number.POSITIVE_INFINITY : 1 + rest.readUInt32BE(1);
      if (end > rest.length) {
        this.#partial = rest;
        return;
      }
      if (rest[0] === COPY_OUT) this.#begun = true;
      else if (MEANWHILE.has(rest[0]!)) this.#driver(rest.subarray(0, end));
      else {
        this.#giveBack(rest);
        return;
      }
      rest = rest.subarray(end);
    }
  };

  #pass(data: Buffer): void {
    if (data.length > 0 && !this.#sink.destroyed && !this.#sink.write(data)) this.#waitForSink();
  }

  #waitForSink(): void {
    const { stream } = this.#connection;
    stream.pause();
    const go = () => {
      this.#sink.removeListener('drain', go);
      this.#sink.removeListener('close', go);
      stream.resume();
    };
    this.#sink.on('drain', go);
    this.#sink.on('close', go);
  }

  /** The rows are over: what follows is the driver's again. */
  #giveBack(chunk: Buffer): void {
    const { stream } = this.#connection;
    stream.removeListener('data', this.#take);
    stream.on('data', this.#driver);
    this.#driver(chunk);
  }

  handleCommandComplete(message: { text: string }): void {
    this.#tag = message.text;
  }

  handleReadyForQuery(): void {
    const rows = /^COPY (\d+)$/.exec(this.#tag ?? '');
    if (rows) this.#settle.resolve(Number(rows[1]));
    else this.#settle.reject(new CopyConnectionError(`The server ended a COPY without its count of rows`));
  }

  handleError(error: unknown): void {
    this.#settle.reject(error);
  }
}
