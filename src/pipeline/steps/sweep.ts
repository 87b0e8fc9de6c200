import type { Campus, Catalog } from '../../campus/campus.ts';
import { isLms } from '../../campus/source-role.ts';
import { sweepLmsLoads } from '../../lms/sweep-raw.ts';
import { changeState, listStates } from '../../loads/dataset-state.ts';
import { versionsOf } from '../../loads/state.ts';
import { withoutVersions } from '../../loads/table-state.ts';
import type { LedgerStore } from '../../ports/ledger.ts';
import type { Clock, Platform } from '../../ports/platform.ts';
import type { Housekeeper, Stager, WaitBudget } from '../../ports/query-engine.ts';
import type { NotYet, Report, Step, Uses } from '../../ports/step.ts';
import type { TableVersion } from '../../ports/tables.ts';
import { sweepRawLoads } from '../../sis/sweep-raw.ts';
import { isNarrowed } from '../../staging/definition.ts';
import { resumed } from '../../staging/wait-budget.ts';
import { DamagedPublicationError } from '../errors.ts';
import { listModelRecords } from '../model-record.ts';
import {
  forgetPublications,
  type Publication,
  readPublication,
  retainedPublications,
} from '../publication.ts';
import { forgetWithdrawn, listWithdrawn } from '../withdraw.ts';

/** Nothing younger than this is removed, epoch ms back from now. */
const GRACE_MS = 3600 * 1000;

const DAY_MS = 86_400_000;

interface Needs extends Uses<'held'> {
  readonly campus: Pick<Campus, 'sources' | 'raw' | 'ledger'>;
  readonly catalog: Pick<Catalog, 'datasets'>;
  readonly platform: Pick<Platform, 'ledger' | 'objects'> & {
    readonly clock: Pick<Clock, 'now'>;
    readonly engine: Pick<Housekeeper, 'sweep'> & Pick<Stager, 'capabilities'>;
  };
  readonly signal: AbortSignal;
  readonly report: Pick<Report, 'note'>;
}

/** Removes versions of tables that no kept publication and no newest state names, and old loads of a SIS. */
export const sweep: Step<{ run: string }, { freed: number } | NotYet, Needs> = {
  name: 'sweep',
  run: ({ run }, lake) => resumed(lake, { run, dataset: 'sweep' }, (budget) => swept(run, lake, budget)),
};

async function swept(run: string, lake: Needs, budget: WaitBudget | undefined): Promise<{ freed: number }> {
  const { clock, engine, ledger, objects } = lake.platform;
  const { kept, old } = await retainedPublications(lake.platform);
  const keep: TableVersion[] = [];
  const shown = new Set<string>();
  for (const id of kept) {
    const publication = await readable(lake, id);
    keep.push(...Object.values(publication?.tables ?? {}));
    for (const { run } of Object.values(publication?.facts ?? {})) if (run !== undefined) shown.add(run);
    // What the lake shows is not thrown away because its list is lost: a backup may have it.
    if (!publication && id === kept.at(-1)) return { freed: 0 };
  }
  if (await isUnknown(lake)) return { freed: 0 };
  keep.push(...(await keptVersions(ledger)));
  for (const record of await listModelRecords(ledger)) keep.push(record.version);
  // What nobody needs any more goes in any case: a full disk would stop the loads.
  const maintain = (await lake.held?.({ work: 'maintenance', run })) === undefined;
  const withdrawn = await listWithdrawn(ledger);
  const freed = await engine.sweep(keep, clock.now() - GRACE_MS, withdrawn, budget, maintain);
  await forgetWithdrawn(ledger);
  await forgetPublications(objects, old);
  for (const [name, source] of Object.entries(lake.campus.sources)) {
    if (isLms(source)) await sweepLmsLoads(lake, name);
    else await sweepRawLoads(lake, name, shown);
  }
  if (maintain) await tidyLedger(lake, run);
  return { freed };
}

/** What a damaged record names is not known, so nothing may go until it is repaired. */
async function isUnknown(lake: Needs): Promise<boolean> {
  const damaged = await lake.platform.ledger.damaged('');
  if (damaged.length === 0) return false;
  lake.report.note(
    'ledger',
    `no old files are removed: ${damaged.join(', ')} cannot be read; see lake repair`,
  );
  return true;
}

/** A publication, or undefined and a remark where its document cannot be read. */
async function readable(lake: Needs, id: string): Promise<Publication | undefined> {
  try {
    const publication = await readPublication(lake.platform, id);
    if (!publication) lake.report.note('publication', `the document of publication ${id} is not there`);
    return publication;
  } catch (error) {
    if (!(error instanceof DamagedPublicationError)) throw error;
    lake.report.note('publication', error.message);
    return undefined;
  }
}

/** So that neither the next run nor a question about it takes longer for all the runs before. */
async function tidyLedger(lake: Needs, run: string): Promise<void> {
  const { clock, ledger } = lake.platform;
  const forgetDetailBefore = clock.now() - lake.campus.ledger.stepRetentionDays * DAY_MS;
  const { damaged } = await ledger.tidy({ run, forgetDetailBefore, now: clock.now() });
  if (damaged === 0) return;
  lake.report.note('ledger', `${damaged} damaged line${damaged === 1 ? '' : 's'} left out: check the disk`);
}

/** What the states of datasets name. A version that shows too much is forgotten: its files are about to go. */
async function keptVersions(ledger: LedgerStore): Promise<TableVersion[]> {
  const keep: TableVersion[] = [];
  for (const state of await listStates(ledger)) {
    const named = versionsOf(state);
    const good = named.filter((version) => !isNarrowed(state, version));
    if (good.length < named.length) {
      await changeState(ledger, state.dataset, (now) =>
        withoutVersions(now, (version) => isNarrowed(now, version)),
      );
    }
    keep.push(...good);
  }
  return keep;
}
