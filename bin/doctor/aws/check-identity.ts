import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type Finding, fail, failed, ok, warn } from '../../../src/app/doctor/finding.ts';
import { called, isNamed } from '../../../src/platform/aws/errors.ts';
import { findDeployed } from '../../aws/deployed.ts';
import type { AwsDoctorContext } from './context.ts';

/** The version of the bootstrap stack that today's CDK wants: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html */
const BOOTSTRAP_VERSION = 6;

/** Who calls, where, and whether the CDK can deploy there and has. */
export async function* checkIdentity(context: AwsDoctorContext): AsyncGenerator<Finding> {
  const { campus, region } = context;
  const sts = new STSClient({ region });
  try {
    const { Account: account, Arn: arn } = await called(
      'Asking AWS who calls',
      'identity',
      sts.send(new GetCallerIdentityCommand()),
    );
    context.caller = arn;
    const wanted = campus.aws?.account;
    yield wanted !== undefined && wanted !== account
      ? fail('identity', `${arn} is not of account ${wanted}`, 'log in to the account that campus.yaml names')
      : ok('identity', `${arn}, in ${await sts.config.region()}`);
  } catch (error) {
    yield failed('identity', error);
    return;
  } finally {
    sts.destroy();
  }
  yield await bootstrap(region);
  try {
    const { places } = await findDeployed(campus);
    context.places = places;
    yield ok('deployed', `the lake is there, its raw zone in the bucket ${places.buckets.raw}`);
  } catch (error) {
    const { status, text, hint } = failed('deployed', error);
    yield { status: status === 'fail' ? 'warn' : status, about: 'deployed', text, hint };
  }
}

async function bootstrap(region: string | undefined): Promise<Finding> {
  const client = new CloudFormationClient({ region });
  const hint = 'npx cdk bootstrap';
  try {
    const describe = new DescribeStacksCommand({ StackName: 'CDKToolkit' });
    const { Stacks = [] } = await client.send(describe);
    const version = Number(
      Stacks[0]?.Outputs?.find((one) => one.OutputKey === 'BootstrapVersion')?.OutputValue,
    );
    return version >= BOOTSTRAP_VERSION
      ? ok('bootstrap', `version ${version}`)
      : warn('bootstrap', `version ${version || 'unknown'} is older than ${BOOTSTRAP_VERSION}`, hint);
  } catch (error) {
    if (isNamed(error, 'ValidationError')) {
      return fail('bootstrap', 'the CDK is not bootstrapped in this account and region', hint);
    }
    return failed(
      'bootstrap',
      await called('Looking for CDKToolkit', 'bootstrap', Promise.reject(error)).catch((e) => e),
    );
  } finally {
    client.destroy();
  }
}
