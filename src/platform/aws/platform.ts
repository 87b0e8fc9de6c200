import type { AssistantConfig } from '../../campus/assistant-schema.ts';
import type { Campus } from '../../campus/campus.ts';
import { isSis } from '../../campus/source-role.ts';
import type { AccessHistory } from '../../ports/access-history.ts';
import { addedTables, type Feature } from '../../ports/feature.ts';
import type { Clock, Platform } from '../../ports/platform.ts';
import { pseudonymKeys } from '../../privacy/pseudonym-keys.ts';
import { systemClock } from '../clock.ts';
import { openLanguageModel } from '../language-model.ts';
import { openAthenaHistory } from './access-history/athena-history.ts';
import { openAthenaEngine } from './athena/engine.ts';
import { databaseOf, lakeDatabases } from './athena/names.ts';
import { parquetColumns } from './athena/parquet-columns.ts';
import { readFooter } from './athena/parquet-footer.ts';
import { type AwsClients, closeAwsClients, openAwsClients } from './clients.ts';
import type { FileFacts } from './dms/read-outcome.ts';
import { openCrawler } from './drift/crawler.ts';
import { openAthenaEraser } from './erase/eraser.ts';
import { objectsBelow } from './erase/register.ts';
import { type GuardedMode, reachAccessMode } from './lake-formation/access-mode.ts';
import { openLakeFormationGuard } from './lake-formation/guard.ts';
import { openDynamoLedger } from './ledger.ts';
import { openS3Objects } from './objects.ts';
import { type AwsPlaces, REGISTER_FOLDER } from './places.ts';
import { openDynamoRateLimits } from './rate-limits.ts';
import { openDmsReplication } from './replication.ts';
import { openAwsSecrets } from './secrets.ts';
import { driftPlacesOf, openSisPlaces } from './sis-places.ts';
import { openTopic } from './topic.ts';
import { openRedshiftWarehouse } from './warehouse.ts';

export interface AwsPlatformOptions {
  /** Default: the machine's own. */
  readonly clock?: Clock;
  /** Default: clients of the region, with the credentials of the environment. */
  readonly clients?: AwsClients;
  /** Folder of the stored procedures. Default: the ones that come with the lake. */
  readonly procedures?: string;
  /** Default: none. */
  readonly features?: readonly Feature[];
}

/** What of campus.yaml the platform needs. */
export type PlatformCampus = Pick<Campus, 'root' | 'sources' | 'privacy'> & {
  readonly assistant?: AssistantConfig;
  readonly aws?: {
    readonly replication?: { readonly tablesPerTask?: number; readonly reloadDays?: number };
    readonly access?: {
      readonly mode: 'iam' | GuardedMode;
      readonly analysts: readonly string[];
      readonly stewards: readonly string[];
    };
  };
};

const sisOf = ({ sources }: PlatformCampus): string[] =>
  Object.keys(sources).filter((name) => isSis(sources[name]));

/** AWS as a platform: everything that `places` names. Nothing is asked of AWS before it is needed. */
export function openAwsPlatform(
  places: AwsPlaces,
  campus: PlatformCampus,
  {
    clock = systemClock,
    clients = openAwsClients(places.region),
    procedures,
    features,
  }: AwsPlatformOptions = {},
): Platform {
  const { athena, dms, dynamo, glue, lakeFormation, redshift, s3, secretsManager, sns } = clients;
  const objects = openS3Objects({ s3, buckets: places.buckets });
  const secrets = openAwsSecrets({ secretsManager, clock, root: campus.root });
  const ledger = openDynamoLedger({
    dynamo,
    table: places.ledgerTable,
    objects,
    clock,
    added: addedTables(features),
  });
  const tagKey = places.lakeFormation?.tagKey;
  const asking = {
    places,
    objects,
    athena,
    glue,
    s3,
    clock,
    pseudonymKeys: () => pseudonymKeys({ campus, platform: { secrets } }),
  };
  const engine = openAthenaEngine(asking);
  const access = campus.aws?.access;
  const reachMode = () =>
    reachAccessMode({
      lakeFormation,
      glue,
      ledger,
      clock,
      catalog: places.account,
      databases: lakeDatabases(Object.keys(campus.sources)).map((name) => databaseOf(places, name)),
      mode: access?.mode === 'lake-formation' ? 'lake-formation' : 'hybrid',
      readers: [...(access?.analysts ?? []), ...(access?.stewards ?? [])],
    });
  const facts = async (key: string, table: string): Promise<FileFacts> => {
    const { rows, schema } = await readFooter({ s3, objects }, objects.uri(key), table);
    const bytes = (await objects.head(key))?.bytes ?? 0;
    const columns = parquetColumns(schema).map(({ name, type = 'varchar' }) => ({ name, type }));
    return { rows, bytes, columns };
  };
  return {
    target: 'aws',
    clock,
    objects,
    ledger,
    engine,
    register: objectsBelow(objects, REGISTER_FOLDER),
    eraser: openAthenaEraser({ ...asking, workgroup: places.workgroup }),
    secrets,
    limits: openDynamoRateLimits({ dynamo, table: places.limitsTable, clock }),
    replication: openDmsReplication({
      dms,
      placeOf: openSisPlaces(dms, places),
      objects,
      sources: campus.sources,
      tablesPerTask: campus.aws?.replication?.tablesPerTask,
      reloadDays: campus.aws?.replication?.reloadDays,
      facts,
    }),
    warehouse: openRedshiftWarehouse({
      redshift,
      place: places.warehouse,
      objects,
      secrets,
      clock,
      procedures,
    }),
    drift: openCrawler({ glue, objects, clock, places: driftPlacesOf(places, sisOf(campus)) }),
    ...(tagKey
      ? { guard: openLakeFormationGuard({ lakeFormation, glue, ledger, places, tagKey, reachMode }) }
      : {}),
    ...(places.history ? { accessHistory: historyOf(clients, places, campus, clock) } : {}),
    topic: openTopic({ sns, arn: places.topicArn }),
    ...(campus.assistant ? { languageModel: openLanguageModel(campus.assistant, secrets) } : {}),
    close: async () => closeAwsClients(clients),
  };
}

/** The history of the workgroups of people, whose names begin like the pipeline's. */
function historyOf(
  { athena, s3 }: AwsClients,
  places: AwsPlaces,
  { sources }: PlatformCampus,
  clock: Clock,
): AccessHistory {
  const begin = places.workgroup.replace(/pipeline$/, '');
  const { workgroups, trail } = places.history!;
  const { account, region } = places;
  const own = lakeDatabases(Object.keys(sources));
  return openAthenaHistory({
    ...{ athena, s3, clock, account, region, begin },
    workgroups: workgroups.map((name) => begin + name),
    databases: new Map(own.map((name) => [databaseOf(places, name), name])),
    ...(trail ? { trail } : {}),
  });
}
