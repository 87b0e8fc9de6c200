import { isDeepStrictEqual } from 'node:util';
import type { TemplateResource } from '../../../../lib/synthesize.ts';

/** What the documents of a service say of changes and its schema does not. */
export function ofServices(was: TemplateResource, is: TemplateResource): string[] {
  const [old, now] = [was.Properties ?? {}, is.Properties ?? {}];
  const changed = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (key) => !isDeepStrictEqual(old[key], now[key]),
  );
  switch (is.Type) {
    case 'AWS::RedshiftServerless::Workgroup':
      return [
        // https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_UpdateWorkgroup.html
        ...(changed.filter((key) => key !== 'Tags').length > 1
          ? [`the service takes one setting in an update: ${changed.join(', ')}`]
          : []),
        // https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html
        ...(now.BaseCapacity === 4 && Number(old.BaseCapacity) > 4 ? ['it does not go back to 4 RPU'] : []),
      ];
    case 'AWS::DMS::ReplicationInstance':
      return [
        ...(Number(now.AllocatedStorage) < Number(old.AllocatedStorage) ? ['a disk does not shrink'] : []),
        ...(earlier(now.EngineVersion, old.EngineVersion) ? ['an engine is not set back'] : []),
      ];
    case 'AWS::S3::Bucket':
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-and-other-bucket-configs.html
      return old.ReplicationConfiguration !== undefined && !isVersioned(now)
        ? ['its versions cannot end while it is copied, and both would end in one update']
        : [];
    default:
      return [];
  }
}

const isVersioned = ({ VersioningConfiguration }: Readonly<Record<string, unknown>>): boolean =>
  isDeepStrictEqual(VersioningConfiguration, { Status: 'Enabled' });

const earlier = (a: unknown, b: unknown): boolean =>
  typeof a === 'string' && typeof b === 'string' && a.localeCompare(b, 'en', { numeric: true }) < 0;
