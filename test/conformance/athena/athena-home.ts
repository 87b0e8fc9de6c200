import { AthenaClient } from '@aws-sdk/client-athena';
import { CreateDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { type AthenaEngineOptions, openAthenaEngine } from '../../../src/platform/aws/athena/engine.ts';
import { openAthenaEraser } from '../../../src/platform/aws/erase/eraser.ts';
import { openS3Objects } from '../../../src/platform/aws/objects.ts';
import type { AwsPlaces } from '../../../src/platform/aws/places.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import type { Eraser } from '../../../src/ports/eraser.ts';
import type { ObjectStore } from '../../../src/ports/objects.ts';
import type { QueryEngine } from '../../../src/ports/query-engine.ts';
import { type Ministack, REGION, startMinistack } from '../aws/ministack.ts';
import { type AthenaEndpoint, type AthenaEndpointOptions, startAthenaEndpoint } from './athena-endpoint.ts';
import { UNLOADS } from './athena-statements.ts';
import { startTrino, type Trino } from './trino.ts';

/** The engine of AWS over an emulated S3 and Glue, with a real Trino where Athena is. */
export interface AthenaHome {
  readonly places: AwsPlaces;
  readonly objects: ObjectStore;
  readonly engine: QueryEngine;
  readonly eraser: Eraser;
  readonly s3: S3Client;
  readonly glue: GlueClient;
  readonly trino: string;
  readonly athena: AthenaEndpoint;
  /** Another engine over the same lake: with a key for pseudonyms, say, or a clock of its own. */
  reopened(options: Partial<AthenaEngineOptions>): QueryEngine;
  stop(): Promise<void>;
}

export interface AthenaHomeOptions extends AthenaEndpointOptions {
  /** What is overwritten or deleted in a bucket stays. Default: it does not. */
  readonly versioned?: boolean;
}

const BUCKETS = { raw: 'raw', staged: 'staged', curated: 'curated', records: 'records', results: 'results' };

export async function startAthenaHome(
  databases: readonly string[],
  options: AthenaHomeOptions = {},
): Promise<AthenaHome> {
  const ministack = await startMinistack();
  // What has started must not outlive what could not.
  const stopping = async (error: unknown): Promise<never> => {
    await ministack.stop();
    throw error;
  };
  const trino = await startTrino(ministack.endpoint).catch(stopping);
  return openAthenaHome(ministack, trino, databases, options);
}

/** A new lake in an emulator and a Trino that run already; both end with it. */
export async function openAthenaHome(
  ministack: Pick<Ministack, 'endpoint' | 'stop'>,
  trino: Trino,
  databases: readonly string[],
  options: AthenaHomeOptions = {},
): Promise<AthenaHome> {
  const athena = await startAthenaEndpoint(trino.url, ministack.endpoint, options);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = { region: REGION, credentials };
  const s3 = new S3Client({ ...client, endpoint: ministack.endpoint, forcePathStyle: true });
  const glue = new GlueClient({ ...client, endpoint: athena.url });
  const buckets = Object.fromEntries(
    Object.entries(BUCKETS).map(([zone, name]) => [zone, `lake-${name}`]),
  ) as AwsPlaces['buckets'];
  for (const Bucket of Object.values(buckets)) {
    await s3.send(new CreateBucketCommand({ Bucket }));
    if (!options.versioned) continue;
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
  for (const name of [...databases.map((name) => `lake_${name}`), 'lake_lake_versions', UNLOADS]) {
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: name } }));
  }
  const places: AwsPlaces = {
    region: REGION,
    account: '000000000000',
    buckets,
    ledgerTable: 'ledger',
    limitsTable: 'limits',
    databasePrefix: 'lake_',
    workgroup: 'pipeline',
    topicArn: `arn:aws:sns:${REGION}:000000000000:daily`,
  };
  const objects = openS3Objects({ s3, buckets });
  const parts = {
    places,
    objects,
    glue,
    s3,
    clock: systemClock,
    athena: new AthenaClient({ ...client, endpoint: athena.url }),
  };
  return {
    places,
    objects,
    glue,
    athena,
    trino: trino.url,
    s3,
    engine: openAthenaEngine(parts),
    eraser: openAthenaEraser({ ...parts, workgroup: places.workgroup }),
    reopened: (options) => openAthenaEngine({ ...parts, ...options }),
    async stop() {
      await athena.stop();
      await trino.stop();
      await ministack.stop();
    },
  };
}
