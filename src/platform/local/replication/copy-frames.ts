/** `d`: the message type of CopyData. */
const COPY_DATA = 0x64;
const HEADER = 5;

/** What a chunk of a connection holds while a COPY runs. */
export interface CopyChunk {
  /** The bytes of the rows, moved together at the start of the chunk's own memory. */
  readonly data: Buffer;
  /** From the first message on that is no CopyData; such a message ends the stream of rows. */
  readonly rest?: Buffer;
}

/**
 * Takes the frames off a stream of CopyData messages, whatever the cuts between its chunks. PostgreSQL sends one
 * message for each row: five bytes (type, length) and the row. Rows are never looked into.
 * (PostgreSQL documentation, "Message Formats".)
 */
export class CopyFrames {
  /** Bytes of the current message that are still to come. */
  #missing = 0;
  readonly #header = Buffer.alloc(HEADER);
  #headerBytes = 0;

  take(chunk: Buffer): CopyChunk {
    const end = chunk.length;
    let read = Math.min(this.#missing, end);
    let written = read;
    this.#missing -= read;
    while (read < end) {
      if (this.#headerBytes > 0 || end - read < HEADER) {
        const taken = this.#splitHeader(chunk, read);
        read += taken;
        if (this.#headerBytes < HEADER) break;
        this.#headerBytes = 0;
        if (this.#header[0] !== COPY_DATA) {
          return {
            data: chunk.subarray(0, written),
            rest: Buffer.concat([this.#header, chunk.subarray(read)]),
          };
        }
        this.#missing = this.#header.readUInt32BE(1) - 4;
      } else {
        if (chunk[read] !== COPY_DATA)
          return { data: chunk.subarray(0, written), rest: chunk.subarray(read) };
        this.#missing =
          ((chunk[read + 1]! << 24) | (chunk[read + 2]! << 16) | (chunk[read + 3]! << 8) | chunk[read + 4]!) -
          4;
        read += HEADER;
      }
      const size = Math.min(this.#missing, end - read);
      chunk.copyWithin(written, read, read + size);
      written += size;
      read += size;
      this.#missing -= size;
    }
    return { data: chunk.subarray(0, written) };
  }

  /** Gathers a header that lies across two chunks. @returns bytes taken */
  #splitHeader(chunk: Buffer, from: number): number {
    const taken = Math.min(HEADER - this.#headerBytes, chunk.length - from);
    chunk.copy(this.#header, this.#headerBytes, from, from + taken);
    this.#headerBytes += taken;
    return taken;
  }
}
