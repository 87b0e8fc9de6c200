import zlib from 'node:zlib';
import type { CompressionCodec } from 'hyparquet';
import { RawDataError } from '../athena/errors.ts';

type Pack = (bytes: Uint8Array) => Uint8Array;

/** Zstandard came to Node with 22.15. */
const { zstdCompressSync, zstdDecompressSync } = zlib as unknown as {
  readonly zstdCompressSync?: Pack;
  readonly zstdDecompressSync?: Pack;
};

/** What unpacks the pages of a Parquet file. Snappy is the reader's own. */
export const DECOMPRESSORS: Partial<Record<CompressionCodec, Pack>> = {
  GZIP: (bytes) => zlib.gunzipSync(bytes),
  BROTLI: (bytes) => zlib.brotliDecompressSync(bytes),
  ...(zstdDecompressSync ? { ZSTD: zstdDecompressSync } : {}),
};

/** What packs them again. Snappy is the writer's own. */
export const COMPRESSORS: Partial<Record<CompressionCodec, Pack>> = {
  GZIP: (bytes) => zlib.gzipSync(bytes),
  BROTLI: (bytes) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } }),
  ...(zstdCompressSync ? { ZSTD: zstdCompressSync } : {}),
};

const BUILT_IN = new Set<CompressionCodec>(['UNCOMPRESSED', 'SNAPPY']);

/** @throws RawDataError for one that this Node does not know */
export function checkCodec(codec: CompressionCodec, file: string): void {
  if (BUILT_IN.has(codec) || DECOMPRESSORS[codec]) return;
  throw new RawDataError(`The pages of ${file} are packed with ${codec}, which cannot be unpacked here.`, {
    about: file,
    hint: 'Zstandard needs Node 22.15 or newer; other kinds no source of the lake writes',
  });
}
