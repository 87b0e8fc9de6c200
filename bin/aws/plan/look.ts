import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { compare } from '../../../lib/change/compare.ts';
import { readRecord, recordFileOf, writeRecord } from '../../../lib/change/record.ts';
import { settingsOf } from '../../../lib/settings.ts';
import type { LoadedCampus } from '../../../src/campus/load.ts';
import { nameOfLake } from '../../../src/platform/aws/deployed.ts';
import { readStacks } from '../teardown/read-stacks.ts';
import type { StandingStack } from '../teardown/standing-stack.ts';
import { leftOf } from './left.ts';
import type { DeploymentPlan } from './print.ts';
import { deployedFrom } from './standing.ts';

/**
 * Reads the deployed stacks and records them.
 * @param campus the campus file: the record lies next to it, and may be of a lake of another name
 */
export async function lookAtDeployment(loaded: LoadedCampus, campus: string): Promise<DeploymentPlan> {
  const record = recordFileOf(campus, loaded.campus.environment);
  const before = readRecord(record);
  const lake = before?.lake ?? nameOfLake(loaded.campus);
  const client = new CloudFormationClient({ region: before?.region ?? loaded.campus.aws?.region });
  try {
    const stacks = await readStacks(client, lake);
    const deployed = deployedFrom(lake, stacks, before);
    if (!deployed) return { record, obstacles: [], left: [] };
    writeRecord(record, deployed);
    const settings = settingsOf(loaded, { deployed });
    return {
      record,
      deployed,
      obstacles: compare(deployed, settings),
      left: settings.name === lake ? leftOf(stacks, settings) : [],
    };
  } finally {
    client.destroy();
  }
}

/** Updates the record, where there is one. */
export function recordAgain(
  { campus, environment }: { readonly campus: string; readonly environment?: string },
  lake: string,
  standing: readonly StandingStack[],
): void {
  const record = recordFileOf(campus, environment);
  const before = readRecord(record);
  if (before?.lake !== lake) return;
  const deployed = deployedFrom(lake, standing, before);
  if (deployed) writeRecord(record, deployed);
}
