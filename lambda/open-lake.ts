import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { PIPELINE } from '../src/access/authorize.ts';
import { loadCampus } from '../src/campus/load.ts';
import { FEATURES } from '../src/features.ts';
import { openLake } from '../src/pipeline/lake.ts';
import { awsPlacesSchema } from '../src/platform/aws/places.ts';
import { openAwsPlatform } from '../src/platform/aws/platform.ts';
import { FunctionSetupError } from './errors.ts';
import type { Opened, OpenOptions } from './handler.ts';

/** The campus's files travel with the code, in this folder next to it. */
const CAMPUS = fileURLToPath(new URL('./campus/', import.meta.url));

/** The longest wait for the right to ask an LMS for a new job inside of a function, in ms. */
const LONGEST_WAIT_MS = 2_000;

/**
 * The lake as a function sees it: the campus that travelled with the code, AWS as `LAKE_PLACES` says.
 * @throws FunctionSetupError where that is missing or another version's
 */
export async function openAwsLake({ events, signal }: OpenOptions): Promise<Opened> {
  const places = placesFromEnvironment();
  const { campus, catalog } = await loadCampus(CAMPUS, undefined, process.env.LAKE_ENVIRONMENT);
  const platform = openAwsPlatform(places, campus, {
    procedures: join(campus.root, 'warehouse', 'procedures'),
    features: FEATURES,
  });
  const lmsOptions = { longestWaitMs: LONGEST_WAIT_MS };
  const lake = openLake({
    campus,
    catalog,
    platform,
    session: PIPELINE,
    features: FEATURES,
    events,
    signal,
    lmsOptions,
  });
  return { lake, isAlive: (execution) => isAlive(places.region, execution) };
}

function placesFromEnvironment() {
  const text = process.env.LAKE_PLACES ?? '';
  try {
    return awsPlacesSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new FunctionSetupError('LAKE_PLACES does not say where the lake lies', {
      cause,
      hint: 'Deploy the pipeline again: code and environment of a function belong together.',
    });
  }
}

/** Whether Step Functions still executes it. One that is forgotten, after 90 days, is not alive. */
async function isAlive(region: string, executionArn: string): Promise<boolean> {
  const client = new SFNClient({ region });
  try {
    const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING' || status === 'PENDING_REDRIVE';
  } catch (error) {
    if ((error as Error).name === 'ExecutionDoesNotExist') return false;
    throw error;
  } finally {
    client.destroy();
  }
}
