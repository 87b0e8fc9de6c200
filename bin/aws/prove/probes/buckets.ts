import {
  GetBucketEncryptionCommand,
  GetBucketPolicyStatusCommand,
  GetPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { called } from '../../../../src/platform/aws/errors.ts';
import { type Probe, proven, refuted } from '../probe.ts';

/** What S3 itself says of the buckets. */
export const buckets: Probe = {
  name: 'buckets',
  claim: 'every bucket of data is encrypted with a KMS key and closed to the public',
  async ask({ places, clients: { s3 } }) {
    const wrong: string[] = [];
    const names = Object.values(places.buckets);
    for (const Bucket of names) {
      const doing = `Looking at the bucket ${Bucket}`;
      const { ServerSideEncryptionConfiguration: encryption } = await called(
        doing,
        Bucket,
        s3.send(new GetBucketEncryptionCommand({ Bucket })),
      );
      const rule = encryption?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
      if (rule?.SSEAlgorithm !== 'aws:kms') wrong.push(`${Bucket} is not encrypted with a KMS key`);
      const { PublicAccessBlockConfiguration: block } = await called(
        doing,
        Bucket,
        s3.send(new GetPublicAccessBlockCommand({ Bucket })),
      );
      const isClosed =
        block?.BlockPublicAcls &&
        block.BlockPublicPolicy &&
        block.IgnorePublicAcls &&
        block.RestrictPublicBuckets;
      if (!isClosed) wrong.push(`${Bucket} does not block public access`);
      const { PolicyStatus } = await called(
        doing,
        Bucket,
        s3.send(new GetBucketPolicyStatusCommand({ Bucket })),
      );
      if (PolicyStatus?.IsPublic) wrong.push(`${Bucket} has a public policy`);
    }
    return wrong.length === 0
      ? proven(`${names.length} buckets`)
      : refuted(wrong.join('; '), 'npx cdk deploy --all --force sets them back; find out who changed them');
  },
};
