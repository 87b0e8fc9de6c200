import { GetJobRunCommand, type JobRun } from '@aws-sdk/client-glue';
import { reportWork } from '../../../ports/metering.ts';
import type { BuildStatus } from '../../../ports/query-engine.ts';
import { type SqlFault, sqlFault } from '../../../sql/fault.ts';
import type { EngineContext } from '../athena/engine-context.ts';
import { countFiles } from '../athena/new-files.ts';
import { asStorage } from '../athena/storage.ts';
import { called } from '../errors.ts';
import { serviceReason } from '../service-words.ts';
import { SparkJobError } from './errors.ts';
import { measuredRun } from './measured-run.ts';
import { readEvents } from './read-events.ts';
import type { JobTicket } from './submit-job.ts';

/** A run of a job takes a minute at least: nobody waits for it with a function. */
const LOOK_AGAIN_SECONDS = 20;

/** https://docs.aws.amazon.com/glue/latest/dg/job-run-statuses.html */
const GOES_ON = new Set(['STARTING', 'WAITING', 'RUNNING', 'STOPPING']);

/** See `QueryEngine.poll`. */
export async function pollJob(context: EngineContext, ticket: JobTicket): Promise<BuildStatus> {
  const { table, storage } = ticket;
  const doing = `Building ${table}`;
  const command = new GetJobRunCommand({ JobName: context.places.sparkJob, RunId: ticket.run });
  const { JobRun: run } = await called(
    `${doing}: asking after its Spark job`,
    table,
    context.glue.send(command),
  );
  const state = run?.JobRunState;
  if (state === undefined || GOES_ON.has(state)) return { retryAfterSeconds: LOOK_AGAIN_SECONDS };
  const told = await readEvents(context, ticket.task);
  reportWork({ ...told.usage, ...measuredRun(run!, table) });
  await context.objects.delete([ticket.task, ...told.keys]);
  if (state !== 'SUCCEEDED') return { failed: failureOf(ticket, run!) };
  const rows = await countFiles(context, storage, { doing, about: table });
  return { version: { table, columns: storage.columns, rows, storage: asStorage(storage) } };
}

/** What the data may do to a SELECT that is right, by Spark's name for it. */
const OF_THE_DATA: readonly (readonly [RegExp, SqlFault])[] = [
  [/DIVIDE_BY_ZERO/, 'division-by-zero'],
  [/CAST_INVALID_INPUT|CANNOT_PARSE|INVALID_PARAMETER/, 'cast'],
  [/OVERFLOW|OUT_OF_RANGE/, 'overflow'],
  [/SCALAR_SUBQUERY_TOO_MANY_ROWS/, 'subquery-rows'],
];

/** The script tells Spark's name of the failure, and no values; see `glue/build_table.py`. */
function failureOf({ table, run }: JobTicket, { JobRunState, ErrorMessage = '' }: JobRun): Error {
  const of = OF_THE_DATA.find(([name]) => name.test(ErrorMessage));
  if (of) return sqlFault(of[1], { about: table, cause: new Error(ErrorMessage) });
  const spark = /^TableNotBuilt: ([A-Z][A-Z0-9_.]{2,80})\b/.exec(ErrorMessage)?.[1];
  const reason = spark ?? serviceReason(ErrorMessage);
  const said = reason ? `: ${reason}` : '';
  return new SparkJobError(`Building ${table} ended in the Spark job as ${JobRunState}${said}`, {
    about: table,
    hint: hintFor(String(JobRunState), ErrorMessage, run),
    cause: new Error(ErrorMessage),
  });
}

function hintFor(state: string, said: string, run: string): string {
  const look = `the run ${run} in the Glue console holds its log`;
  if (state === 'TIMEOUT')
    return `give the job more workers or more time (aws.spark in campus.yaml); ${look}`;
  if (/access ?denied|not authorized|403/i.test(said))
    return `give the job's role the right that is named; ${look}`;
  if (/memory|ExecutorLost|exit code 137/i.test(said))
    return `give the job more workers (aws.spark in campus.yaml); ${look}`;
  return `run again; ${look}`;
}
