import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { AsyncBuffer } from 'hyparquet';
import type { ObjectStore } from '../../../ports/objects.ts';
import { RawDataError } from '../athena/errors.ts';
import { called } from '../errors.ts';

/** An object in S3 that is read in parts. @throws RawDataError where it is gone */
export async function objectBuffer(
  { s3, objects }: { readonly s3: S3Client; readonly objects: ObjectStore },
  key: string,
): Promise<AsyncBuffer> {
  const head = await objects.head(key);
  if (!head) {
    throw new RawDataError(`The file ${key} is gone.`, {
      about: key,
      hint: 'the raw zone lost files: load the dataset again',
    });
  }
  const Bucket = /^s3[an]?:\/\/([^/]+)\//.exec(objects.uri(key))?.[1];
  return {
    byteLength: head.bytes,
    async slice(start, end = head.bytes) {
      const Range = `bytes=${start}-${end - 1}`;
      const command = new GetObjectCommand({ Bucket, Key: key, Range });
      const { Body } = await called(`Reading ${objects.uri(key)}`, key, s3.send(command));
      const bytes = await Body!.transformToByteArray();
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    },
  };
}
