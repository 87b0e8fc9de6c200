import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DatabaseMigrationServiceClient } from '@aws-sdk/client-database-migration-service';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { type DeployedCampus, nameOfLake } from '../../../src/platform/aws/deployed.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { planTeardown, type TeardownPlan } from './plan.ts';
import { readStacks } from './read-stacks.ts';
import type { StandingStack } from './standing-stack.ts';
import { type TeardownOptions, type TeardownOutcome, tearDown } from './teardown.ts';

export interface OpenedTeardown {
  readonly plan: TeardownPlan;
  execute(watch: TeardownOptions['watch']): Promise<CheckedOutcome>;
  close(): void;
}

/** What was done, and what is still deployed: looked at again, not assumed. */
export interface CheckedOutcome extends TeardownOutcome {
  readonly left: readonly string[];
  readonly standing: readonly StandingStack[];
}

/** Looks at what is deployed of a lake and plans its teardown. Touches nothing before `execute`. */
export async function openTeardown(
  campus: DeployedCampus,
  {
    deleteData,
    only = () => undefined,
    signal,
  }: {
    readonly deleteData?: string;
    /** Names of the stacks that it is about, of those that are deployed. Default: all. */
    readonly only?: (standing: readonly StandingStack[]) => readonly string[] | undefined;
    readonly signal: AbortSignal;
  },
): Promise<OpenedTeardown> {
  const region = campus.aws?.region;
  const clients = {
    cloudFormation: new CloudFormationClient({ region }),
    s3: new S3Client({ region }),
    sfn: new SFNClient({ region }),
    dms: new DatabaseMigrationServiceClient({ region }),
  };
  const close = () => {
    for (const client of Object.values(clients)) client.destroy();
  };
  const lake = nameOfLake(campus);
  try {
    const stacks = await readStacks(clients.cloudFormation, lake);
    const plan = planTeardown(stacks, { lake, deleteData, only: only(stacks) });
    return {
      plan,
      close,
      async execute(watch) {
        const outcome = await tearDown(plan, { ...clients, clock: systemClock }, { watch, signal });
        const standing = await readStacks(clients.cloudFormation, lake);
        const names = new Set(standing.map(({ name }) => name));
        return { ...outcome, left: outcome.deleted.filter((name) => names.has(name)), standing };
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}
