import {
  DescribeSecretCommand,
  ReplicateSecretToRegionsCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { called } from '../errors.ts';

/**
 * Has Secrets Manager keep secrets in another Region too, under the same names; it copies later changes by itself. One
 * that is there already is left alone.
 * @returns those that were not there yet
 */
export async function replicateSecrets(
  client: SecretsManagerClient,
  names: readonly string[],
  { region, key }: { readonly region: string; readonly key?: string },
): Promise<string[]> {
  const added: string[] = [];
  for (const SecretId of new Set(names)) {
    const { ReplicationStatus = [] } = await called(
      `Looking at the secret ${SecretId}`,
      SecretId,
      client.send(new DescribeSecretCommand({ SecretId })),
    );
    if (ReplicationStatus.some(({ Region, Status }) => Region === region && Status !== 'Failed')) continue;
    const command = new ReplicateSecretToRegionsCommand({
      SecretId,
      AddReplicaRegions: [{ Region: region, ...(key === undefined ? {} : { KmsKeyId: key }) }],
      ForceOverwriteReplicaSecret: true,
    });
    await called(`Replicating the secret ${SecretId} to ${region}`, SecretId, client.send(command));
    added.push(SecretId);
  }
  return added;
}
