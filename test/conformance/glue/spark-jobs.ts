import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { REGION, sdkEnvironment } from '../aws/ministack.ts';
import { endGroup } from '../aws/python-server.ts';
import type { Spark } from './spark-install.ts';

/** The script as it is deployed. */
const SCRIPT = path.resolve(import.meta.dirname, '../../../glue/build_table.py');

/**
 * An endpoint that speaks Glue's API. Runs of jobs are begun and asked after in an emulator, which knows the shapes of
 * both and runs nothing; what runs is a real Spark. All other calls are somebody else's.
 */
export interface SparkJobs {
  readonly url: string;
  /** How many runs have been started. */
  started(): number;
  stop(): Promise<void>;
}

interface JobRun {
  state: 'RUNNING' | 'SUCCEEDED' | 'FAILED';
  said: string;
  readonly process: ChildProcess;
}

type Body = Record<string, unknown>;

/**
 * @param aws where S3, Glue's tables and its jobs are
 * @param others where every other call goes
 */
export async function startSparkJobs(
  spark: Spark,
  { aws, others }: { aws: string; others: string },
): Promise<SparkJobs> {
  const runs = new Map<string, JobRun>();

  function started(body: Body, answer: Body): Body {
    // Glue adds arguments of its own, and hands all of them to the script.
    const given = { '--JOB_NAME': String(body.JobName), ...(body.Arguments as Record<string, string>) };
    const words = [...settings(spark, aws), SCRIPT, ...Object.entries(given).flat()];
    const child = spawn(path.join(spark.programs, 'spark-submit'), words, {
      detached: true,
      // Spark makes a folder for tables where it is started, though these have their own place.
      cwd: tmpdir(),
      // What Python says comes by the output of the Java that runs it.
      stdio: ['ignore', 'pipe', 'ignore'],
      env: environment(spark, aws),
    });
    const run: JobRun = { state: 'RUNNING', said: '', process: child };
    child.stdout.on('data', (bytes: Buffer) => {
      run.said = (run.said + bytes.toString()).slice(-20_000);
    });
    child.once('close', (code) => {
      run.state = code === 0 ? 'SUCCEEDED' : 'FAILED';
    });
    runs.set(String(answer.JobRunId), run);
    return answer;
  }

  function looked(body: Body, answer: Body): Body {
    const { state, said } = runs.get(String(body.RunId))!;
    const ErrorMessage = state === 'FAILED' ? lastError(said) : undefined;
    return { JobRun: { ...(answer.JobRun as Body), JobRunState: state, ErrorMessage } };
  }

  const JOBS: Record<string, (body: Body, answer: Body) => Body> = {
    StartJobRun: started,
    GetJobRun: looked,
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { 'x-amz-target': target = '', 'content-type': type = '', authorization = '' } = request.headers;
    const own = JOBS[String(target).split('.')[1] ?? ''];
    const headers = { 'x-amz-target': String(target), 'content-type': type, authorization };
    const answer = await fetch(own ? aws : others, { method: 'POST', headers, body });
    const said = await answer.text();
    const told = own && answer.ok ? JSON.stringify(own(JSON.parse(body), JSON.parse(said))) : said;
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' }).end(told);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endAll = () => {
    for (const { process: child, state } of runs.values()) if (state === 'RUNNING') endGroup(child);
  };
  process.once('exit', endAll);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    started: () => runs.size,
    async stop() {
      process.off('exit', endAll);
      endAll();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** As Glue has it: the last line of what Python says. */
const lastError = (said: string): string =>
  said.match(/^[\w.]*(?:Error|Exception|NotBuilt): .*$/gm)?.at(-1) ?? said.trim().slice(-2000);

/** What Glue's own Spark is set up with, where AWS is an emulator; the lake's own settings come with the task. */
function settings(spark: Spark, aws: string): string[] {
  const set: Record<string, string> = {
    'spark.master': 'local[2]',
    'spark.driver.memory': '1g',
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.ui.enabled': 'false',
    'spark.sql.shuffle.partitions': '2',
    'spark.driver.extraClassPath': spark.classPath,
    'spark.driver.extraJavaOptions': '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
    'spark.hadoop.fs.s3.impl': 'org.apache.hadoop.fs.s3a.S3AFileSystem',
    'spark.hadoop.fs.s3a.endpoint': aws,
    'spark.hadoop.fs.s3a.path.style.access': 'true',
    'spark.hadoop.fs.s3a.aws.credentials.provider':
      'com.amazonaws.auth.EnvironmentVariableCredentialsProvider',
    'spark.sql.catalog.lake.glue.endpoint': aws,
    'spark.sql.catalog.lake.s3.endpoint': aws,
    'spark.sql.catalog.lake.s3.path-style-access': 'true',
    'spark.sql.catalog.lake.client.region': REGION,
  };
  return Object.entries(set).flatMap(([name, value]) => ['--conf', `${name}=${value}`]);
}

const environment = (spark: Spark, aws: string): Record<string, string | undefined> => ({
  ...sdkEnvironment(aws),
  PATH: `${spark.programs}:${process.env.PATH}`,
  PYSPARK_PYTHON: path.join(spark.programs, 'python'),
  HOME: process.env.HOME,
  JAVA_HOME: process.env.JAVA_HOME,
});
