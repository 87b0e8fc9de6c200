import { Aws } from 'aws-cdk-lib';
import type { Settings } from '../settings.ts';

export const ZONES = ['raw', 'staged', 'curated', 'records', 'results'] as const;
export type Zone = (typeof ZONES)[number];

/** Bucket names are unique in the world, so they carry account and region. */
export function bucketName({ name, account, region }: Settings, part: Zone | 'logs'): string {
  return `${name}-${part}-${account ?? Aws.ACCOUNT_ID}-${region ?? Aws.REGION}`;
}
