import type { CatalogDataset } from '../campus/campus.ts';
import { InputError } from '../errors.ts';
import { changeState } from '../loads/dataset-state.ts';
import type { LoadColumn } from '../loads/load.ts';
import { requested, snapshotWanted, underWayIn } from '../loads/loading.ts';
import { type DatasetState, type Question, stagedOf } from '../loads/state.ts';
import type { LmsJob } from '../ports/lms-source.ts';
import type { Uses } from '../ports/step.ts';
import { definitionsOf } from '../staging/definition.ts';
import { whySnapshot } from '../staging/staging-work.ts';
import { compareSchemas } from './compatible.ts';
import { decide } from './decide.ts';
import { NoDataYetError, needsSnapshot } from './errors.ts';
import { columnsBefore, loadColumns } from './manifest.ts';

type Needs = Uses<'campus' | 'report' | 'lms' | 'objects' | 'secrets'>;

/**
 * Asks the source for the load that the dataset needs now, and writes down the job before anything else happens.
 * Where changes cannot be computed (out of range, reloaded, another schema) it asks for a snapshot by itself.
 * @param load the load's id: the run's
 * @param attempts how often this load was asked for before
 */
export async function askForLoad(
  lake: Uses<'campus' | 'report' | 'lms' | 'clock' | 'objects' | 'ledger' | 'secrets'>,
  dataset: CatalogDataset,
  state: DatasetState,
  load: string,
  attempts = 0,
): Promise<void> {
  const decided = await decideOnSchema(lake, dataset, state);
  const { question, job } = await askFor(lake, dataset, decided);
  const { clock, ledger } = lake.platform;
  const before = underWayIn(state, load);
  const asked = {
    load,
    question,
    startedAt: before?.startedAt ?? new Date(clock.now()).toISOString(),
    ...(attempts > 0 ? { attempts } : {}),
  };
  const loading = job
    ? ({ ...asked, phase: 'requested', job: job.id } as const)
    : ({ ...asked, phase: 'empty' } as const);
  // A snapshot that became necessary stays so until one is committed, whatever happens to this job.
  const sticks = question.kind === 'snapshot' && state.committed !== undefined;
  await changeState(ledger, dataset.id, (now) => requested(sticks ? snapshotWanted(now) : now, loading));
}

async function decideOnSchema(lake: Needs, dataset: CatalogDataset, state: DatasetState): Promise<Question> {
  const question = decide(dataset, state);
  if (question.kind === 'snapshot') return question;
  const schema = await lake.lms(dataset.source).schema(dataset);
  if (schema.version === state.committed?.schemaVersion) return question;
  const before = await columnsBefore(lake.platform.objects, dataset, state);
  const columns = loadColumns(schema.columns);
  const change = before && compareSchemas(before, columns);
  const why =
    change && !change.compatible
      ? `its schema changed (${change.changes.join('; ')})`
      : stagedOf(state) && (await whyOfColumns(lake, dataset, state, columns));
  if (why === undefined) return question;
  lake.report.note(dataset.id, `${why}: loading a new snapshot`);
  return { kind: 'snapshot' };
}

/** Whether another key makes the pseudonyms is not asked here: loading needs no secret of theirs. */
function whyOfColumns(
  lake: Needs,
  dataset: CatalogDataset,
  state: DatasetState,
  columns: LoadColumn[],
): Promise<string | undefined> {
  const definitions = definitionsOf(lake, stagedOf(state)?.version.definition?.pseudonymKey ?? '');
  return whySnapshot(lake, dataset, state, definitions, columns);
}

async function askFor(
  lake: Needs,
  dataset: CatalogDataset,
  question: Question,
): Promise<{ question: Question; job: LmsJob | undefined }> {
  const since = question.kind === 'increment' ? { since: question.since } : {};
  try {
    const job = await lake.lms(dataset.source).start({
      namespace: dataset.namespace,
      table: dataset.table,
      format: formatOf(lake, dataset),
      priority: dataset.priority,
      ...since,
    });
    return { question, job };
  } catch (error) {
    if (error instanceof NoDataYetError) return { question, job: undefined };
    if (question.kind === 'snapshot' || !needsSnapshot(error)) throw error;
    lake.report.note(
      dataset.id,
      `the source cannot tell its changes any more (${error.type}): loading a new snapshot`,
    );
    return askFor(lake, dataset, { kind: 'snapshot' });
  }
}

/** The format in which a source's files are asked for. */
export function formatOf(lake: Uses<'campus'>, dataset: CatalogDataset): 'jsonl' | 'parquet' {
  const source = lake.campus.sources[dataset.source];
  if (!source || !('format' in source)) {
    throw new InputError(
      `${dataset.source} is no LMS in campus.yaml, so ${dataset.id} cannot be loaded from it`,
      {
        about: dataset.id,
      },
    );
  }
  return source.format;
}
