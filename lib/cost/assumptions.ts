import { FEATURES } from '../../src/features.ts';

/** What a template does not say, and a bill depends on. All of it is printed with the estimate. */
export const ASSUMED = {
  hoursPerMonth: 730,
  nightsPerMonth: 365 / 12,
  /** How old the lake is when its storage is looked at: what it keeps grows. */
  ageDays: 365,
  /** A student's rows of the LMS, compressed, with years of history. */
  lmsMbPerStudent: 2,
  /** Part of that which changes in a night. */
  lmsChangesPerNight: 0.005,
  /** A student's rows of the SIS as Parquet; the nightly load brings all of them. */
  sisMbPerStudent: 0.05,
  curatedMbPerStudent: 0.2,
  /** Rounds in which tables are checked: first those that others refer to. */
  checkRounds: 3,
  /** Staged tables with the versions that are not swept yet. */
  stagedVersions: 1.5,
  /** How often merges, checks and models together read all current rows in a night. */
  readPerNight: 1,
  /** Working days × questions of a day × GB that one reads. */
  questionsPerMonth: 22 * 20,
  gbPerQuestion: 0.5,
  /** Statements of Athena for each dataset; every one counts for 10 MB at least. */
  statementsPerDataset: 8,
  statementMb: 10,
  /** Of one model that the Spark job builds; a small one takes two, most of it the start. */
  sparkMinutesPerModel: 10,
  /** From the setting up of a serverless replication's capacity until DMS has let go of it. */
  serverlessHoursPerLoad: 1,
  /** A crawl of one night's load, and what works on it. */
  crawlerMinutes: 10,
  crawlerDpus: 2,
  /** Of the SIS's tables whose changes are captured, those that change at any moment; DMS writes a file each 5 minutes. */
  busyTables: 0.25,
  changeFilesPerTable: (12 * 24 * 365) / 12,
  /** Looked at, its footer read, and read by Athena. */
  readsPerChangeFile: 6,
  /** Statements of a round of following for each table that has changed, its check among them, and their seconds in all. */
  statementsPerFollowed: 10,
  secondsPerFollowed: 30,
  /** A round's own work, and how many tables it stages at once. */
  secondsPerRound: 10,
  followedAtOnce: 4,
  /** What leaves AWS for the campus. */
  gbOutPerMonth: 2,
  logKbPerCall: 20,
  logKbPerTransition: 3,
  accessLogGbPerNight: 0.05,
  resultGbPerNight: 0.2,
  objectsPerDataset: 20,
  readsPerObject: 10,
  ledgerWritesPerCall: 6,
  ledgerReadsPerCall: 12,
  ledgerGb: 1,
  keyRequestsPerCall: 10,
  /** Tables and their versions in the Glue catalog, and requests for them. */
  catalogObjectsPerDataset: 10,
  catalogRequestsPerDataset: 60,
  flowLogGb: 0.1,
  /** Of the kind that exists only while something fails. */
  customMetrics: 2,
  /** Seconds of one look at the service levels. */
  watchSeconds: 2,
  alarmMailsPerMonth: 10,
} as const;

/** How often a step that waits is asked before it is done. */
const TRIES: Readonly<Record<string, number>> = {
  'lms-start': 3,
  'lms-poll': 4,
  'lms-fetch': 1,
  'sis-poll': 30,
  // Athena makes most models, and each part of most stagings, in less time than the first call waits.
  'build-model': 1,
  stage: 1,
  'check-dataset': 1,
  publish: 1,
  'load-warehouse': 1,
  sweep: 1,
};
export const triesOf = (step: string): number => TRIES[step] ?? 2;

/** Seconds of one call, most of them spent on waiting for Athena. */
const SECONDS: Readonly<Record<string, number>> = {
  'lms-fetch': 15,
  stage: 25,
  'check-dataset': 10,
  'build-model': 30,
  publish: 20,
  'load-warehouse': 120,
  sweep: 120,
  'sis-start': 30,
};
const OF_FEATURES = new Map(
  FEATURES.flatMap(({ steps = [] }) => steps.map(({ name, seconds }) => [name, seconds] as const)),
);
export const secondsOf = (step: string): number => SECONDS[step] ?? OF_FEATURES.get(step) ?? 2;
