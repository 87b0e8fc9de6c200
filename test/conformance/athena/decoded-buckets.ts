import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GetObjectCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { filesWith } from '../../end-to-end/decoded.ts';

/**
 * Objects of these buckets, each version of each, in which one of these texts stands once they are decoded.
 * @returns `bucket/key@version`
 */
export async function objectsWith(
  s3: S3Client,
  buckets: readonly string[],
  texts: readonly string[],
): Promise<{ found: string[]; versions: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'buckets-'));
  let versions = 0;
  try {
    for (const Bucket of buckets) {
      let from: { KeyMarker?: string; VersionIdMarker?: string } = {};
      for (;;) {
        const page = await s3.send(new ListObjectVersionsCommand({ Bucket, ...from }));
        for (const { Key, VersionId } of page.Versions ?? []) {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
          // The end of a name says how a file is read.
          const path = join(folder, Bucket, VersionId ?? 'only', Key!);
          await mkdir(dirname(path), { recursive: true });
          await writeFile(path, await Body!.transformToByteArray());
          versions += 1;
        }
        if (!page.IsTruncated) break;
        from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      }
    }
    return { found: await filesWith(folder, texts), versions };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
