import { databasePrefixOf } from '../../../src/campus/aws-schema.ts';
import type { LoadedCampus } from '../../../src/campus/load.ts';
import { LakeError } from '../../../src/errors.ts';
import { FEATURES } from '../../../src/features.ts';
import { stagedOf } from '../../../src/loads/state.ts';
import { copyFiles } from '../../../src/pipeline/recovery/copy-files.ts';
import { writeLedgerCopy } from '../../../src/pipeline/recovery/ledger-copy.ts';
import {
  type ArrivedCopy,
  NoCopyError,
  newestCopy,
  type Successor,
  type TakenOver,
  takeOver,
} from '../../../src/pipeline/recovery/take-over.ts';
import { databaseOf, lakeDatabases } from '../../../src/platform/aws/athena/names.ts';
import { type AwsClients, openAwsClients } from '../../../src/platform/aws/clients.ts';
import { openAwsPlatform } from '../../../src/platform/aws/platform.ts';
import { dataPlaces } from '../../../src/platform/aws/recovery/stand-by.ts';
import type { Platform } from '../../../src/ports/platform.ts';
import type { Mover } from '../../../src/ports/query-engine.ts';
import { definitionsOf } from '../../../src/staging/definition.ts';
import { loadsToReplay } from '../../../src/staging/replay.ts';

/** A lake in one of the two Regions, opened by the names of its data. */
export interface Side {
  readonly name: string;
  readonly region: string;
  readonly loaded: LoadedCampus;
  readonly platform: Platform;
  readonly mover: Mover;
  readonly databases: readonly string[];
}

/** What a fail-over would lead to. */
export interface FailOverPlan {
  readonly from: string;
  readonly to: string;
  /** Whether the Region that is left answers: then everything is brought up to date first. */
  readonly reachable: boolean;
  /** The copy from which it would go on, as it has arrived by itself. Absent: none has. */
  readonly arrived?: {
    readonly run: string;
    readonly publishedAt?: string;
    /** How old the data of that publication are known to be, ISO 8601 UTC. */
    readonly asOf?: string;
    readonly missing: number;
    /** Seconds from that publication until now: what is lost where the Region is away. */
    readonly pointSeconds?: number;
  };
}

export interface FailedOver extends TakenOver {
  readonly from: string;
  readonly to: string;
  /** Seconds of work that are lost: from the publication until the fail-over. 0 where the other Region answered. */
  readonly pointSeconds?: number;
  /** Seconds until tables could be read. */
  readonly timeSeconds: number;
  /** Files that were copied first. */
  readonly copied: number;
  /** Files of the publication that have not arrived: their tables are made again. */
  readonly missing: number;
}

interface Watching {
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
}

/** After so long a Region that does not answer is taken to be away. */
const ANSWERS_WITHIN_MS = 30_000;

/** @param clients Default: of the campus's Region, with the credentials of the environment */
export function openSide(
  loaded: LoadedCampus,
  account: string,
  clients: AwsClients = openAwsClients(loaded.campus.aws!.region!),
): Side {
  const { aws } = loaded.campus;
  const places = dataPlaces(
    { name: aws!.name, region: aws!.region!, databasePrefix: databasePrefixOf(aws!) },
    account,
  );
  const platform = openAwsPlatform(places, loaded.campus, { clients, features: FEATURES });
  return {
    name: aws!.name,
    region: aws!.region!,
    loaded,
    platform,
    mover: platform.engine.mover!,
    databases: lakeDatabases(Object.keys(loaded.campus.sources)).map((one) => databaseOf(places, one)),
  };
}

/** Looks at both Regions and changes nothing. */
export async function planFailOver(from: Side, to: Side): Promise<FailOverPlan> {
  const reachable = await answers(from);
  const found = await newestCopy(to.platform.objects).catch((error: unknown) => {
    if (error instanceof NoCopyError) return undefined;
    throw error;
  });
  return {
    from: placeOf(from),
    to: placeOf(to),
    reachable,
    ...(found ? { arrived: arrivedOf(found, to.platform.clock.now()) } : {}),
  };
}

