import { GetDataLakeSettingsCommand, LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { type Finding, failed, ok, some, warn } from '../../../src/app/doctor/finding.ts';
import { databaseOf, lakeDatabases } from '../../../src/platform/aws/athena/names.ts';
import { called } from '../../../src/platform/aws/errors.ts';
import { openToIam } from '../../../src/platform/aws/lake-formation/access-mode.ts';
import type { AwsPlaces } from '../../../src/platform/aws/places.ts';
import type { AwsDoctorContext } from './context.ts';

/**
 * Who administers Lake Formation here. Its own grants can only be made by an administrator, and new databases are
 * closed to IAM where somebody has set it so.
 */
export async function checkLakeFormation({
  campus,
  region,
  caller,
  places,
}: AwsDoctorContext): Promise<Finding[]> {
  const client = new LakeFormationClient({ region });
  try {
    const { DataLakeSettings: settings } = await called(
      'Reading the settings of Lake Formation',
      'access',
      client.send(new GetDataLakeSettingsCommand()),
    );
    const admins = (settings?.DataLakeAdmins ?? []).map((one) => one.DataLakePrincipalIdentifier ?? '');
    const mode = campus.aws?.access?.mode ?? 'iam';
    const findings: Finding[] = [];
    if (mode !== 'iam' && !admins.some((admin) => isCaller(admin, caller))) {
      findings.push(
        warn(
          'access',
          `access.mode is ${mode}, and ${caller} is no administrator of Lake Formation (${some(admins) || 'there is none'})`,
          'add the deploying role under aws.access.admins, or ask an administrator to',
        ),
      );
    }
    if (mode === 'lake-formation' && places) findings.push(...(await stillOpen(client, campus, places)));
    const open = settings?.CreateTableDefaultPermissions ?? [];
    if (mode === 'iam' && open.length === 0) {
      findings.push(
        warn(
          'access',
          'Lake Formation closes new tables to IAM in this account, and access.mode is iam',
          'set aws.access.mode: lake-formation, or let IAM decide on new tables in the settings of Lake Formation',
        ),
      );
    }
    return findings.length > 0
      ? findings
      : [ok('access', `${mode}; administrators of Lake Formation: ${some(admins) || 'none'}`)];
  } catch (error) {
    return [failed('access', error)];
  } finally {
    client.destroy();
  }
}

/** What IAM still opens though campus.yaml gives the decision to Lake Formation. */
async function stillOpen(
  lakeFormation: LakeFormationClient,
  { sources }: AwsDoctorContext['campus'],
  places: AwsPlaces,
): Promise<Finding[]> {
  const databases = lakeDatabases(Object.keys(sources)).map((name) => databaseOf(places, name));
  const open = await openToIam({ lakeFormation, catalog: places.account, databases });
  if (open.length === 0) return [];
  return [
    warn(
      'access',
      `access.mode is lake-formation, and IAM still opens ${open.length} databases and tables, whatever their tags say: ${some(open)}`,
      'run the pipeline (npx lake --target aws run): it closes them when the grants are there',
    ),
  ];
}

/** A session of a role (`assumed-role/name/session`) is administrator where its role is. */
function isCaller(admin: string, caller = ''): boolean {
  const role = /:assumed-role\/([^/]+)\//.exec(caller)?.[1];
  return admin === caller || (role !== undefined && admin.endsWith(`/${role}`));
}
