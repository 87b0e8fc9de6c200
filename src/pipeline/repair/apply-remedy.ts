import type { Json } from '../../json.ts';
import { changeState } from '../../loads/dataset-state.ts';
import { reloadWanted, restageWanted } from '../../loads/loading.ts';
import { recovered } from '../../loads/table-state.ts';
import type { Uses } from '../../ports/step.ts';
import { writeModelRecord } from '../model-record.ts';
import { forgetPublications, POINTER, readPublication } from '../publication.ts';
import { readIntact } from '../read-intact.ts';
import type { Remedy } from './damage.ts';

type Needs = Uses<'objects' | 'ledger'>;

/** Does what a remedy says. The caller holds the ledger's lock: no run may work on the lake meanwhile. */
export async function applyRemedy(lake: Needs, remedy: Remedy): Promise<void> {
  const { ledger, objects } = lake.platform;
  switch (remedy.do) {
    case 'drop-record':
      return ledger.delete(remedy.key);
    case 'recover-dataset':
      return recoverDataset(lake, remedy.dataset, remedy.publication);
    case 'recover-model':
      return recoverModel(lake, remedy);
    case 'point-to': {
      const { publication, kept } = remedy;
      const before = await readIntact<Json>(ledger, POINTER);
      const sequence = (before?.value as { sequence?: number } | undefined)?.sequence ?? 0;
      const pointer = { id: publication, sequence: sequence + 1, kept: [...kept] };
      await ledger.write<Json>(POINTER, pointer, before?.version);
      return;
    }
    case 'drop-publication':
      return forgetPublications(objects, [remedy.publication]);
    case 'restage':
      await changeState(ledger, remedy.dataset, restageWanted);
      return;
    case 'reload':
      await changeState(ledger, remedy.dataset, reloadWanted);
      return;
    case 'nothing':
      return;
  }
}

async function recoverDataset({ platform }: Needs, dataset: string, id: string): Promise<void> {
  const publication = await readPublication(platform, id);
  const version = publication?.tables[dataset];
  if (!version) return platform.ledger.delete(`dataset/${dataset}`);
  const { run = publication.run, ...time } = publication.facts[dataset] ?? {};
  const state = recovered(dataset, version, run, time);
  await platform.ledger.write<Json>(`dataset/${dataset}`, state as unknown as Json, undefined);
}

async function recoverModel(
  { platform }: Needs,
  { model, table, publication: id }: Extract<Remedy, { do: 'recover-model' }>,
): Promise<void> {
  const publication = await readPublication(platform, id);
  const version = publication?.tables[table];
  if (!version) return platform.ledger.delete(`model/${model}`);
  const { asOf, loadedAt, run, sources, header } = publication.facts[table] ?? {};
  await writeModelRecord(platform.ledger, {
    model,
    run: run ?? publication.run,
    version,
    ...(asOf === undefined ? {} : { asOf }),
    ...(loadedAt === undefined ? {} : { builtAt: loadedAt }),
    ...(sources ? { sources } : {}),
    ...(header ? { header } : {}),
  });
}
