import { readFile } from 'node:fs/promises';
import zlib from 'node:zlib';

/** How an Avro object container file begins: https://avro.apache.org/docs/1.12.0/specification/#object-container-files */
export const AVRO_MAGIC = 'Obj\x01';

const SYNC_BYTES = 16;
/** Zstandard came to Node with 22.15. */
const { zstdDecompressSync } = zlib as unknown as { zstdDecompressSync?: (bytes: Buffer) => Buffer };

const CODECS: Readonly<Record<string, ((bytes: Buffer) => Buffer) | undefined>> = {
  null: (bytes) => bytes,
  deflate: (bytes) => zlib.inflateRawSync(bytes),
  zstandard: zstdDecompressSync,
};

/**
 * The bytes of an Avro file, its blocks unpacked, as Iceberg writes its manifests: texts stand in them as they are, the
 * least and greatest values of columns among them.
 * @throws Error for a file that is cut short, or packed in a way that is not known here
 */
export async function* avroTexts(path: string): AsyncGenerator<string> {
  const reader = new Reader(await readFile(path));
  reader.skip(AVRO_MAGIC.length);
  const metadata = reader.metadata();
  yield [...metadata].map(([name, value]) => `${name} ${value.toString('latin1')}`).join('\n');
  const codec = metadata.get('avro.codec')?.toString() ?? 'null';
  const unpack = CODECS[codec];
  if (!unpack) throw new Error(`an Avro file is packed with ${codec}`);
  reader.skip(SYNC_BYTES);
  while (!reader.isAtEnd) {
    reader.long();
    yield unpack(reader.bytes(reader.long())).toString('latin1');
    reader.skip(SYNC_BYTES);
  }
}

/** Avro's binary encoding, as far as a container's frame needs it. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  skip(bytes: number): void {
    this.bytes(bytes);
  }

  bytes(length: number): Buffer {
    if (length < 0 || this.#at + length > this.#bytes.length) throw new Error('an Avro file is cut short');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** A zigzag number in groups of seven bits. */
  long(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const [byte] = this.bytes(1);
      value |= BigInt(byte! & 0x7f) << shift;
      if ((byte! & 0x80) === 0) return Number((value >> 1n) ^ -(value & 1n));
    }
  }

  metadata(): Map<string, Buffer> {
    const found = new Map<string, Buffer>();
    for (let count = this.long(); count !== 0; count = this.long()) {
      // A count below zero is followed by the size of its block.
      if (count < 0) this.long();
      for (let i = 0; i < Math.abs(count); i++) {
        const name = this.bytes(this.long()).toString();
        found.set(name, this.bytes(this.long()));
      }
    }
    return found;
  }
}
