import { GetJobRunCommand, type JobRun } from '@aws-sdk/client-glue';
import { SqlError } from '../../../models/errors.ts';
import type { Making } from '../../ports/query-engine.ts';
import { countFiles } from '../athena/new-files.ts';
import type { Shop } from '../athena/shop.ts';
import { asStorage } from '../athena/storage.ts';
import { called } from '../errors.ts';
import type { JobTicket } from './begin-job.ts';
import { SparkJobError } from './errors.ts';

/** A run of a job takes a minute at least: nobody waits for it with a function. */
const LOOK_AGAIN_SECONDS = 20;

/** https://docs.aws.amazon.com/glue/latest/dg/job-run-statuses.html */
const GOES_ON = new Set(['STARTING', 'WAITING', 'RUNNING', 'STOPPING']);

/** See `QueryEngine.finish`. */
export async function finishJob(shop: Shop, ticket: JobTicket): Promise<Making> {
  const { table, storage } = ticket;
  const doing = `Building ${table}`;
  const command = new GetJobRunCommand({ JobName: shop.places.sparkJob, RunId: ticket.run });
  const { JobRun: run } = await called(
    `${doing}: asking after its Spark job`,
    table,
    shop.glue.send(command),
  );
  const state = run?.JobRunState;
  if (state === undefined || GOES_ON.has(state)) return { retryAfterSeconds: LOOK_AGAIN_SECONDS };
  await shop.objects.delete([ticket.task]);
  if (state !== 'SUCCEEDED') return { failed: failureOf(ticket, run!) };
  const rows = await countFiles(shop, storage, { doing, about: table });
  return { version: { table, columns: storage.columns, rows, storage: asStorage(storage) } };
}

/** What the data may do to a SELECT that is right, by Spark's name for it. */
const OF_THE_DATA: readonly (readonly [RegExp, string, string])[] = [
  [/DIVIDE_BY_ZERO/, 'A division by zero.', 'write nullif(divisor, 0)'],
  [/CAST_INVALID_INPUT|CANNOT_PARSE|INVALID_PARAMETER/, 'A value cannot be converted.', 'write try_cast(…)'],
  [/OVERFLOW|OUT_OF_RANGE/, 'A number is too large for its type.', 'CAST it to a larger type first'],
  [/SCALAR_SUBQUERY_TOO_MANY_ROWS/, 'A subquery gave more than one row.', 'use max(…) or LIMIT 1 in it'],
];

/** The script tells Spark's name of the failure, and no values; see `glue/build_table.py`. */
function failureOf({ table, run }: JobTicket, { JobRunState, ErrorMessage = '' }: JobRun): Error {
  const of = OF_THE_DATA.find(([name]) => name.test(ErrorMessage));
  if (of) return new SqlError(of[1], { hint: of[2] });
  const said = ErrorMessage ? `: ${ErrorMessage.slice(0, 600)}` : '';
  return new SparkJobError(`Building ${table} ended in the Spark job as ${JobRunState}${said}`, {
    about: table,
    hint: hintFor(String(JobRunState), ErrorMessage, run),
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
