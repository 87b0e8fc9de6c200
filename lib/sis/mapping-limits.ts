import { treatmentOf } from '../../src/campus/treatment.ts';
import { deriveMappings } from '../../src/sis/mapping/derive.ts';
import { DeployError } from '../errors.ts';
import type { Settings } from '../settings.ts';

/** https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TableMapping.SelectionTransformation.html */
const MAPPING_BYTES = 2 * 1024 * 1024;
/** https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Limits.html: tasks of one instance. */
const TASKS = 200;

/** What a run will ask of DMS for one SIS: reported at synth, not during the nightly run. */
export interface TaskNeeds {
  readonly tables: number;
  readonly tasks: number;
  /** Bytes of the largest task's mappings. */
  readonly mappingBytes: number;
}

/** @throws DeployError where the catalog needs more than DMS takes */
export function taskNeeds({ campus, catalog, replication }: Settings, source: string): TaskNeeds {
  const datasets = catalog.of(source);
  const { tablesPerTask, serverless } = replication;
  const tasks = Math.ceil(datasets.length / tablesPerTask);
  let mappingBytes = 0;
  for (let task = 0; task < tasks; task++) {
    const part = datasets.slice(task * tablesPerTask, (task + 1) * tablesPerTask);
    const mappings = deriveMappings(part, (column) => treatmentOf(campus, column));
    mappingBytes = Math.max(mappingBytes, Buffer.byteLength(JSON.stringify(mappings)));
  }
  const refuse = (what: string, hint: string) =>
    new DeployError(`${source}: ${what}`, { about: source, hint });
  if (mappingBytes > MAPPING_BYTES)
    throw refuse(
      `the mappings of ${tablesPerTask} tables are ${mappingBytes} bytes, and DMS takes ${MAPPING_BYTES}`,
      'Lower aws.replication.tablesPerTask in campus.yaml.',
    );
  if (!serverless && tasks > TASKS)
    throw refuse(
      `${datasets.length} tables make ${tasks} tasks, and an instance has ${TASKS} at most`,
      'Raise aws.replication.tablesPerTask in campus.yaml.',
    );
  return { tables: datasets.length, tasks, mappingBytes };
}
