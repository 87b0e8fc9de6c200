import { changeState } from '../../loads/dataset-state.ts';
import { reloadWanted } from '../../loads/loading.ts';
import { setBack } from '../../loads/table-state.ts';
import { listPublications, type Publication, publish, readPublication } from '../../pipeline/publication.ts';
import type { TableVersion } from '../../ports/tables.ts';
import { datasetsIn, type Repair, type RepairLake } from './repair.ts';

/** What readers are told of the table meanwhile. */
const WHY = 'an earlier version was restored';

export const restoreLastGood: Repair = {
  name: 'restore-last-good',
  title: 'Restore the table as it was before',
  about:
    'Shows the version of the publication before again, at once, and has the next run load the table whole. For a table that passed its checks and is wrong. Models are built again by the next run.',
  plan: async (lake, incident) => {
    const before = await versionsBefore(lake);
    const tables = datasetsIn(lake, incident).filter((table) => before.has(table));
    return {
      tables,
      text: tables.map((table) => `show ${table} as of ${before.get(table)!.from}`).join('; '),
    };
  },
  async apply(lake, { tables }) {
    const before = await versionsBefore(lake);
    const shown = await readPublication(lake.platform);
    if (!shown) return;
    const restored = tables.flatMap((table) => before.get(table) ?? []);
    for (const { version, facts } of restored) {
      const { asOf, loadedAt, run } = facts ?? {};
      const time = asOf !== undefined && loadedAt !== undefined ? { time: { asOf, loadedAt } } : {};
      const good = { version, ...(run === undefined ? {} : { load: run }), ...time };
      await changeState(lake.platform.ledger, version.table, (state) => reloadWanted(setBack(state, good)));
    }
    const at = new Date(lake.platform.clock.now()).toISOString();
    const changed = Object.fromEntries(restored.map(({ version }) => [version.table, version]));
    const facts = Object.fromEntries(
      restored.map((one) => [one.version.table, { ...one.facts, whyOld: WHY, isStale: true }]),
    );
    await publish(lake.platform, {
      ...shown,
      id: `${shown.id.split('.', 1)[0]}.${at.replaceAll(/[-:]|\.\d+/g, '')}`,
      at,
      tables: { ...shown.tables, ...changed },
      facts: { ...shown.facts, ...facts },
    });
  },
};

interface Before {
  readonly version: TableVersion;
  readonly facts: Publication['facts'][string] | undefined;
  /** The publication that it is from. */
  readonly from: string;
}

/** Of each table, its newest version in a kept publication that is not the one that is shown. */
async function versionsBefore({ platform }: RepairLake): Promise<ReadonlyMap<string, Before>> {
  const shown = await readPublication(platform);
  const found = new Map<string, Before>();
  const ids = (await listPublications(platform.objects)).filter((id) => id !== shown?.id).sort();
  for (const id of ids) {
    // One that cannot be read restores nothing.
    const publication = await readPublication(platform, id).catch(() => undefined);
    for (const [table, version] of Object.entries(publication?.tables ?? {}))
      if (!isSame(version, shown?.tables[table]))
        found.set(table, { version, facts: publication!.facts[table], from: id });
  }
  return found;
}

const isSame = (a: TableVersion, b: TableVersion | undefined): boolean =>
  JSON.stringify(a.storage) === JSON.stringify(b?.storage);
