import { STSClient } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { z } from 'zod';
import type { FunctionQuota } from '../../../ports/cloud-account.ts';
import { AwsCallError, called } from '../errors.ts';
import { Sha256 } from '../sha256.ts';

const settingsSchema = z.object({
  AccountLimit: z.object({
    ConcurrentExecutions: z.number(),
    UnreservedConcurrentExecutions: z.number(),
  }),
});

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html */
const PATH = '/2016-08-19/account-settings/';
const PATIENCE_MS = 10_000;
const DOING = 'Reading the quota of Lambda';

/** How many functions may run at once. The one call of Lambda that the lake makes, so without a client of Lambda. */
export async function functionsAtOnce(region: string | undefined): Promise<FunctionQuota> {
  const sts = new STSClient({ region });
  try {
    const where = await sts.config.region();
    const endpoint = endpointIn(where);
    const signer = new SignatureV4({
      service: 'lambda',
      region: where,
      credentials: sts.config.credentials,
      sha256: Sha256,
    });
    const { headers } = await called(
      DOING,
      'functions',
      signer.sign({
        method: 'GET',
        protocol: endpoint.protocol,
        hostname: endpoint.hostname,
        path: PATH,
        headers: { host: endpoint.host },
      }),
    );
    const { AccountLimit } = await answerOf(new URL(PATH, endpoint), headers);
    return { limit: AccountLimit.ConcurrentExecutions, free: AccountLimit.UnreservedConcurrentExecutions };
  } finally {
    sts.destroy();
  }
}

/** As the SDK finds it: https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-env-vars.html */
function endpointIn(region: string): URL {
  const { AWS_ENDPOINT_URL_LAMBDA, AWS_ENDPOINT_URL } = process.env;
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return new URL(AWS_ENDPOINT_URL_LAMBDA ?? AWS_ENDPOINT_URL ?? `https://lambda.${region}.${suffix}`);
}

async function answerOf(url: URL, headers: Record<string, string>): Promise<z.infer<typeof settingsSchema>> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE_MS) }).catch(
    (cause: unknown) => {
      throw new AwsCallError(`${DOING} failed: no answer`, {
        about: 'functions',
        cause,
        hint: 'Check whether this machine may reach AWS.',
        retryable: true,
      });
    },
  );
  if (!response.ok)
    throw new AwsCallError(`${DOING} failed: ${response.status}`, {
      about: 'functions',
      hint:
        response.status === 403
          ? 'Let the role that calls do this: lambda:GetAccountSettings.'
          : 'Run again; if it fails in the same way, look at the quota in the console (Service Quotas, AWS Lambda).',
    });
  const settings = settingsSchema.safeParse(await response.json());
  if (settings.success) return settings.data;
  throw new AwsCallError(`${DOING} failed: the answer has no limits`, {
    about: 'functions',
    hint: 'Look at the quota in the console: Service Quotas, AWS Lambda, Concurrent executions.',
  });
}
