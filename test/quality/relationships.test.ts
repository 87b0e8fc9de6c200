import { beforeEach, describe, expect, it } from 'vitest';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import { changeState } from '../../src/loads/dataset-state.ts';
import { CheckFailedError } from '../../src/quality/errors.ts';
import type { AtSource } from '../../src/quality/reconcile.ts';
import { checkDataset } from '../../src/quality/steps.ts';
import { withStaged } from '../loads/states.ts';
import { type Row, row, THINGS, useThings } from './things.ts';

const things = useThings();

describe('A relationship', () => {
  const PARENT: CatalogDataset = { ...THINGS, id: 'canvas.parents', name: 'parents', checks: [] };
  const CHILD: CatalogDataset = {
    ...THINGS,
    checks: [{ kind: 'relationships', column: 'parent', to: 'canvas.parents', field: 'id' }],
  };
  const load = async (dataset: string, name: string, rows: readonly Row[], more: AtSource = {}) => {
    const version = await things.tableOf(rows, dataset);
    await changeState(things.lake.platform.ledger, dataset, (state) =>
      withStaged(state, version, name, more),
    );
  };
  beforeEach(() => {
    const all = new Map([PARENT, CHILD].map((dataset) => [dataset.id, dataset]));
    Object.assign(things.lake.catalog, { datasets: [...all.values()], get: (id: string) => all.get(id) });
  });
  const checkParents = (run: string) => checkDataset.run({ run, dataset: 'canvas.parents' }, things.lake);

  it('is evaluated on the new version of the other table, and on the last good one where that is held back', async () => {
    await load('canvas.parents', 'p1', [row(1)]);
    await load('canvas.things', 'c1', [row(1, { parent: 1 })]);
    await checkParents('run1');
    await things.check('run1');

    // Of the same night, and good: it counts.
    await load('canvas.parents', 'p2', [row(1), row(2)]);
    await load('canvas.things', 'c2', [row(1, { parent: 2 })]);
    // Whichever is checked first: of two tables that point at each other one has to be.
    await things.check('run2');
    await checkParents('run2');

    await load('canvas.parents', 'p3', [row(1), row(3)], { rowsAtSource: 7 });
    await load('canvas.things', 'c3', [row(1, { parent: 3 })]);
    await expect(checkParents('run3')).rejects.toThrow(CheckFailedError);
    await expect(things.check('run3')).rejects.toThrow(
      '1 of 1 row breaks relationships(parent in canvas.parents.id)',
    );
  });

  it('is told of, and nobody is blamed, where the other table was never good', async () => {
    await load('canvas.things', 'c1', [row(1, { parent: 1 })]);
    await things.check('run1');
    expect(things.notes).toEqual([
      'canvas.things: relationships(parent in canvas.parents.id) was not evaluated: no load of canvas.parents has passed its checks yet',
    ]);
  });
});
