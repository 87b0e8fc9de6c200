import type { CatalogDataset } from '../../campus/campus.ts';
import { UndecidedColumnsError } from '../../campus/errors.ts';
import { isLms } from '../../campus/source-role.ts';
import { changeState, listStates } from '../../loads/dataset-state.ts';
import { snapshotWanted } from '../../loads/loading.ts';
import type { DatasetState } from '../../loads/state.ts';
import type { Step, Uses } from '../../ports/step.ts';
import { type Definitions, definitionsOf } from '../../staging/definition.ts';
import { whySnapshot } from '../../staging/staging-work.ts';
import { withdrawNarrowed } from '../withdraw.ts';

type Needs = Uses<'campus' | 'catalog' | 'report' | 'objects' | 'ledger' | 'engine' | 'secrets' | 'guard'>;

/**
 * Compares the tables of the lake with what the catalog makes of them now, before anything is loaded: what shows too
 * much is withdrawn at once, and a table that the raw zone cannot make again gets a snapshot in this run.
 */
export const applyCatalog: Step<{ run: string }, { withdrawn: string[]; snapshots: string[] }, Needs> = {
  name: 'apply-catalog',
  async run(_input, lake) {
    sayWhatIsUndecided(lake);
    const withdrawn = await withdrawNarrowed(lake);
    for (const table of withdrawn) {
      lake.report.note(table, 'shows what the catalog keeps out now: withdrawn until it is made again');
    }
    const definitions = definitionsOf(lake);
    const states = new Map((await listStates(lake.platform.ledger)).map((state) => [state.dataset, state]));
    const snapshots: string[] = [];
    for (const dataset of lake.catalog.datasets) {
      const state = states.get(dataset.id);
      if (!state || !loadsChanges(lake, dataset, state)) continue;
      const why = await whyOrNot(lake, dataset, state, definitions);
      if (why === undefined) continue;
      await changeState(lake.platform.ledger, dataset.id, snapshotWanted);
      lake.report.note(dataset.id, `${why}: loading a new snapshot`);
      snapshots.push(dataset.id);
    }
    return { withdrawn, snapshots };
  },
};

/**
 * Columns that look sensitive and that nobody has decided on: refused, or left out with a remark on each table.
 * @throws UndecidedColumnsError
 */
function sayWhatIsUndecided({ campus, catalog, report }: Needs): void {
  const { undecided = [] } = catalog;
  if (undecided.length === 0 || campus.privacy.undecided === 'allow') return;
  if (campus.privacy.undecided === 'refuse') throw new UndecidedColumnsError(undecided);
  for (const dataset of new Set(undecided.map((column) => column.dataset))) {
    const names = undecided
      .filter((column) => column.dataset === dataset)
      .map(({ column, privacy }) => `${column} (${privacy})`)
      .join(', ');
    const what = catalog.get(dataset).load === 'off' ? 'the table is left behind' : 'left behind';
    report.note(dataset, `${what}, as nobody has decided on ${names}: \`lake privacy review\``);
  }
}

/** Whether its next load would hold only changes. A SIS without captured changes is copied whole each time. */
function loadsChanges({ campus }: Needs, { source, load }: CatalogDataset, state: DatasetState): boolean {
  if (state.snapshotNext || load === 'snapshot' || state.pending[0]?.kind === 'snapshot') return false;
  return isLms(campus.sources[source]) || state.committed?.feed !== undefined;
}

/** Where the key of the pseudonyms cannot be read, staging says so. */
const whyOrNot = (lake: Needs, dataset: CatalogDataset, state: DatasetState, definitions: Definitions) =>
  whySnapshot(lake, dataset, state, definitions).catch(() => undefined);
