import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { parquetMetadataAsync, type RowGroup, type SchemaElement } from 'hyparquet';
import type { ObjectStore } from '../../../ports/objects.ts';
import { called } from '../errors.ts';
import { RawDataError } from './errors.ts';
import { keyOfUri } from './iceberg-metadata.ts';

/** The footer of a Parquet file. */
export interface ParquetFooter {
  readonly rows: number;
  readonly schema: SchemaElement[];
  /**
   * By column, the bytes of the largest part of it that the file stores in one piece (a column chunk), before
   * compression. No value of the column can be longer.
   */
  readonly largest: ReadonlyMap<string, number>;
}

/** Reads the footer of one Parquet file in S3: a few kilobytes, whatever the file's size. */
export async function readFooter(
  { s3, objects }: { s3: S3Client; objects: ObjectStore },
  uri: string,
  table: string,
): Promise<ParquetFooter> {
  const head = await objects.head(keyOfUri(uri));
  if (!head) {
    throw new RawDataError(`The raw file ${uri} of ${table} is gone.`, {
      about: table,
      hint: 'the raw zone lost files: load the dataset again',
    });
  }
  const Bucket = /^s3[an]?:\/\/([^/]+)\//.exec(uri)?.[1];
  const slice = async (start: number, end = head.bytes): Promise<ArrayBuffer> => {
    const Range = `bytes=${start}-${end - 1}`;
    const command = new GetObjectCommand({ Bucket, Key: keyOfUri(uri), Range });
    const { Body } = await called(`Reading the footer of ${uri}`, table, s3.send(command));
    const bytes = await Body!.transformToByteArray();
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  };
  try {
    const metadata = await parquetMetadataAsync({ byteLength: head.bytes, slice });
    return {
      rows: Number(metadata.num_rows),
      schema: metadata.schema,
      largest: largestChunks(metadata.row_groups),
    };
  } catch (error) {
    if (!(error instanceof Error) || !/parquet/i.test(error.message)) throw error;
    throw new RawDataError(`The raw file ${uri} of ${table} is no whole Parquet file.`, {
      about: table,
      cause: error,
      hint: 'the file is damaged or cut short: load the dataset again',
    });
  }
}

function largestChunks(groups: readonly RowGroup[]): Map<string, number> {
  const largest = new Map<string, number>();
  for (const { columns } of groups) {
    for (const { meta_data: chunk } of columns) {
      const name = chunk?.path_in_schema[0];
      if (!chunk || name === undefined) continue;
      largest.set(name, Math.max(largest.get(name) ?? 0, Number(chunk.total_uncompressed_size)));
    }
  }
  return largest;
}
