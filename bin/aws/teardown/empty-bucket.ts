import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { called, isNamed } from '../../../src/platform/aws/errors.ts';
import { TeardownError } from './errors.ts';

/**
 * Deletes every object of a bucket with all its versions, a thousand at a time. CloudFormation's own helper does the
 * same within the 15 minutes of one function, which a lake of some years does not fit. A bucket that is gone is empty.
 * @param progress called with the number of versions deleted so far
 * @throws TeardownError naming an object that would not go
 */
export async function emptyBucket(
  s3: S3Client,
  bucket: string,
  progress: (deleted: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const work = async () => {
    for (let deleted = 0; ; ) {
      signal?.throwIfAborted();
      // What was on the page before is gone: the first page is always the next one.
      const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
      const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      if (found.length === 0) return;
      const Objects = found.map(({ Key, VersionId }) => ({ Key, VersionId }));
      const remove = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } });
      const { Errors: [refused] = [] } = await s3.send(remove);
      if (refused)
        throw new TeardownError(
          `Emptying the bucket ${bucket} failed: ${refused.Code}: ${refused.Message ?? ''}`,
          {
            about: bucket,
            hint: 'Use the role that deployed the lake, then take it down again.',
          },
        );
      deleted += found.length;
      progress(deleted);
    }
  };
  await called(`Emptying the bucket ${bucket}`, bucket, work()).catch((error: unknown) => {
    if (isNamed((error as Error).cause, 'NoSuchBucket')) return;
    throw error;
  });
}
