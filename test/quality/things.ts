import { afterEach, beforeEach } from 'vitest';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import { changeState, readState } from '../../src/loads/dataset-state.ts';
import { goodOf, type StagedTable } from '../../src/loads/state.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import type { AtSource } from '../../src/quality/reconcile.ts';
import { checkDataset } from '../../src/quality/steps.ts';
import { withStaged } from '../loads/states.ts';
import { openPipelineLake, type PipelineLake } from '../pipeline-lake.ts';

/** A dataset with two states, a score and a parent, and the lake in which its checks run. */

export interface Row {
  readonly id: number | null;
  readonly state: string | null;
  readonly score: number | null;
  readonly parent: number | null;
}

export const COLUMNS = [
  { name: 'id', type: 'bigint' },
  { name: 'state', type: 'varchar' },
  { name: 'score', type: 'double' },
  { name: 'parent', type: 'bigint' },
] as const;

export const THINGS: CatalogDataset = {
  id: 'canvas.things',
  source: 'canvas',
  name: 'things',
  namespace: 'canvas',
  table: 'things',
  key: ['id'],
  columns: COLUMNS.map((column) => ({ ...column, privacy: 'none' })),
  checks: [{ kind: 'accepted_values', column: 'state', values: ['active'] }],
};

export const row = (id: number, values: Partial<Row> = {}): Row => ({
  id,
  state: 'active',
  score: 50,
  parent: null,
  ...values,
});

/** The lake of the test that runs, another for each. */
export class Things {
  opened: PipelineLake | undefined;
  #versions = 0;

  get lake() {
    return this.opened!.lake;
  }

  get notes() {
    return this.opened!.notes;
  }

  versionId(): string {
    return `v${this.#versions++}`;
  }

  tableOf(rows: readonly Row[], name = 'canvas.things'): Promise<TableVersion> {
    const cells = rows.map(({ id, state, score, parent }) => [id, state, score, parent]);
    return this.lake.platform.engine.literalTable(name, COLUMNS, cells, this.versionId());
  }

  /** What staging leaves behind after a load. */
  async staged(
    load: string,
    rows: readonly Row[],
    more: AtSource & Pick<StagedTable, 'time'> = {},
  ): Promise<void> {
    const version = await this.tableOf(rows);
    const { ledger } = this.lake.platform;
    await changeState(ledger, 'canvas.things', (state) => withStaged(state, version, load, more));
  }

  check(run: string) {
    return checkDataset.run({ run, dataset: 'canvas.things' }, this.lake);
  }

  /** What models read of it. */
  async good() {
    return goodOf((await readState(this.lake.platform.ledger, 'canvas.things')).state);
  }
}

/** Opens a lake before each test of a file and closes it afterwards. */
export function useThings(): Things {
  const things = new Things();
  beforeEach(async () => {
    things.opened = await openPipelineLake({
      campus: (root) => ({ sources: {}, root, models: 'models' }),
      catalog: { datasets: [THINGS], get: () => THINGS, of: () => [THINGS] },
    });
  });
  afterEach(() => things.opened?.close());
  return things;
}
