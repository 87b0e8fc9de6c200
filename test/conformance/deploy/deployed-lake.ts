import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateDatabaseCommand } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Campus } from '../../../src/campus/campus.ts';
import { type LoadedCampus, loadCampus } from '../../../src/campus/load.ts';
import { openAwsClients } from '../../../src/platform/aws/clients.ts';
import { openS3Objects } from '../../../src/platform/aws/objects.ts';
import { type AwsPlaces, awsPlacesSchema } from '../../../src/platform/aws/places.ts';
import { openAwsPlatform } from '../../../src/platform/aws/platform.ts';
import type { Platform } from '../../../src/ports/platform.ts';
import type { College } from '../../../src/simulators/college/college.ts';
import { type SimulatedCampus, startSimulatedCampus } from '../../../src/simulators/simulated-campus.ts';
import { type AthenaEndpoint, startAthenaEndpoint } from '../athena/athena-endpoint.ts';
import { UNLOADS } from '../athena/athena-statements.ts';
import { startTrino } from '../athena/trino.ts';
import { clientConfig } from '../aws/clients.ts';
import { type Dms, startDms } from '../aws/dms.ts';
import { type Ministack, REGION, startForFunctions } from '../aws/ministack.ts';
import { type RedshiftData, startRedshiftData } from '../aws/redshift-data.ts';
import { deploy } from './cdk.ts';
import { type Execution, execute, stepFunctions } from './executions.ts';
import { LAKE, secretsOf, writeCampus } from './lake-campus.ts';

/** A lake on an emulated AWS, every stack of it deployed, and the sources that it loads from. */
export interface DeployedLake {
  readonly simulated: SimulatedCampus;
  /** The same campus as one machine has it. */
  readonly local: LoadedCampus;
  readonly outputs: Record<string, Record<string, string>>;
  readonly places: AwsPlaces;
  /** The deployed lake, as the command line opens it. */
  readonly platform: Platform;
  readonly ministack: Ministack;
  readonly athena: AthenaEndpoint;
  readonly dms: Dms;
  readonly redshift: RedshiftData;
  /** An execution of the deployed state machine, to its end. */
  run(): Promise<Execution>;
  stop(): Promise<void>;
}

/**
 * Starts everything that a lake on AWS speaks to, and deploys the whole app. Athena is a real Trino; DMS and the
 * Redshift Data API are stand-ins before real PostgreSQLs; the rest is the emulator's own. Functions and SDK find
 * each by the SDK's own variables, https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-env-vars.html.
 */
export async function deployLake(college: College, start: number): Promise<DeployedLake> {
  const ending: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of ending.splice(0).reverse()) await end();
  };
  try {
    return { ...(await build(college, start, (end) => ending.push(end))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(
  college: College,
  start: number,
  atEnd: (end: () => Promise<unknown>) => void,
): Promise<Omit<DeployedLake, 'stop'>> {
  const started = async <T extends { stop(): Promise<unknown> }>(starting: Promise<T>): Promise<T> => {
    const one = await starting;
    atEnd(() => one.stop());
    return one;
  };
  const folder = await mkdtemp(path.join(tmpdir(), 'lake-deployed-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  await mkdir(path.join(folder, 'sis'));
  const directory = path.join(folder, 'sis');
  const ministack = await started(startForFunctions('0.05'));
  const [trino, simulated] = await Promise.all([
    started(startTrino(ministack.endpoint)),
    started(startSimulatedCampus({ college, start, directory })),
  ]);
  const files = await writeCampus(folder, simulated);
  const local = await loadCampus(files.local);
  const s3 = new S3Client({ ...clientConfig(ministack.endpoint), forcePathStyle: true });
  const [athena, redshift, dms] = await Promise.all([
    started(startAthenaEndpoint(trino.url, ministack.endpoint)),
    started(startRedshiftData(s3)),
    started(
      startDms({
        ...sisOf(local.campus, simulated),
        objects: openS3Objects({ s3, buckets: BUCKETS }),
        // Every task breaks off once and is resumed.
        breaks: 1,
      }),
    ),
  ]);

  const environment = {
    AWS_ENDPOINT_URL_ATHENA: athena.url,
    // It adds to the emulator's Glue what that lacks of Iceberg.
    AWS_ENDPOINT_URL_GLUE: athena.url,
    AWS_ENDPOINT_URL_DATABASE_MIGRATION_SERVICE: dms.endpoint,
    AWS_ENDPOINT_URL_REDSHIFT_DATA: redshift.endpoint,
  };
  Object.assign(process.env, ministack.env, environment);
  atEnd(async () => {
    for (const name of Object.keys({ ...ministack.env, ...environment })) delete process.env[name];
  });
  const clients = openAwsClients(REGION);
  for (const [Name, SecretString] of Object.entries(secretsOf(simulated)))
    await clients.secretsManager.send(new CreateSecretCommand({ Name, SecretString }));
  await clients.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: UNLOADS } }));

  const { outputs } = await deploy(ministack, 'test/conformance/deploy/lake-app.ts', {
    context: { campus: files.aws, environment: JSON.stringify(environment) },
  });
  const told = outputs[`${LAKE}-pipeline`]!;
  const places = awsPlacesSchema.parse(JSON.parse(told.Places!));
  const { campus } = await loadCampus(files.aws);
  const platform = openAwsPlatform(places, campus, { clients });
  atEnd(() => platform.close());
  const run = () => execute(stepFunctions(ministack), told.StateMachine!);
  return { simulated, local, outputs, places, platform, ministack, athena, dms, redshift, run };
}

/** As the storage stack calls them. */
const BUCKETS = Object.fromEntries(
  ['raw', 'staged', 'curated', 'records', 'results'].map((zone) => [
    zone,
    `${LAKE}-${zone}-000000000000-${REGION}`,
  ]),
) as AwsPlaces['buckets'];

/** The SIS as its endpoint in DMS knows it. */
function sisOf({ sources }: Campus, { sis }: SimulatedCampus) {
  const source = sources.sis;
  if (source?.kind !== 'postgres' || !sis) throw new Error('the SIS is a PostgreSQL');
  return { source, password: sis.password };
}
