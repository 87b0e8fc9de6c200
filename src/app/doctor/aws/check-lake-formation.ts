import { type Finding, failed, ok, some, warn } from '../finding.ts';
import type { AwsDoctorContext } from './context.ts';

/**
 * Who administers Lake Formation here. Its own grants can only be made by an administrator, and new databases are
 * closed to IAM where somebody has set it so.
 */
export async function checkLakeFormation(context: AwsDoctorContext): Promise<Finding[]> {
  const { campus, account, caller, deployed } = context;
  try {
    const { admins, closesNewTables } = await account.accessSettings();
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
    if (mode === 'lake-formation' && deployed) findings.push(...(await stillOpen(context)));
    if (mode === 'iam' && closesNewTables) {
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
  }
}

/** What IAM still opens though campus.yaml gives the decision to Lake Formation. */
async function stillOpen({ campus, account }: AwsDoctorContext): Promise<Finding[]> {
  const open = await account.openToIam(Object.keys(campus.sources));
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
