import type { CatalogDataset } from '../campus/campus.ts';
import { listStates } from '../loads/dataset-state.ts';
import type { Lake } from '../step.ts';
import { currentPublicationId } from './publication.ts';
import { type RunRecord, readRunRecord } from './run-record.ts';
import { failuresOf, type StepFailure } from './step-log.ts';

/** What `lake status` tells. Instants are ISO 8601 UTC. */
export interface LakeStatus {
  readonly run?: RunRecord;
  readonly publication?: string;
  readonly failures: StepFailure[];
  readonly datasets: DatasetStatus[];
}

export interface DatasetStatus {
  readonly dataset: string;
  readonly watermark?: string;
  readonly rows?: number;
  /** Hours since its newest load was asked for. */
  readonly ageHours?: number;
  /** Whether it is older than the catalog promises, or was never loaded. */
  readonly late: boolean;
}

const DEFAULT_FRESHNESS = '26h';

export async function lakeStatus(lake: Lake): Promise<LakeStatus> {
  const { clock, ledger } = lake.platform;
  const run = (await readRunRecord(ledger))?.value;
  const states = new Map((await listStates(ledger)).map((state) => [state.dataset, state]));
  const loaded = lake.catalog.datasets.filter((dataset) => dataset.load !== 'off');
  return {
    run,
    publication: await currentPublicationId(ledger),
    failures: run ? await failuresOf(ledger, run.run) : [],
    datasets: loaded.map((dataset) => {
      const state = states.get(dataset.id);
      if (!state?.watermark) return { dataset: dataset.id, late: true };
      const age = clock.now() - Date.parse(state.loadedAt ?? state.watermark);
      return {
        dataset: dataset.id,
        watermark: state.watermark,
        rows: state.staged?.rows,
        ageHours: Math.round(age / 36e5),
        late: age > promised(dataset),
      };
    }),
  };
}

/** How old a dataset may become, in ms. */
function promised(dataset: CatalogDataset): number {
  const text = dataset.freshness ?? DEFAULT_FRESHNESS;
  return Number.parseInt(text, 10) * (text.endsWith('d') ? 24 : 1) * 36e5;
}
