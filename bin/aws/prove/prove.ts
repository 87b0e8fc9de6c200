import type { LoadedCampus } from '../../../src/campus/load.ts';
import { LakeError } from '../../../src/errors.ts';
import { failureOf } from '../../../src/failure.ts';
import { FEATURES } from '../../../src/features.ts';
import { StatementFailed } from '../../../src/platform/aws/athena/run-statement.ts';
import { closeAwsClients, openAwsClients } from '../../../src/platform/aws/clients.ts';
import { findDeployed, nameOfLake } from '../../../src/platform/aws/deployed.ts';
import { openAwsPlatform } from '../../../src/platform/aws/platform.ts';
import { type Answer, open, type Probe, type ProveContext, refuted } from './probe.ts';
import { sql, tables } from './probes/athena.ts';
import { buckets } from './probes/buckets.ts';
import { rights } from './probes/rights.ts';
import { runs } from './probes/runs.ts';
import { access, alarms, crawlers, recovery, spark } from './probes/services.ts';
import { stacks } from './probes/stacks.ts';
import { warehouse } from './probes/warehouse.ts';

/** In the order in which a first deployer meets them. */
export const PROBES: readonly Probe[] = [
  stacks,
  rights,
  buckets,
  recovery,
  alarms,
  runs,
  sql,
  tables,
  crawlers,
  spark,
  warehouse,
  access,
];

/** What an account shows only to a person who does something in it. */
export const BY_HAND: readonly string[] = [
  'As an analyst, ask for a column of the class direct: Lake Formation must refuse it (mode lake-formation).',
  'Change and delete a row in the SIS and follow it into Athena (replication: full-load-and-cdc).',
  'Write a long text into the SIS, larger than maxLobKb: its table must fail and be named, not cut.',
  'Restore the ledger to an hour ago under another name, and count its items.',
  'Stop a run in the console of Step Functions: the next run must continue it.',
  'Change aws.logRetentionDays, deploy, and see that npx cdk diff shows no replacement.',
  'In an account for tests: npx lake teardown --target aws, then npx cdk deploy --all takes the data up again.',
];

export interface Proved extends Answer {
  readonly name: string;
  readonly claim: string;
}

/** What an account has shown of a deployment. */
export interface ProveReport {
  readonly lake: string;
  readonly account: string;
  readonly region: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly answers: readonly Proved[];
  /** What is left for a person to try. */
  readonly byHand: readonly string[];
}

/**
 * Asks an account, by reading alone, what no test without one can show. A statement of Athena counts rows of the
 * published tables, and the warehouse is awake for a minute where there is one.
 * @param tell hears of each answer as it is there
 * @throws InputError where nothing is deployed
 */
export async function prove(
  loaded: LoadedCampus,
  { signal, tell }: { readonly signal: AbortSignal; readonly tell: (answer: Proved) => void },
): Promise<ProveReport> {
  const { places, stateMachineArn } = await findDeployed(loaded.campus);
  const clients = openAwsClients(places.region);
  try {
    const platform = openAwsPlatform(places, loaded.campus, { clients, features: FEATURES });
    const lake = nameOfLake(loaded.campus);
    const context: ProveContext = { ...loaded, places, stateMachineArn, lake, clients, platform, signal };
    const answers = await answersOf(PROBES, context, tell);
    const at = new Date(platform.clock.now()).toISOString();
    return { lake, account: places.account, region: places.region, at, answers, byHand: BY_HAND };
  } finally {
    closeAwsClients(clients);
  }
}

/** One probe after another; one that cannot ask does not stop the others. */
export async function answersOf(
  probes: readonly Probe[],
  context: ProveContext,
  tell: (answer: Proved) => void,
): Promise<Proved[]> {
  const answers: Proved[] = [];
  for (const probe of probes) {
    const { name, claim } = probe;
    const answer = { name, claim, ...(await probe.ask(context).catch(notAsked)) };
    answers.push(answer);
    tell(answer);
  }
  return answers;
}

/** A statement that the engine refuses is an answer; what could not be asked is none. */
function notAsked(error: unknown): Answer {
  if (!(error instanceof LakeError)) throw error;
  const { message, hint = 'fix what the message names, then again' } = failureOf(error);
  return error instanceof StatementFailed
    ? refuted(message, hint)
    : open(`could not be asked: ${message}`, hint);
}
