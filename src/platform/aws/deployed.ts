import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DEFAULT_LAKE_NAME } from '../../campus/environments.ts';
import { EnvironmentNeededError } from '../../campus/errors.ts';
import { InputError } from '../../errors.ts';
import { called, isNamed } from './errors.ts';
import { type AwsPlaces, awsPlacesSchema } from './places.ts';

/** The lake as it was deployed for a campus. */
export interface Deployed {
  readonly places: AwsPlaces;
  /** The state machine of the nightly run. */
  readonly stateMachineArn: string;
}

/** What of campus.yaml says where the lake was deployed. */
export interface DeployedCampus {
  readonly aws?: { readonly name?: string; readonly region?: string };
  /** Those among which none was chosen. */
  readonly environments?: object;
}

// Of the SDK's wish for a newer Node each command would print six lines; `lake doctor` checks the version.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

class NoRegionError extends InputError {
  constructor(cause: Error) {
    super('Nothing says in which region of AWS the lake is.', {
      cause,
      hint: 'Write aws: { region: us-east-1 } into campus.yaml, or set AWS_REGION',
    });
  }
}

/**
 * The name that begins every stack of the lake.
 * @throws EnvironmentNeededError where campus.yaml describes environments and none was chosen
 */
export function nameOfLake({ aws, environments }: DeployedCampus): string {
  if (environments) throw new EnvironmentNeededError(Object.keys(environments));
  return aws?.name ?? DEFAULT_LAKE_NAME;
}

/**
 * Finds the lake by the outputs of its pipeline's stack.
 * @throws InputError when it is not deployed in this account and region
 */
export async function findDeployed(campus: DeployedCampus): Promise<Deployed> {
  const stack = `${nameOfLake(campus)}-pipeline`;
  const client = new CloudFormationClient({ region: campus.aws?.region });
  try {
    const describe = new DescribeStacksCommand({ StackName: stack });
    const { Stacks = [] } = await client.send(describe).catch((error: unknown) => {
      if (error instanceof Error && error.message === 'Region is missing') throw new NoRegionError(error);
      // CloudFormation's word for a stack that does not exist.
      if (isNamed(error, 'ValidationError')) return { Stacks: [] };
      return called(`Looking for the stack ${stack}`, stack, Promise.reject(error));
    });
    const outputs = new Map(Stacks[0]?.Outputs?.map((one) => [one.OutputKey, one.OutputValue]));
    const places = awsPlacesSchema.safeParse(JSON.parse(outputs.get('Places') ?? 'null'));
    const stateMachineArn = outputs.get('StateMachine');
    if (places.success && stateMachineArn) return { places: places.data, stateMachineArn };
    throw new InputError(
      Stacks.length === 0
        ? `The lake is not deployed here: there is no stack ${stack}`
        : `The stack ${stack} does not say where the lake lies, as this version wants to know it`,
      { about: stack, hint: 'npx cdk deploy --all; and check account and region: lake doctor --target aws' },
    );
  } finally {
    client.destroy();
  }
}
