import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { GlueClient } from '@aws-sdk/client-glue';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { listTables } from '../athena/glue-tables.ts';
import { databaseOf, lakeDatabases } from '../athena/names.ts';
import { type AwsClients, closeAwsClients, openAwsClients } from '../clients.ts';
import { type DeployedCampus, findDeployed } from '../deployed.ts';
import { versionsIn } from '../erase/replaced-objects.ts';
import { called } from '../errors.ts';
import type { AwsPlaces } from '../places.ts';

/** A file of this machine that holds what lies elsewhere. It is there until the next one is asked for. */
export interface FetchedFile {
  readonly path: string;
  /** Where it lies: a key of the lake, `results/…`, with `?versionId=` for what is not the current version. */
  readonly file: string;
  readonly zone: string;
}

/** A text that lies in no file. */
export interface KeptText {
  readonly table: string;
  readonly column: string;
  readonly where: 'values' | 'metadata';
  readonly text: string;
}

/** Everything that a deployed lake keeps, to be decoded: every version of every object, the ledger, the catalog. */
export interface DeployedTexts {
  files(): AsyncGenerator<FetchedFile>;
  texts(): AsyncGenerator<KeptText>;
  close(): void;
}

/** @param sources names of the sources of campus.yaml */
export async function openDeployedTexts(
  campus: DeployedCampus,
  sources: readonly string[],
): Promise<DeployedTexts> {
  const { places } = await findDeployed(campus);
  const clients = openAwsClients(places.region);
  return { ...textsOf(places, sources, clients), close: () => closeAwsClients(clients) };
}

/** The same of places that are known. */
export function textsOf(
  places: Pick<AwsPlaces, 'buckets' | 'ledgerTable' | 'databasePrefix'>,
  sources: readonly string[],
  { s3, dynamo, glue }: Pick<AwsClients, 's3' | 'dynamo' | 'glue'>,
): Pick<DeployedTexts, 'files' | 'texts'> {
  return {
    files: () => filesOf(s3, places.buckets),
    async *texts() {
      yield* ledgerTexts(dynamo, places.ledgerTable);
      yield* catalogTexts(glue, places, sources);
    },
  };
}

async function* filesOf(s3: S3Client, buckets: AwsPlaces['buckets']): AsyncGenerator<FetchedFile> {
  const folder = await mkdtemp(join(tmpdir(), 'lake-scan-'));
  try {
    for (const [zone, bucket] of Object.entries(buckets)) {
      for await (const { Key, VersionId, IsLatest } of versionsIn({ s3 }, bucket)) {
        const path = join(folder, Key.endsWith('.br') ? 'object.br' : 'object');
        const command = new GetObjectCommand({ Bucket: bucket, Key, VersionId });
        const { Body } = await called(`Reading s3://${bucket}/${Key}`, Key, s3.send(command));
        await pipeline(Body as Readable, createWriteStream(path, { mode: 0o600 }));
        // Keys begin with their zone; what has none lies among the records or the results.
        const known = Key.startsWith(`${zone}/`) || zone === 'records' ? Key : `${zone}/${Key}`;
        yield { path, zone, file: IsLatest ? known : `${known}?versionId=${VersionId}` };
        await rm(path, { force: true });
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* ledgerTexts(client: DynamoDBDocumentClient, TableName: string): AsyncGenerator<KeptText> {
  const pages = paginateScan({ client }, { TableName })[Symbol.asyncIterator]();
  for (;;) {
    const page = await called('Reading the ledger', TableName, pages.next());
    if (page.done) return;
    for (const item of page.value.Items ?? [])
      yield { table: 'ledger', column: String(item.pk), where: 'values', text: JSON.stringify(item) };
  }
}

async function* catalogTexts(
  glue: GlueClient,
  places: Pick<AwsPlaces, 'databasePrefix'>,
  sources: readonly string[],
): AsyncGenerator<KeptText> {
  for (const name of lakeDatabases(sources)) {
    const database = databaseOf(places, name);
    for (const table of await listTables(glue, database))
      yield {
        table: `catalog/${database}.${table.Name}`,
        column: 'definition',
        where: 'metadata',
        text: JSON.stringify(table),
      };
  }
}
