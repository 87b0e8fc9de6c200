import type { CloudAccount } from '../../../ports/cloud-account.ts';
import { type Finding, fail, failed, ok, warn } from '../finding.ts';
import type { AwsDoctorContext } from './context.ts';

/** The version of the bootstrap stack that today's CDK wants: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html */
const BOOTSTRAP_VERSION = 6;

/** Who calls, where, and whether the CDK can deploy there and has. */
export async function* checkIdentity(context: AwsDoctorContext): AsyncGenerator<Finding> {
  const { campus, account } = context;
  try {
    const caller = await account.caller();
    context.caller = caller.arn;
    const wanted = campus.aws?.account;
    yield wanted !== undefined && wanted !== caller.account
      ? fail(
          'identity',
          `${caller.arn} is not of account ${wanted}`,
          'log in to the account that campus.yaml names',
        )
      : ok('identity', `${caller.arn}, in ${caller.region}`);
  } catch (error) {
    yield failed('identity', error);
    return;
  }
  yield await bootstrap(account);
  try {
    const { rawBucket } = await account.findDeployed();
    context.deployed = true;
    yield ok('deployed', `the lake is there, its raw zone in the bucket ${rawBucket}`);
  } catch (error) {
    const { status, text, hint } = failed('deployed', error);
    yield { status: status === 'fail' ? 'warn' : status, about: 'deployed', text, hint };
  }
}

async function bootstrap(account: CloudAccount): Promise<Finding> {
  const hint = 'npx cdk bootstrap';
  try {
    const version = await account.bootstrapVersion();
    if (version === undefined) {
      return fail('bootstrap', 'the CDK is not bootstrapped in this account and region', hint);
    }
    return version >= BOOTSTRAP_VERSION
      ? ok('bootstrap', `version ${version}`)
      : warn('bootstrap', `version ${version || 'unknown'} is older than ${BOOTSTRAP_VERSION}`, hint);
  } catch (error) {
    return failed('bootstrap', error);
  }
}
