import { StartJobRunCommand } from '@aws-sdk/client-glue';
import type { BuildRequest } from '../../../ports/query-engine.ts';
import type { EngineContext } from '../athena/engine-context.ts';
import { newFiles } from '../athena/new-files.ts';
import { planTable } from '../athena/plan-table.ts';
import type { FilesStorage } from '../athena/storage.ts';
import { called } from '../errors.ts';
import { SparkJobError } from './errors.ts';
import { type SparkTask, sessionSettings } from './spark-task.ts';
import { viewOf } from './spark-views.ts';
import { sparkSelect } from './translate.ts';

/** A table that the Spark job is making. */
export type JobTicket = {
  readonly engine: 'glue';
  readonly table: string;
  /** Id of the job's run. */
  readonly run: string;
  /** Key of the object that tells the job what to do. */
  readonly task: string;
  readonly storage: FilesStorage;
};

/** The folder in which a run of the job writes its event log, without `/` at its end. @param task the key of its task */
export const eventsOf = (task: string): string => task.replace(/\.json$/, '.events');

/**
 * Has the Spark job make a table, of the same kind as Athena's: Parquet files in a folder of their own, behind an
 * external table. See `QueryEngine.submit`.
 * @throws SqlError for a mistake in the SELECT: Athena plans it first; SparkJobError where no job was deployed
 */
export async function submitJob(context: EngineContext, request: BuildRequest): Promise<JobTicket> {
  const { table, reads, versionId } = request;
  const JobName = context.places.sparkJob;
  if (JobName === undefined) {
    throw new SparkJobError(`${table} asks for "engine: glue", and no Spark job was deployed.`, {
      about: table,
      hint: 'deploy again (npx cdk deploy --all): the job comes with the first model that asks for it',
    });
  }
  const planned = await planTable(context, table, request.select, reads);
  const sql = await sparkSelect(request, planned);
  const named = new Set(planned.tables);
  const views = Object.values(reads).filter((version) => named.has(version.table));
  const storage = await newFiles(context, 'curated', table, planned.columns, versionId);
  const spec: SparkTask = {
    settings: sessionSettings(context.places),
    views: await Promise.all(views.map((version) => viewOf(context.objects, version))),
    sql,
    location: storage.location,
  };
  const task = `spark-tasks/${storage.place.name}.json`;
  await context.objects.putText(task, JSON.stringify(spec, undefined, 1));
  const start = new StartJobRunCommand({
    JobName,
    Arguments: {
      '--task': context.objects.uri(task),
      // What Spark tells of its stages and tasks; see `event-log.ts`.
      '--enable-spark-ui': 'true',
      '--spark-event-logs-path': `${context.objects.uri(eventsOf(task))}/`,
    },
    JobRunQueuingEnabled: true,
  });
  const { JobRunId: run } = await called(
    `Starting the Spark job for ${table}`,
    table,
    context.glue.send(start),
  );
  return { engine: 'glue', table, run: run!, task, storage };
}
