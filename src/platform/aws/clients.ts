import { AthenaClient } from '@aws-sdk/client-athena';
import { DatabaseMigrationServiceClient } from '@aws-sdk/client-database-migration-service';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GlueClient } from '@aws-sdk/client-glue';
import { LakeFormationClient } from '@aws-sdk/client-lakeformation';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The services that the platform speaks to. Tests hand in clients of emulators. */
export interface AwsClients {
  readonly athena: AthenaClient;
  readonly dms: DatabaseMigrationServiceClient;
  readonly dynamo: DynamoDBDocumentClient;
  readonly glue: GlueClient;
  readonly lakeFormation: LakeFormationClient;
  readonly redshift: RedshiftDataClient;
  readonly s3: S3Client;
  readonly secretsManager: SecretsManagerClient;
  readonly sns: SNSClient;
}

/** Attempts of one call: many functions work at once, and a service may ask for patience. */
const ATTEMPTS = 6;

/** Clients with the credentials and endpoints of the environment, as the SDK finds them. */
export function openAwsClients(region: string): AwsClients {
  const shared = { region, maxAttempts: ATTEMPTS, userAgentAppId: 'campus-lake' };
  return {
    athena: new AthenaClient(shared),
    dms: new DatabaseMigrationServiceClient(shared),
    dynamo: DynamoDBDocumentClient.from(new DynamoDBClient(shared)),
    glue: new GlueClient(shared),
    lakeFormation: new LakeFormationClient(shared),
    redshift: new RedshiftDataClient(shared),
    s3: new S3Client(shared),
    secretsManager: new SecretsManagerClient(shared),
    sns: new SNSClient(shared),
  };
}

/** Ends the connections that are kept open between calls. */
export function closeAwsClients(clients: AwsClients): void {
  for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
}
