import { authorize } from '../../access/authorize.ts';
import { LakeError } from '../../errors.ts';
import { loadAllModels } from '../../models/build-model.ts';
import { readPublication } from '../../pipeline/publication.ts';
import type { Uses } from '../../ports/step.ts';

/** The tables next to one: what it reads, and what reads it. */
export interface Lineage {
  readonly reads: readonly string[];
  readonly readBy: readonly string[];
}

type Needs = Uses<'campus' | 'catalog' | 'features' | 'session' | 'access' | 'objects' | 'ledger'>;

/**
 * Neighbours of a table, one step up and one step down, of which the session may know. Of a model its SELECT says what it
 * reads; of a table that a feature's step writes, what was noted when it was published.
 * @param table `database.table`
 */
export async function lineageOf(lake: Needs, table: string): Promise<Lineage> {
  const publication = await readPublication(lake.platform);
  const reads = new Map<string, readonly string[]>();
  for (const [name, { sources = [] }] of Object.entries(publication?.facts ?? {})) reads.set(name, sources);
  for (const { table: name, statement } of await modelsThatRead(lake))
    reads.set(
      name,
      statement.tables.map((read) => read.name),
    );
  const described = { ...datasetsOf(lake), ...publication?.tables };
  const { tables: known } = await authorize(lake, 'describe', described);
  const shown = (names: readonly string[]) =>
    [...new Set(names)].filter((name) => name !== table && known[name] !== undefined).sort();
  return {
    reads: shown(reads.get(table) ?? []),
    readBy: shown([...reads].flatMap(([name, of]) => (of.includes(table) ? [name] : []))),
  };
}

/** While a model's file has a mistake, what was published says more than the files. */
async function modelsThatRead(lake: Needs) {
  return loadAllModels(lake).catch((error: unknown) => {
    if (error instanceof LakeError) return [];
    throw error;
  });
}

const datasetsOf = ({ catalog }: Needs) =>
  Object.fromEntries(catalog.datasets.map((dataset) => [dataset.id, dataset]));
