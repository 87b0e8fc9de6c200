import { listStates } from '../../loads/dataset-state.ts';
import type { TableVersion } from '../../platform/ports/tables.ts';
import { sweepRawLoads } from '../../sis/sweep-raw.ts';
import type { Step } from '../../step.ts';
import { listModelRecords } from '../model-record.ts';
import { forgetPublications, listPublications, readPublication } from '../publication.ts';

/** A query that started on an older publication may still be reading its files: so many are kept. */
const PUBLICATIONS_KEPT = 3;
/** And nothing younger than this is removed, epoch ms back from now. */
const GRACE_MS = 3600 * 1000;

/** Removes versions of tables that no kept publication and no newest state names, and old loads of a SIS. */
export const sweep: Step<{ run: string }, { freed: number }> = {
  name: 'sweep',
  async run(_input, lake) {
    const { clock, engine, ledger, objects } = lake.platform;
    const publications = await listPublications(objects);
    const kept = publications.slice(-PUBLICATIONS_KEPT);
    const keep: TableVersion[] = [];
    for (const id of kept)
      keep.push(...Object.values((await readPublication(lake.platform, id))?.tables ?? {}));
    for (const { staged, passed } of await listStates(ledger)) {
      if (staged) keep.push(staged);
      if (passed) keep.push(passed);
    }
    for (const record of await listModelRecords(ledger)) keep.push(record.version);
    const freed = await engine.sweep(keep, clock.now() - GRACE_MS);
    await forgetPublications(objects, publications.slice(0, -PUBLICATIONS_KEPT));
    for (const [name, { kind }] of Object.entries(lake.campus.sources)) {
      if (kind !== 'canvas') await sweepRawLoads(lake, name);
    }
    return { freed };
  },
};
