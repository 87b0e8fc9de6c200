import { ObjectKeyError } from '../../ports/errors.ts';
import { partsOfKey } from '../object-key.ts';
import type { AwsPlaces } from './places.ts';

type Buckets = AwsPlaces['buckets'];

/** Zones with a bucket of their own, by the first part of a key; all other keys are records. */
const ZONES = ['raw', 'staged', 'curated'] as const;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const KEY_BYTES = 1024;

/** The bucket of a key. @throws ObjectKeyError for a key that no store takes, or that is too long for S3 */
export function bucketOf(buckets: Buckets, key: string): string {
  const [first] = partsOfKey(key);
  if (Buffer.byteLength(key) > KEY_BYTES) {
    throw new ObjectKeyError(`The key ${key} is longer than the ${KEY_BYTES} bytes that S3 takes`, {
      about: key,
    });
  }
  const zone = ZONES.find((name) => name === first);
  return zone ? buckets[zone] : buckets.records;
}

/** The buckets that can hold keys with this prefix. */
export function bucketsUnder(buckets: Buckets, prefix: string): string[] {
  const slash = prefix.indexOf('/');
  if (slash >= 0) return [buckets[ZONES.find((name) => name === prefix.slice(0, slash)) ?? 'records']];
  const zones = ZONES.filter((name) => name.startsWith(prefix)).map((name) => buckets[name]);
  return [...new Set([...zones, buckets.records])];
}
