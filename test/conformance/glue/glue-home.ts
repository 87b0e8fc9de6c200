import { Readable } from 'node:stream';
import { AthenaClient } from '@aws-sdk/client-athena';
import { CreateJobCommand, type CreateJobRequest, GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { openAthenaEngine } from '../../../src/platform/aws/athena/engine.ts';
import { readFooter } from '../../../src/platform/aws/athena/parquet-footer.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import type { ObjectStore } from '../../../src/ports/objects.ts';
import type { QueryEngine } from '../../../src/ports/query-engine.ts';
import { CAMPUS, settingsFor } from '../../infra/campus.ts';
import { deploy, ofType } from '../../infra/deployed.ts';
import { type AthenaHome, openAthenaHome } from '../athena/athena-home.ts';
import { startTrino } from '../athena/trino.ts';
import { clientConfig } from '../aws/clients.ts';
import { startMinistack } from '../aws/ministack.ts';
import { filledIn } from '../infra/policy.ts';
import { installSpark } from './spark-install.ts';
import { type SparkJobs, startSparkJobs } from './spark-jobs.ts';

/** The engine of AWS with a real Trino where Athena is and a real Spark where Glue's jobs run. */
export interface GlueHome {
  readonly engine: QueryEngine;
  readonly objects: ObjectStore;
  readonly jobs: SparkJobs;
  putRaw(key: string, bytes: Buffer): Promise<string>;
  /** How the columns of a Parquet file are laid down. */
  layout(key: string): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startGlueHome(databases: readonly string[]): Promise<GlueHome> {
  const spark = await installSpark();
  const ministack = await startMinistack();
  const running: { stop(): Promise<void> }[] = [ministack];
  try {
    const trino = await startTrino(ministack.endpoint);
    running.unshift(trino);
    const home = await openAthenaHome(ministack, trino, databases);
    running.unshift(home.athena);
    const sparkJob = await createJob(ministack.endpoint);
    const jobs = await startSparkJobs(spark, { aws: ministack.endpoint, others: home.athena.url });
    running.unshift(jobs);
    return opened(home, sparkJob, ministack.endpoint, jobs, () => stopAll(running));
  } catch (error) {
    // What has started must not outlive what could not.
    await stopAll(running);
    throw error;
  }
}

async function stopAll(running: readonly { stop(): Promise<void> }[]): Promise<void> {
  for (const server of running) await server.stop();
}

function opened(
  home: AthenaHome,
  sparkJob: string,
  aws: string,
  jobs: SparkJobs,
  stop: () => Promise<void>,
): GlueHome {
  const s3 = new S3Client({ ...clientConfig(aws), forcePathStyle: true });
  const { objects } = home;
  const engine = openAthenaEngine({
    places: { ...home.places, sparkJob },
    objects,
    s3,
    glue: new GlueClient(clientConfig(jobs.url)),
    athena: new AthenaClient(clientConfig(home.athena.url)),
    clock: systemClock,
  });
  return {
    engine,
    objects,
    jobs,
    async putRaw(key, bytes) {
      await objects.put(key, Readable.from([bytes]));
      return objects.uri(key);
    },
    async layout(key) {
      const { schema } = await readFooter({ s3, objects }, objects.uri(key), key);
      return schema.slice(1).map(({ name, type, converted_type: meaning, precision, scale }) =>
        // Of a whole number that says what its type says: Trino writes it, Spark does not.
        [name, type, /^INT_(32|64)$/.test(meaning ?? '') ? undefined : meaning, precision, scale]
          .filter((part) => part !== undefined)
          .join(' '),
      );
    },
    stop,
  };
}

/** The job of the deployed template, in the emulator. @returns its name */
async function createJob(aws: string): Promise<string> {
  const spark = { models: ['pages'], workers: 2, minutes: 60 };
  const [, { Properties }] = ofType(deploy({ ...settingsFor(CAMPUS), spark }), 'AWS::Glue::Job')[0]!;
  const { Role, Command, Tags: _, ...rest } = Properties as unknown as CreateJobRequest & { Tags: unknown };
  const job = {
    ...rest,
    Role: filledIn(Role),
    Command: { ...Command, ScriptLocation: filledIn(Command?.ScriptLocation) },
  };
  const { Name } = await new GlueClient(clientConfig(aws)).send(new CreateJobCommand(job));
  return Name!;
}
