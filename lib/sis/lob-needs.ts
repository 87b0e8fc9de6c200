import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import {
  CONNECTIONS,
  lobColumnsOf,
  lobMaxSizeOf,
  lobPlan,
  MAX_LOB_KB,
  memoryOfClass,
} from '../../src/sis/lob-memory.ts';
import { DeployError } from '../errors.ts';
import type { Settings } from '../settings.ts';

const MB_OF_A_DCU = 2048;

/**
 * Says at synth how the long values of a SIS fit into the memory of DMS, by DMS's own arithmetic, where they slow a
 * load down.
 * @throws DeployError where they do not fit, with the figures
 */
export function checkLobNeeds(scope: IConstruct, settings: Settings, source: string): void {
  const { campus, catalog, replication, sis } = settings;
  const { maxConnections: connections = CONNECTIONS, maxLobKb = MAX_LOB_KB } = sis.find(
    ([name]) => name === source,
  )![1];
  const { instance, serverless } = replication;
  const memoryMb = serverless ? serverless.maxDcu * MB_OF_A_DCU : memoryOfClass(instance);
  const plan = lobPlan({
    memoryMb,
    sources: serverless ? 1 : sis.length,
    maxLobKb,
    lobColumns: lobColumnsOf(campus, catalog.of(source)),
    connections,
  });
  const where = serverless ? `${serverless.maxDcu} DCU` : instance;
  const size = serverless ? 'aws.replication.serverless.maxDcu' : 'aws.replication.instance';
  const figures = `${lobMaxSizeOf(maxLobKb)} KB x ${plan.commitRate} rows x ${plan.lobColumns} columns of text or binary values are ${plan.needsMb} MB, and ${where} has ${plan.hasMb} MB for them`;
  if (!plan.fits)
    throw new DeployError(
      `${source}: the long values of one table do not fit into the memory of DMS: ${figures}`,
      {
        about: source,
        hint: `Choose a larger ${size}, lower sources.${source}.maxLobKb, or exclude columns in the catalog.`,
      },
    );
  const warn = (id: string, text: string) => Annotations.of(scope).addWarningV2(`lake:${source}:${id}`, text);
  if (memoryMb === undefined)
    warn(
      'memory',
      `${source}: nobody knows the memory of ${instance} here; it is taken for 1 GB: ${figures}`,
    );
  else if (plan.tablesAtOnce < connections)
    warn(
      'memory',
      `${source}: DMS copies ${plan.tablesAtOnce} of ${connections} tables at once, so that long values fit into its memory: ${figures}; a larger ${size} or a lower sources.${source}.maxLobKb copies faster`,
    );
}
