import { roleOf, type SourceRole } from '../../src/campus/source-role.ts';
import { FEATURES } from '../../src/features.ts';
import { planFor } from '../../src/pipeline/plan.ts';
import type { Settings } from '../settings.ts';
import { ASSUMED, triesOf } from './assumptions.ts';
import { type PlanUsage, planUsage } from './plan-usage.ts';
import { followCosts } from './price-follow.ts';

export interface College {
  readonly students: number;
  /** Models, and the waves in which they are built. */
  readonly models: number;
  readonly waves: number;
}

/** What a college makes of the lake. Sizes in GB. */
export interface Usage {
  readonly settings: Settings;
  readonly students: number;
  readonly datasets: number;
  readonly models: number;
  /** Of one night. */
  readonly night: PlanUsage;
  /** Calls of functions in a night, of all steps. */
  readonly callsPerNight: number;
  readonly lmsGb: number;
  readonly sisGb: number;
  readonly stagedGb: number;
  readonly curatedGb: number;
}

export function usageOf(settings: Settings, { students, models, waves }: College): Usage {
  const { campus, catalog } = settings;
  const sources = Object.keys(campus.sources);
  const has = (role: SourceRole) => Object.values(campus.sources).some((source) => roleOf(source) === role);
  const datasets = sources.flatMap((source) => catalog.of(source)).length;
  const night = planUsage(planFor(campus, FEATURES), {
    tries: triesOf,
    items: ({ name, label }) => {
      if (label === 'wave') return waves;
      if (label === 'round') return ASSUMED.checkRounds;
      if (label === 'model') return models / Math.max(1, waves);
      return sources.includes(name) ? catalog.of(name).length : datasets / ASSUMED.checkRounds;
    },
  });
  const gb = (mbPerStudent: number) => (students * mbPerStudent) / 1000;
  const lmsGb = has('lms') ? gb(ASSUMED.lmsMbPerStudent) : 0;
  return {
    settings,
    students,
    datasets,
    models,
    night,
    callsPerNight: [...night.calls.values()].reduce((sum, calls) => sum + calls, 0),
    lmsGb,
    sisGb: has('sis') ? gb(ASSUMED.sisMbPerStudent) : 0,
    stagedGb: lmsGb * ASSUMED.stagedVersions,
    curatedGb: gb(ASSUMED.curatedMbPerStudent),
  };
}

/** What the estimate takes for granted, in sentences. */
export function assumptionsOf(usage: Usage): string[] {
  const { settings, students, lmsGb, sisGb, stagedGb, curatedGb, night, datasets, models } = usage;
  const round = (n: number) => n.toLocaleString('en', { maximumFractionDigits: n < 10 ? 1 : 0 });
  const A = ASSUMED;
  return [
    `${round(students)} students: ${A.lmsMbPerStudent} MB each in the LMS (${round(lmsGb)} GB, ${A.lmsChangesPerNight * 100} % of it changes in a night), ${A.sisMbPerStudent} MB each in the SIS (${round(sisGb)} GB, loaded whole every night).`,
    `Storage as it is after ${A.ageDays} days, raw files kept as the template says; staged tables ${round(stagedGb)} GB with their older versions, curated ones ${round(curatedGb)} GB.`,
    `One run a night over ${datasets} datasets and ${models} models in which nothing fails: ${round(usage.callsPerNight)} calls of functions, ${round(night.transitions)} state transitions. Functions mostly wait for Athena: 25 s to stage a dataset, 30 s for a model.`,
    `Athena reads the staged tables ${A.readPerNight === 1 ? 'once over' : `${A.readPerNight} times over`} in a night (merges, checks and models together) and at least ${A.statementMb} MB in each of ${A.statementsPerDataset} statements a dataset; people ask ${A.questionsPerMonth} questions a month of ${A.gbPerQuestion} GB each.`,
    ...(settings.spark.models.length > 0
      ? [
          `The Spark job works ${A.sparkMinutesPerModel} minutes a night on each of ${settings.spark.models.length} models, with ${settings.spark.workers} workers.`,
        ]
      : []),
    settings.replication.serverless
      ? `A serverless replication is billed ${A.serverlessHoursPerLoad} hour a night at its largest, ${settings.replication.serverless.maxDcu} DCU; one that captures changes all day at its smallest, ${settings.replication.serverless.minDcu} DCU. What is published of a DCU-hour goes from 0.09 to 0.25 dollars: look at the price of your region.`
      : 'The DMS instance runs all day: DMS cannot stop one. Its first 50 GB of disk are in its price.',
    ...(settings.sis.some(([, source]) => source.replication === 'full-load-and-cdc')
      ? [
          `Of the tables whose changes are captured, ${A.busyTables * 100} % change at any moment: a file each, every five minutes.`,
          `Following them between runs (aws.replication.followMinutes), if they change in every round: ${followCosts(
            usage,
          )
            .map(({ minutes, monthly }) => `${minutes} minutes ${monthly.toFixed(2)} dollars`)
            .join(', ')} a month.`,
        ]
      : []),
    'The warehouse, where there is one, is awake up to its daily limit on every day: the most that it can cost.',
    `${A.gbOutPerMonth} GB a month leave AWS. One secret for each source, and one for pseudonyms where there are any, are made by hand. The first load is not in it, nor taxes, support, free tiers or discounts; the key costs a dollar more after each of its first two yearly rotations.`,
  ];
}
