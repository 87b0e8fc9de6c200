import {
  GetBucketEncryptionCommand,
  GetBucketPolicyStatusCommand,
  GetPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { called, isNamed } from '../../../../src/platform/aws/errors.ts';
import { type Probe, proven, refuted } from '../probe.ts';

/** What S3 itself says of the buckets. */
export const buckets: Probe = {
  name: 'buckets',
  claim: 'every bucket of data is encrypted with a KMS key and closed to the public',
  async ask({ places, clients: { s3 } }) {
    const names = Object.values(places.buckets);
    const wrong: string[] = [];
    for (const bucket of names) wrong.push(...(await faultsOf(s3, bucket)));
    return wrong.length === 0
      ? proven(`${names.length} buckets`)
      : refuted(wrong.join('; '), 'npx cdk deploy --all --force sets them back; find out who changed them');
  },
};

async function faultsOf(s3: S3Client, Bucket: string): Promise<string[]> {
  /** The answer, or undefined where S3 says by an error of this name that there is none. */
  const asked = <T>(call: Promise<T>, none: string): Promise<T | undefined> =>
    called(
      `Looking at the bucket ${Bucket}`,
      Bucket,
      call.catch((error: unknown) => {
        if (isNamed(error, none)) return undefined;
        throw error;
      }),
    );
  const encryption = await asked(
    s3.send(new GetBucketEncryptionCommand({ Bucket })),
    'ServerSideEncryptionConfigurationNotFoundError',
  );
  const [rule] = encryption?.ServerSideEncryptionConfiguration?.Rules ?? [];
  const access = await asked(
    s3.send(new GetPublicAccessBlockCommand({ Bucket })),
    'NoSuchPublicAccessBlockConfiguration',
  );
  const block = access?.PublicAccessBlockConfiguration;
  const isClosed =
    block?.BlockPublicAcls &&
    block.BlockPublicPolicy &&
    block.IgnorePublicAcls &&
    block.RestrictPublicBuckets;
  const policy = await asked(s3.send(new GetBucketPolicyStatusCommand({ Bucket })), 'NoSuchBucketPolicy');
  return [
    ...(rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm === 'aws:kms'
      ? []
      : [`${Bucket} is not encrypted with a KMS key`]),
    ...(isClosed ? [] : [`${Bucket} does not block public access`]),
    ...(policy?.PolicyStatus?.IsPublic ? [`${Bucket} has a public policy`] : []),
  ];
}
