import {
  BatchGrantPermissionsCommand,
  type BatchPermissionsFailureEntry,
  type BatchPermissionsRequestEntry,
  BatchRevokePermissionsCommand,
  type LakeFormationClient,
} from '@aws-sdk/client-lakeformation';
import { called } from '../errors.ts';
import { AccessModeError } from './errors.ts';
import type { Granted } from './list-grants.ts';

/** https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_BatchRevokePermissions.html */
const ENTRIES = 20;

/**
 * Gives permissions to one principal, or takes them, one call after another: calls at the same time fail.
 * @throws AccessModeError naming the first resource that Lake Formation left as it was
 */
export async function changeGrants(
  { lakeFormation, catalog }: { readonly lakeFormation: LakeFormationClient; readonly catalog: string },
  verb: 'grant' | 'revoke',
  principal: string,
  on: readonly Pick<Granted, 'database' | 'table' | 'resource' | 'permissions'>[],
): Promise<void> {
  const entries = on.map(
    ({ resource, permissions }, i): BatchPermissionsRequestEntry => ({
      Id: String(i),
      Principal: { DataLakePrincipalIdentifier: principal },
      Resource: resource,
      Permissions: [...permissions],
    }),
  );
  const failures: BatchPermissionsFailureEntry[] = [];
  for (let at = 0; at < entries.length; at += ENTRIES) {
    const input = { CatalogId: catalog, Entries: entries.slice(at, at + ENTRIES) };
    const { Failures = [] } = await called(
      verb === 'grant' ? 'Granting in Lake Formation' : 'Revoking in Lake Formation',
      'lake-formation',
      verb === 'grant'
        ? lakeFormation.send(new BatchGrantPermissionsCommand(input))
        : lakeFormation.send(new BatchRevokePermissionsCommand(input)),
    );
    failures.push(...Failures);
  }
  const [first] = failures;
  if (!first) return;
  const { ErrorCode = 'no code', ErrorMessage = '' } = first.Error ?? {};
  const place = on[Number(first.RequestEntry?.Id)];
  const where = [place?.database ?? 'a database', ...(place?.table ? [place.table] : [])].join('.');
  const others = failures.length > 1 ? `, as on ${failures.length - 1} more` : '';
  throw new AccessModeError(`Lake Formation did not ${verb} on ${where}${others}: ${ErrorCode}`, {
    about: 'lake-formation',
    cause: new Error(ErrorMessage),
    hint: 'Run again. The pipeline needs the grants of the access stack: npx cdk deploy --all.',
  });
}