function arrivedOf({ copy, missing }: ArrivedCopy, now: number): FailOverPlan['arrived'] {
  const { publication } = copy;
  return {
    run: copy.run,
    missing: missing.length,
    ...(publication && {
      publishedAt: publication.at,
      asOf: publication.asOf,
      pointSeconds: secondsSince(publication.at, now),
    }),
  };
}

/**
 * Makes the lake of one Region go on where the other one's stands: by what has been copied where that Region is away, by
 * what it has now where it answers. Interrupted, it is done again.
 * @throws NoCopyError where nothing has arrived; RunLockedError while a run works on either lake
 */
export async function failOver(from: Side, to: Side, { signal, tell }: Watching): Promise<FailedOver> {
  const began = to.platform.clock.now();
  const reachable = await answers(from);
  tell(`${placeOf(from)} ${reachable ? 'answers' : 'is away'}`);
  const copied = reachable ? await bringUpToDate(from, to, { signal, tell }) : 0;
  const found = await newestCopy(to.platform.objects);
  tell(`going on from ${found.copy.run}, ${found.missing.length} files have not arrived`);
  const taken = await takeOver(found, successorOf(to), signal);
  const { publication } = found.copy;
  return {
    from: placeOf(from),
    to: placeOf(to),
    ...taken,
    ...(reachable
      ? { pointSeconds: 0 }
      : publication && { pointSeconds: secondsSince(publication.at, began) }),
    timeSeconds: Math.round((to.platform.clock.now() - began) / 100) / 10,
    copied,
    missing: found.missing.length,
  };
}

/** No run works on the lake that is left while its ledger is copied. */
async function bringUpToDate(from: Side, to: Side, { signal, tell }: Watching): Promise<number> {
  const { ledger, objects, clock } = from.platform;
  const lock = await ledger.lock('`lake fail-over`');
  try {
    const run = (await ledger.read<{ run: string }>('run/current'))?.value.run ?? '0';
    await writeLedgerCopy({ ledger, objects, clock, mover: from.mover }, `${run}-handed-over`);
    return await copyFiles(objects, to.platform.objects, {
      signal,
      tell: (done, of) => {
        if (done % 1_000 === 0 || done === of) tell(`${done} of ${of} files copied`);
      },
    });
  } finally {
    await lock.release();
  }
}

function successorOf({ loaded, platform, mover, databases }: Side): Successor {
  const { campus, catalog } = loaded;
  const { ledger, objects, engine } = platform;
  const definitions = definitionsOf({ campus, platform });
  return {
    ledger,
    objects,
    engine: { show: (tables, among) => engine.show(tables, among), mover },
    databases,
    async canReplay(state) {
      const dataset = catalog.datasets.find(({ id }) => id === state.dataset);
      // Of a dataset that the catalog no longer has no run makes anything.
      if (!dataset) return true;
      const definition = await definitions(dataset, { version: stagedOf(state)?.version });
      return (await loadsToReplay({ campus, platform }, dataset, state, definition)) !== undefined;
    },
  };
}

/** Whether its ledger can be read now. */
async function answers({ platform }: Side): Promise<boolean> {
  const late = new Promise<false>((resolve) => setTimeout(resolve, ANSWERS_WITHIN_MS, false).unref());
  const read = platform.ledger.read('publication/current').then(
    () => true,
    (error: unknown) => {
      if (isAway(error)) return false;
      throw error;
    },
  );
  return Promise.race([read, late]);
}

/** No answer, or one that says that the service is out of order; a right that is missing says nothing of a Region. */
function isAway(error: unknown): boolean {
  const { cause } = error as { cause?: { $metadata?: { httpStatusCode?: number } } };
  const status = cause?.$metadata?.httpStatusCode;
  return error instanceof LakeError && (status === undefined || status >= 500);
}

const placeOf = ({ name, region }: Side): string => `${name} in ${region}`;
const secondsSince = (instant: string, now: number): number =>
  Math.max(0, Math.round((now - Date.parse(instant)) / 1000));
