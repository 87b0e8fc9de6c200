import type { Construct } from 'constructs';
import { EnvironmentNeededError } from '../src/campus/errors.ts';
import { type LoadedCampus, loadCampus } from '../src/campus/load.ts';
import { roleAccessOf } from './access/role-access.ts';
import { campusLake, type LakeStacks } from './campus-lake.ts';
import { readRecord, recordFileOf } from './change/record.ts';
import { type Settings, settingsOf } from './settings.ts';

/** A lake within another CDK app. */
export interface CampusLakeProps {
  /** The campus file, or its folder. */
  readonly campus: string;
  /** One of the environments that it describes. Default: the file without them, where it describes none. */
  readonly environment?: string;
  /** In place of the one in the file: `frugal` or `standard`. */
  readonly profile?: string;
  /** The second of the two switches of a deletion: repeats the lake's name. */
  readonly deleteData?: string;
}

/**
 * Adds the lake that a campus.yaml describes to another CDK app: to the app itself, a stage, or a construct. Stacks
 * are named as in an app of the lake's own, `<name>-<part>`, so that the command line finds them. The app must have the
 * context of `cdk.json` that decides on references: `"@aws-cdk/core:defaultCrossStackReferences": "weak"`.
 * @returns the stacks, with what others may use of them: buckets, workgroups, topic, state machine
 * @throws CampusFileError naming every problem of the files
 * @throws DeployError where campus.yaml, or the change to what is deployed, cannot be deployed
 *
 * @example
 * ```ts
 * import { App } from 'aws-cdk-lib';
 * import { addCampusLake } from 'campus-lake/lib/embed.ts';
 *
 * const app = new App();
 * const { storage } = await addCampusLake(app, { campus: 'lake/campus.yaml', environment: 'prod' });
 * new ReportStack(app, 'reports', { curated: storage.buckets.curated });
 * ```
 */
export async function addCampusLake(scope: Construct, props: CampusLakeProps): Promise<LakeStacks> {
  const loaded = await loadCampus(props.campus, undefined, props.environment);
  return campusLake(scope, await lakeSettings(loaded, props));
}

/**
 * Everything that decides what is deployed: the campus, and what its record says is there.
 * @throws CampusFileError for mistakes in access.yaml
 * @throws EnvironmentNeededError where the campus file describes environments and none was chosen
 */
export async function lakeSettings(
  loaded: LoadedCampus,
  { campus: file, profile, deleteData }: Omit<CampusLakeProps, 'environment'>,
): Promise<Settings> {
  const { environment, environments } = loaded.campus;
  if (environments) throw new EnvironmentNeededError(Object.keys(environments));
  const deployed = readRecord(recordFileOf(file, environment));
  const roleAccess = await roleAccessOf(loaded, deployed);
  return settingsOf(loaded, { profile, deleteData, deployed, roleAccess });
}
