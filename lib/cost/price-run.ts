import { FOLLOWER, FUNCTION_NAMES, FUNCTIONS, functionOf } from '../pipeline/functions.ts';
import { ASSUMED, secondsOf } from './assumptions.ts';
import { followed, MINUTES_PER_MONTH } from './price-follow.ts';
import type { Charge, Resource } from './template.ts';
import type { Usage } from './usage.ts';

const { nightsPerMonth: NIGHTS } = ASSUMED;

/** Seconds that a function works in a month, and its requests. */
export function lambda(found: readonly Resource[], { night }: Usage): Charge[] {
  return found.flatMap(({ properties }) => {
    const host = FUNCTION_NAMES.find((name) => String(properties.FunctionName).endsWith(`-${name}`));
    // What has no name of the pipeline's works while a stack is deployed, and then no more.
    const steps = [...night.calls].filter(([step]) => host && functionOf(step) === host);
    const gb = Number(properties.MemorySize ?? 128) / 1024;
    const arm = (properties.Architectures as string[] | undefined)?.includes('arm64');
    const seconds = steps.reduce((sum, [step, calls]) => sum + calls * secondsOf(step), 0);
    const requests = steps.reduce((sum, [, calls]) => sum + calls, 0);
    return [
      { what: 'Lambda', price: arm ? 'lambda-arm' : 'lambda-x86', quantity: NIGHTS * seconds * gb },
      { what: 'Lambda', price: 'lambda-requests', quantity: NIGHTS * requests },
    ];
  });
}

export function stateMachines(found: readonly Resource[], { night, callsPerNight }: Usage): Charge[] {
  return found.flatMap(({ properties }) => {
    const traced = (properties.TracingConfiguration as { Enabled?: boolean } | undefined)?.Enabled === true;
    return [
      { what: 'Step Functions', price: 'state-transitions', quantity: NIGHTS * night.transitions },
      ...(traced ? [{ what: 'X-Ray', price: 'traces', quantity: NIGHTS * callsPerNight }] : []),
    ];
  });
}

/** The pipeline's workgroup reads by night; those of people share the questions of a day. */
export function athena(found: readonly Resource[], { lmsGb, sisGb, datasets, models }: Usage): Charge[] {
  const statements = (datasets + models) * ASSUMED.statementsPerDataset;
  const nightly = (lmsGb + sisGb) * ASSUMED.readPerNight + (statements * ASSUMED.statementMb) / 1000;
  const isPipeline = ({ properties }: Resource) => String(properties.Name).endsWith('-pipeline');
  const people = found.filter((group) => !isPipeline(group)).length;
  return found.map((group) =>
    isPipeline(group)
      ? { what: 'Athena: the run', price: 'athena', quantity: (NIGHTS * nightly) / 1000 }
      : {
          what: 'Athena: questions',
          price: 'athena',
          quantity: (ASSUMED.questionsPerMonth * ASSUMED.gbPerQuestion) / 1000 / people,
        },
  );
}

/** Workers while models are built, each a minute at least; Glue is taken to need all of them all the time. */
export function sparkJob(found: readonly Resource[], { settings }: Usage): Charge[] {
  const hours = (settings.spark.models.length * ASSUMED.sparkMinutesPerModel) / 60;
  return found.map(({ properties }) => ({
    what: 'Spark job (Glue)',
    price: 'glue-dpu',
    quantity: NIGHTS * hours * Number(properties.NumberOfWorkers),
  }));
}

/** Ten minutes are paid for at least, and a college's load of one night does not take longer. */
export function crawlers(found: readonly Resource[], { settings }: Usage): Charge[] {
  const hours = ASSUMED.crawlerMinutes / 60;
  const quantity = (NIGHTS / settings.driftDays) * hours * ASSUMED.crawlerDpus;
  return found.map(() => ({ what: 'Glue crawler: drift', price: 'glue-dpu', quantity }));
}

export function warehouse(found: readonly Resource[], { settings }: Usage): Charge[] {
  const quantity = NIGHTS * settings.warehouse.rpuHoursPerDay;
  return found.map(() => ({ what: 'Warehouse (Redshift)', price: 'redshift-rpu', quantity }));
}

export function warehouseStorage(found: readonly Resource[], { curatedGb }: Usage): Charge[] {
  return found.map(() => ({
    what: 'Warehouse (Redshift)',
    price: 'redshift-storage',
    quantity: curatedGb,
  }));
}

export function schedules(found: readonly Resource[], usage: Usage): Charge[] {
  return found.flatMap(({ properties }) => {
    const starts = startsPerMonth(String(properties.ScheduleExpression));
    if (String(properties.Name).endsWith(`-${FOLLOWER}`)) return followed(MINUTES_PER_MONTH / starts, usage);
    const own: Charge = { what: 'Scheduler, queue, mail', price: 'schedules', quantity: starts };
    if (starts === NIGHTS) return [own];
    // What is called more often than the run is a function that looks at the ledger.
    const gb = FUNCTIONS.run.memory / 1024;
    return [
      own,
      { what: 'Lambda', price: 'lambda-arm', quantity: starts * ASSUMED.watchSeconds * gb },
      { what: 'Lambda', price: 'lambda-requests', quantity: starts },
    ];
  });
}

/** `rate(5 minutes)`, or once a night. */
function startsPerMonth(expression: string): number {
  const minutes = /^rate\((\d+) minutes\)$/.exec(expression)?.[1];
  return minutes === undefined ? NIGHTS : Math.round(MINUTES_PER_MONTH / Number(minutes));
}

/** Nothing is ever in it but runs that could not be started; the alarm reads its metric, not the queue. */
export function queues(found: readonly Resource[]): Charge[] {
  return found.map(() => ({ what: 'Scheduler, queue, mail', price: 'sqs-requests', quantity: 100 }));
}

export function topics(found: readonly Resource[], { settings }: Usage): Charge[] {
  const mails = (NIGHTS + ASSUMED.alarmMailsPerMonth) * Math.max(1, settings.emails.length);
  return found.map(() => ({ what: 'Scheduler, queue, mail', price: 'sns-mail', quantity: mails }));
}
