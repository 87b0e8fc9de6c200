import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetDataLakeSettingsCommand, LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AccessSettings, Caller, CloudAccount } from '../../../ports/cloud-account.ts';
import { databaseOf, lakeDatabases } from '../athena/names.ts';
import { type DeployedCampus, findDeployed } from '../deployed.ts';
import { called, isNamed } from '../errors.ts';
import { openToIam } from '../lake-formation/access-mode.ts';
import type { AwsPlaces } from '../places.ts';
import { TABLES_PER_TASK } from '../replication.ts';
import { functionsAtOnce } from './functions-at-once.ts';
import { replicationQuotas, sourceConnections } from './replication.ts';

/**
 * The AWS account of a campus: its region is that of campus.yaml, else that of the credentials.
 * @param places Default: what `findDeployed` finds
 */
export function openCloudAccount(campus: DeployedCampus, places?: AwsPlaces): CloudAccount {
  const region = campus.aws?.region;
  let deployed = places;
  return {
    tablesPerTask: TABLES_PER_TASK,
    caller: () => caller(region),
    bootstrapVersion: () => bootstrapVersion(region),
    async findDeployed() {
      deployed = (await findDeployed(campus)).places;
      return { rawBucket: deployed.buckets.raw };
    },
    accessSettings: () => accessSettings(region),
    async openToIam(sources) {
      return deployed ? listOpenToIam(region, deployed, sources) : [];
    },
    missingRoles: (roles) => missingRoles(region, roles),
    functionsAtOnce: () => functionsAtOnce(region),
    replicationQuotas: () => replicationQuotas(region),
    sourceConnections: () => sourceConnections(region, deployed?.replication ?? {}),
  };
}

/** A client for the time of `work`. */
async function using<C extends { destroy(): void }, T>(client: C, work: (client: C) => Promise<T>) {
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

const caller = (region: string | undefined): Promise<Caller> =>
  using(new STSClient({ region }), async (sts) => {
    const { Account: account, Arn: arn } = await called(
      'Asking AWS who calls',
      'identity',
      sts.send(new GetCallerIdentityCommand()),
    );
    return { account, arn, region: await sts.config.region() };
  });

const bootstrapVersion = (region: string | undefined): Promise<number | undefined> =>
  using(new CloudFormationClient({ region }), async (client) => {
    const asked = client
      .send(new DescribeStacksCommand({ StackName: 'CDKToolkit' }))
      .catch((error: unknown) => {
        // CloudFormation's word for a stack that does not exist.
        if (isNamed(error, 'ValidationError')) return undefined;
        throw error;
      });
    const answer = await called('Looking for CDKToolkit', 'bootstrap', asked);
    if (answer === undefined) return undefined;
    const outputs = answer.Stacks?.[0]?.Outputs;
    return Number(outputs?.find((one) => one.OutputKey === 'BootstrapVersion')?.OutputValue ?? 0) || 0;
  });

const accessSettings = (region: string | undefined): Promise<AccessSettings> =>
  using(new LakeFormationClient({ region }), async (client) => {
    const { DataLakeSettings: settings } = await called(
      'Reading the settings of Lake Formation',
      'access',
      client.send(new GetDataLakeSettingsCommand()),
    );
    return {
      admins: (settings?.DataLakeAdmins ?? []).map((one) => one.DataLakePrincipalIdentifier ?? ''),
      closesNewTables: (settings?.CreateTableDefaultPermissions ?? []).length === 0,
    };
  });

const listOpenToIam = (region: string | undefined, places: AwsPlaces, sources: readonly string[]) =>
  using(new LakeFormationClient({ region }), async (lakeFormation) => {
    const databases = lakeDatabases(sources).map((name) => databaseOf(places, name));
    return openToIam({ lakeFormation, catalog: places.account, databases });
  });

const missingRoles = (region: string | undefined, roles: readonly string[]): Promise<string[]> =>
  using(new IAMClient({ region }), async (iam) => {
    const missing: string[] = [];
    for (const RoleName of roles) {
      const asked = iam.send(new GetRoleCommand({ RoleName })).catch((error: unknown) => {
        if (!isNamed(error, 'NoSuchEntityException', 'NoSuchEntity')) throw error;
        missing.push(RoleName);
      });
      await called('Looking for the roles of DMS', 'dms', asked);
    }
    return missing;
  });
