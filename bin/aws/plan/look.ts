import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { compare } from '../../../lib/change/compare.ts';
import type { Deployed } from '../../../lib/change/deployed.ts';
import { readRecord, recordFileOf, writeRecord } from '../../../lib/change/record.ts';
import { settingsOf } from '../../../lib/settings.ts';
import type { LoadedCampus } from '../../../src/campus/load.ts';
import { recoveryFor } from '../../../src/campus/recovery-environment.ts';
import { CURATED } from '../../../src/models/model.ts';
import { nameOfLake } from '../../../src/platform/aws/deployed.ts';
import { readShownTables } from '../../../src/platform/aws/shown-tables.ts';
import { readStacks } from '../teardown/read-stacks.ts';
import type { StandingStack } from '../teardown/standing-stack.ts';
import { leftOf, pricesOf } from './left.ts';
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
    const standing = deployedFrom(lake, stacks, before);
    if (!standing) return { record, obstacles: [], left: [] };
    const known = await withTables(loaded, standing);
    const away = await leftAway(loaded, known);
    const { recovery, ...here } = known;
    const deployed = away && away.length === 0 ? here : known;
    writeRecord(record, deployed);
    const settings = settingsOf(loaded, { deployed });
    return {
      record,
      deployed,
      obstacles: compare(deployed, settings),
      left: settings.name === lake ? leftOf(stacks, settings) : [],
      ...(recovery && away && away.length > 0
        ? {
            away: {
              ...recovery,
              environment: recoveryFor(loaded.campus.environment),
              stacks: pricesOf(away, settings),
            },
          }
        : {}),
    };
  } finally {
    client.destroy();
  }
}

/**
 * Resources that are left in a second Region after it was removed from campus.yaml.
 * @returns undefined where campus.yaml names it, or there was none
 */
async function leftAway(
  { campus }: LoadedCampus,
  { recovery }: Deployed,
): Promise<StandingStack[] | undefined> {
  if (!recovery || recovery.copies || campus.aws?.recovery) return undefined;
  const client = new CloudFormationClient({ region: recovery.region });
  try {
    return await readStacks(client, recovery.name);
  } finally {
    client.destroy();
  }
}

/** With the tables that there are, where groups see tables: a deployment can grant no other. */
async function withTables({ campus }: LoadedCampus, deployed: Deployed): Promise<Deployed> {
  if (Object.keys(campus.aws?.access?.groups ?? {}).length === 0) return deployed;
  const databases = [CURATED, 'ops', ...Object.keys(campus.sources)];
  const { region, databasePrefix = '' } = deployed;
  return { ...deployed, tables: await readShownTables(region, databasePrefix, databases) };
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
