import { describe, expect, it } from 'vitest';
import type { Campus, CatalogDataset } from '../../src/campus/campus.ts';
import type { LakeType } from '../../src/campus/lake-type.ts';
import { KEY_SUM_RECIPE } from '../../src/loads/key-sum.ts';
import type { StageResult } from '../../src/ports/staging.ts';
import { keysOf } from '../../src/sis/keys-of.ts';
import { keysAtSource } from '../../src/staging/keys-at-source.ts';
import { stagedSpec } from '../../src/staging/spec.ts';
import { datasetOf } from './datasets.ts';

const CAMPUS = { privacy: { defaults: {} } } as unknown as Campus;
const ENGINE = { deliveredKeys: () => expect.unreachable() };
const RESULT = { read: 1, version: { rows: 1 } } as StageResult;

/** What is compared of a dataset whose source gives these columns. */
function compared(
  dataset: CatalogDataset,
  given: readonly { name: string; type: LakeType }[],
  sum = { columns: given.map(({ name }) => name), sum: '7', recipe: KEY_SUM_RECIPE },
) {
  const manifest = {
    kind: 'snapshot',
    layout: 'dms',
    format: 'parquet',
    columns: given.map((column) => ({ ...column, section: 'key' as const, nullable: true })),
    keySum: sum,
  } as const;
  const { spec } = stagedSpec(dataset, CAMPUS, manifest);
  return keysAtSource(ENGINE, spec, manifest, [], RESULT);
}

describe('The keys of a copy are compared', () => {
  it('where the lake keeps the values of the source, under whatever name and width', async () => {
    const dataset = datasetOf(
      [
        { name: 'id', type: 'bigint' },
        { name: 'term', type: 'varchar' },
      ],
      { key: ['term', 'id'] },
    );
    const renamed = {
      ...dataset,
      columns: dataset.columns.map((column) => ({ ...column, source: column.name.toUpperCase() })),
    };
    const given = [
      { name: 'TERM', type: 'varchar' },
      { name: 'ID', type: 'decimal(10,0)' },
    ] as const;

    expect(await compared(renamed, given)).toEqual({
      columns: ['term', 'id'],
      sum: '7',
      recipe: KEY_SUM_RECIPE,
    });
    // Counted over the columns in another order, or over others, the sum is another.
    expect(
      await compared(renamed, given, { columns: ['ID', 'TERM'], sum: '7', recipe: KEY_SUM_RECIPE }),
    ).toBeUndefined();
    expect(
      await compared(renamed, given, { columns: ['TERM'], sum: '7', recipe: KEY_SUM_RECIPE }),
    ).toBeUndefined();
  });

  it('not where the lake has made something else of them', async () => {
    const column = { name: 'id', type: 'varchar' } as const;
    const dataset = datasetOf([column], { key: ['id'] });
    const hidden = { ...dataset, columns: [{ ...dataset.columns[0]!, treatment: 'pseudonym' as const }] };

    expect(await compared(dataset, [column])).toBeDefined();
    expect(await compared(dataset, [{ name: 'id', type: 'bigint' }])).toBeUndefined();
    expect(await compared(hidden, [column])).toBeUndefined();
  });
});

describe('The keys of what an LMS has delivered are read out of its files', () => {
  it.each([
    ['parquet', 3, false],
    ['parquet', 4, true],
    ['jsonl', 4, true],
    ['jsonl', 3, undefined],
  ] as const)('%s, %i records of three rows', async (format, read, repeats) => {
    const asked: boolean[] = [];
    const engine = {
      deliveredKeys: async (_spec: unknown, _files: unknown, given: boolean) => {
        asked.push(given);
        return { columns: ['id'], sum: '7', recipe: KEY_SUM_RECIPE };
      },
    };
    const dataset = datasetOf([{ name: 'id', type: 'bigint' }], { key: ['id'] });
    const manifest = { kind: 'snapshot', layout: 'dap', format } as const;
    const { spec } = stagedSpec(dataset, CAMPUS, manifest);
    const result = { read, version: { rows: 3 } } as StageResult;

    const keys = await keysAtSource(engine, spec, manifest, [], result);
    expect(asked).toEqual(repeats === undefined ? [] : [repeats]);
    expect(keys?.sum).toBe(repeats === undefined ? undefined : '7');
    expect(await keysAtSource(engine, spec, { ...manifest, kind: 'increment' }, [], result)).toBeUndefined();
  });
});

describe('The source is asked for the sum of keys', () => {
  const asked = (dataset: CatalogDataset) =>
    keysOf(
      { campus: CAMPUS, catalog: { datasets: [dataset], get: () => dataset, of: () => [dataset] } },
      'sis',
    );
  const dataset = datasetOf(
    [
      { name: 'id', type: 'bigint' },
      { name: 'share', type: 'double' },
    ],
    { key: ['id'] },
  );

  it('by the names of its columns', () => {
    const columns = dataset.columns.map((column) => ({ ...column, source: `SRC_${column.name}` }));
    expect(asked({ ...dataset, columns })).toEqual([
      { schema: 'college', table: 'things', columns: ['SRC_id'] },
    ]);
  });

  it('not without a key, nor for a key of pseudonyms or of fractions', () => {
    const columns = dataset.columns.map((column) => ({ ...column, treatment: 'pseudonym' as const }));
    expect(asked({ ...dataset, key: [] })).toEqual([]);
    expect(asked({ ...dataset, columns })).toEqual([]);
    expect(asked({ ...dataset, key: ['id', 'share'] })).toEqual([]);
  });
});
