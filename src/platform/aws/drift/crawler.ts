import {
  type Crawler,
  GetCrawlerCommand,
  type GlueClient,
  StartCrawlerCommand,
  UpdateCrawlerCommand,
} from '@aws-sdk/client-glue';
import type { DriftDetector } from '../../../ports/drift.ts';
import type { ObjectStore } from '../../../ports/objects.ts';
import type { Clock } from '../../../ports/platform.ts';
import { dropTables, listTables } from '../athena/glue-tables.ts';
import { called, isNamed } from '../errors.ts';
import type { AwsPlaces } from '../places.ts';
import { serviceReason } from '../service-words.ts';
import { CrawlError } from './errors.ts';
import { foundTables } from './found-tables.ts';

export interface CrawlerOptions {
  readonly glue: GlueClient;
  readonly objects: ObjectStore;
  readonly clock: Clock;
  /** By the source's name. Undefined: no SIS is replicated. */
  readonly places: AwsPlaces['drift'];
}

type Place = NonNullable<AwsPlaces['drift']>[string];

const LOOK_AGAIN_SECONDS = 30;
const HOUR_MS = 3_600_000;
/** A night that begins a little earlier than the one before is a night all the same. */
const EARLY_MS = 12 * HOUR_MS;
/** One file tells what a table of one load looks like. */
const FILES_OF_A_FOLDER = 1;
/** The load's own notes lie next to its files. */
const NOT_DATA = ['**/_manifest.json'];

/**
 * A Glue crawler looks at the newest load of a SIS. Its tables lie in a database of its own, where nobody asks
 * anything; they are dropped before each crawl, so that what is there afterwards is what that crawl saw.
 */
export function openCrawler({ glue, objects, clock, places }: CrawlerOptions): DriftDetector {
  return {
    async start({ source, prefix }) {
      const place = places?.[source];
      if (!place) return false;
      const root = folderOf(objects, prefix);
      const crawler = await read(glue, place);
      const ours = looksAt(crawler, root);
      if (crawler.State !== 'READY') return ours;
      if (ours && hasLooked(crawler)) return true;
      if (!ours && !isDue(crawler, place, clock.now())) return false;
      // A load without a full copy of anything is no folder at all, over which a crawl would fail.
      if ((await objects.list(prefix)).length === 0) return false;
      const old = await listTables(glue, place.database);
      await dropTables(
        glue,
        place.database,
        old.map(({ Name }) => Name!),
      );
      await crawl(glue, place, root);
      return true;
    },

    async poll({ source, prefix }) {
      const place = places?.[source];
      if (!place) return { done: true };
      const root = folderOf(objects, prefix);
      const crawler = await read(glue, place);
      if (!looksAt(crawler, root)) return { done: true };
      if (crawler.State !== 'READY') return { done: false, retryAfterSeconds: LOOK_AGAIN_SECONDS };
      if (!hasLooked(crawler)) return { done: true };
      const { Status, ErrorMessage } = crawler.LastCrawl ?? {};
      if (Status !== 'SUCCEEDED')
        throw new CrawlError(
          `The crawler ${place.crawler} ended ${Status}: ${serviceReason(ErrorMessage ?? '') ?? 'its log says why'}`,
          {
            about: source,
            hint: 'Its log is in CloudWatch, /aws-glue/crawlers. What was loaded is not touched by it.',
          },
        );
      return { done: true, tables: foundTables(await listTables(glue, place.database), root) };
    },
  };
}

/** `s3://…/`, as a crawler takes a folder; the store takes only keys, which end with no slash. */
const folderOf = (objects: ObjectStore, prefix: string): string =>
  `${objects.uri(prefix.replace(/\/$/, ''))}/`;

async function read(glue: GlueClient, { crawler }: Place): Promise<Crawler> {
  const call = glue.send(new GetCrawlerCommand({ Name: crawler }));
  return (await called(`Looking at the crawler ${crawler}`, crawler, call)).Crawler ?? {};
}

const looksAt = ({ Targets }: Crawler, root: string): boolean => Targets?.S3Targets?.[0]?.Path === root;

/** Whether it has crawled since its targets were set. */
const hasLooked = ({ LastCrawl, LastUpdated }: Crawler): boolean =>
  LastCrawl?.StartTime !== undefined && LastCrawl.StartTime.getTime() >= (LastUpdated?.getTime() ?? 0);

const isDue = ({ LastCrawl }: Crawler, { everyDays }: Place, now: number): boolean =>
  LastCrawl?.StartTime === undefined ||
  now - LastCrawl.StartTime.getTime() >= everyDays * 24 * HOUR_MS - EARLY_MS;

async function crawl(glue: GlueClient, { crawler }: Place, Path: string): Promise<void> {
  const S3Targets = [{ Path, SampleSize: FILES_OF_A_FOLDER, Exclusions: NOT_DATA }];
  const update = new UpdateCrawlerCommand({ Name: crawler, Targets: { S3Targets } });
  await called(`Telling the crawler ${crawler} where to look`, crawler, glue.send(update));
  const start = glue.send(new StartCrawlerCommand({ Name: crawler })).catch((error: unknown) => {
    if (!isNamed(error, 'CrawlerRunningException')) throw error;
  });
  await called(`Starting the crawler ${crawler}`, crawler, start);
}
