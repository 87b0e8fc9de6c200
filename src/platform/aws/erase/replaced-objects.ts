import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { AwsCallError, called } from '../errors.ts';
import { type AwsPlaces, REGISTER_FOLDER } from '../places.ts';

export interface Storage {
  readonly s3: S3Client;
  readonly buckets: AwsPlaces['buckets'];
}

type Version = { readonly Key: string; readonly VersionId: string };

/** What S3 still has of what is not there any more, in one bucket. */
interface Replaced {
  /** Versions behind another one, or behind a mark that the object is deleted. */
  readonly versions: readonly Version[];
  /** Marks of deleted objects. */
  readonly marks: readonly Version[];
}

/** Buckets in which objects are replaced. */
const zonesOf = ({ raw, staged, curated, records }: AwsPlaces['buckets']): string[] => [
  ...new Set([raw, staged, curated, records]),
];

/**
 * Removes for good what S3 keeps of objects that were replaced or deleted, and the answers of queries that lie in the
 * bucket of results. Repeated, it does the rest.
 * @param answersBefore epoch ms: younger answers may be being read
 */
export async function removeReplaced(storage: Storage, answersBefore: number): Promise<void> {
  for (const bucket of zonesOf(storage.buckets)) {
    const { versions, marks } = await replacedIn(storage, bucket);
    // First what a mark hides: without its mark, a deleted object would be there again.
    await removeIn(storage, bucket, versions);
    await removeIn(storage, bucket, marks);
  }
  await removeIn(storage, storage.buckets.results, await answersIn(storage, answersBefore));
}

/** The same of single objects. @param uris `s3://…` */
export async function removeReplacedOf(storage: Storage, uris: readonly string[]): Promise<void> {
  for (const uri of uris) {
    const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
    const { versions } = await replacedIn(storage, bucket, key);
    await removeIn(
      storage,
      bucket,
      versions.filter(({ Key }) => Key === key),
    );
  }
}

/** How many versions of replaced or deleted objects S3 still has. */
export async function countReplaced(storage: Storage): Promise<number> {
  let count = 0;
  for (const bucket of zonesOf(storage.buckets)) {
    const { versions } = await replacedIn(storage, bucket);
    count += versions.length;
  }
  return count;
}

async function replacedIn(storage: Storage, bucket: string, prefix?: string): Promise<Replaced> {
  const versions: Version[] = [];
  const marks: Version[] = [];
  for await (const { Versions = [], DeleteMarkers = [] } of pagesOf(storage, bucket, prefix)) {
    for (const { Key, VersionId, IsLatest } of Versions) {
      // Of a bucket without versions every object is the one named so. The register names nobody.
      if (!IsLatest && !isOfRegister(Key)) versions.push({ Key: Key!, VersionId: VersionId! });
    }
    for (const { Key, VersionId } of DeleteMarkers)
      if (!isOfRegister(Key)) marks.push({ Key: Key!, VersionId: VersionId! });
  }
  return { versions, marks };
}

const isOfRegister = (key = ''): boolean => key.startsWith(REGISTER_FOLDER);

async function answersIn(storage: Storage, before: number): Promise<Version[]> {
  const found: Version[] = [];
  for await (const { Versions = [], DeleteMarkers = [] } of pagesOf(storage, storage.buckets.results)) {
    for (const { Key, VersionId, LastModified } of [...Versions, ...DeleteMarkers])
      if ((LastModified?.getTime() ?? 0) < before) found.push({ Key: Key!, VersionId: VersionId! });
  }
  return found;
}

/** Every version of every object of a bucket. */
export async function* versionsIn(
  storage: Pick<Storage, 's3'>,
  bucket: string,
): AsyncGenerator<{ readonly Key: string; readonly VersionId?: string; readonly IsLatest: boolean }> {
  for await (const { Versions = [] } of pagesOf(storage, bucket)) {
    for (const { Key, VersionId, IsLatest = true } of Versions) yield { Key: Key!, VersionId, IsLatest };
  }
}

async function* pagesOf(
  { s3 }: Pick<Storage, 's3'>,
  Bucket: string,
  Prefix?: string,
): AsyncGenerator<ListObjectVersionsCommandOutput> {
  let from: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (;;) {
    const command = new ListObjectVersionsCommand({ Bucket, Prefix, ...from });
    const page = await called(`Listing the versions in s3://${Bucket}`, Bucket, s3.send(command));
    yield page;
    if (!page.IsTruncated) return;
    from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

/** What one call deletes at most. */
const DELETES = 1_000;

async function removeIn({ s3 }: Storage, bucket: string, all: readonly Version[]): Promise<void> {
  for (let at = 0; at < all.length; at += DELETES) {
    const Objects = all.slice(at, at + DELETES);
    const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } });
    const { Errors = [] } = await called(`Deleting versions in s3://${bucket}`, bucket, s3.send(command));
    const [first] = Errors;
    if (!first) continue;
    throw new AwsCallError(
      `${Errors.length} versions of objects in s3://${bucket} could not be deleted: ${first.Code}.`,
      {
        about: bucket,
        hint: 'Let the role that calls delete versions there (s3:DeleteObjectVersion); a bucket with Object Lock keeps them until their time is over.',
      },
    );
  }
}
