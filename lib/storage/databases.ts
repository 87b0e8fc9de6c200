import { Stack } from 'aws-cdk-lib';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { bucketName, type Zone } from './bucket-names.ts';

/**
 * The databases that people write in their SQL: one for each source (its staged tables), `campus` (the models) and
 * `ops` (the ledger); and `lake_versions`, in which the engine keeps what these show. Tables come and go by the
 * pipeline: 2,500 of them do not fit a template.
 */
export function databases(scope: Construct, settings: Settings): ReadonlyMap<string, CfnDatabase> {
  const { campus } = settings;
  const wanted: (readonly [string, Zone, string])[] = [
    ...Object.keys(campus.sources).map(
      (source) => [source, 'staged', `Staged tables of ${source}, one row per key`] as const,
    ),
    ['campus', 'curated', `Models of ${campus.name}: what people query`],
    ['lake_versions', 'staged', "The lake's own tables; people query the others"],
    ['ops', 'records', 'The ledger: runs, steps, loads, checks'],
  ];
  return new Map(wanted.map(([name, zone, says]) => [name, database(scope, settings, name, zone, says)]));
}

/** IAM decides who uses a new table. */
export const OPEN_TO_IAM = [
  { permissions: ['ALL'], principal: { dataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' } },
];

function database(
  scope: Construct,
  settings: Settings,
  name: string,
  zone: Zone,
  description: string,
): CfnDatabase {
  return new CfnDatabase(scope, `Database-${name}`, {
    catalogId: Stack.of(scope).account,
    databaseInput: {
      name: `${settings.databasePrefix}${name}`,
      description,
      locationUri: `s3://${bucketName(settings, zone)}/${zone}/${name}/`,
      // Where Lake Formation decides, a new table must not be open to all of IAM; where IAM does, it must be, whatever
      // the account's own default is.
      createTableDefaultPermissions: settings.access.mode === 'lake-formation' ? [] : OPEN_TO_IAM,
    },
  });
}
