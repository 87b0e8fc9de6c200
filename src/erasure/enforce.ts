import { treatmentOf } from '../campus/treatment.ts';
import type { Json } from '../json.ts';
import { changeState, readState } from '../loads/dataset-state.ts';
import { restageWanted } from '../loads/loading.ts';
import { type DatasetState, stagedOf } from '../loads/state.ts';
import { digestOf } from '../loads/table-identity.ts';
import { versionInstead, withoutVersions } from '../loads/table-state.ts';
import type { LedgerStore } from '../ports/ledger.ts';
import type { Uses } from '../ports/step.ts';
import type { TableVersion } from '../ports/tables.ts';
import { pseudonymOf } from '../privacy/pseudonym.ts';
import { pseudonymKeys } from '../privacy/pseudonym-keys.ts';
import { type DatasetLinks, isLinkedInLake, linksOf, PERSON, pseudonymKindOf, rowKind } from './links.ts';
import {
  matchesInRaw,
  onlyLoads,
  type RewrittenFile,
  rewriteRaw,
  type ToldOfRewriting,
} from './raw-files.ts';
import { type RawLoads, rawLoadsOf } from './raw-loads.ts';
import { type RowMatches, rowMatches } from './row-matches.ts';
import { kindsOf, outcomeOf, rulesOf } from './rules.ts';
import { joinedKey, SuppressionList } from './suppression.ts';

/** What suppression uses of a lake. Where a target has no register, nobody was ever erased and nothing is done. */
export type Suppressing = Uses<
  'campus' | 'catalog' | 'report' | 'objects' | 'ledger' | 'secrets' | 'eraser' | 'register'
> &
  ToldOfRewriting;

/** What taking people out of everything uses. */
export type Enforcing = Suppressing & Uses<'features'>;

/** What was taken out of one dataset. */
export interface Enforced {
  readonly dataset: string;
  readonly files: readonly RewrittenFile[];
  /** Rows removed from, or masked in, the lake's own table. */
  readonly rows: number;
  /** The table is staged again from the raw files. */
  readonly restaged: boolean;
}

/**
 * Takes everybody on the suppression list out of the raw files and the staged tables of every dataset that has not
 * been treated since the list last changed, as after an erasure, and after a ledger was restored from a backup.
 * What it finds can make the list longer (a user who was merged, an enrolment under which other rows hang): then
 * it goes round again. Repeated after a kill, it does the rest.
 */
export async function enforceSuppression(lake: Enforcing): Promise<Enforced[]> {
  const list = await openList(lake);
  if (!list) return [];
  for (const { people } of lake.features ?? []) {
    await (await people?.load())?.forget(lake.platform.objects, (number) => list.has(PERSON, number));
  }
  const done: Enforced[] = [];
  const links = linksOf(lake);
  for (let isDone = false; !isDone; ) {
    isDone = true;
    for (const one of links) {
      const { id } = one.dataset;
      const fingerprint = list.fingerprint(kindsOf(one));
      if ((await treatedBy(lake.platform.ledger, id)) === fingerprint) continue;
      done.push(await enforceDataset(lake, list, one));
      if (list.fingerprint(kindsOf(one)) === fingerprint)
        await noteTreated(lake.platform.ledger, id, fingerprint);
      else isDone = false;
    }
    isDone &&= await areTreated(lake, list, links);
  }
  return done;
}

/**
 * Takes people on the list out of loads that wait for staging, so that they do not get into the lake's tables.
 * @returns rows that were kept out
 */
export async function suppressPending(lake: Suppressing, state: DatasetState): Promise<number> {
  if (state.pending.length === 0) return 0;
  const list = await openList(lake);
  const links = list && linksOf(lake).find(({ dataset }) => dataset.id === state.dataset);
  if (!list || !links || outcomeOf(links.dataset) === 'retain') return 0;
  const loads = onlyLoads(
    await rawLoadsOf(lake, links.dataset),
    new Set(state.pending.map(({ load }) => load)),
  );
  const fresh = await extend(lake, list, links, loads, undefined);
  const files = await rewriteRaw(lake, links, list, loads);
  const kept = files.reduce((sum, { removed, masked }) => sum + removed + masked, 0);
  if (fresh > 0) {
    const rows = fresh === 1 ? '1 new row' : `${fresh} new rows`;
    lake.report.note(
      state.dataset,
      `${rows} of people who were erased came with this load and ${fresh === 1 ? 'was' : 'were'} kept out: if somebody has enrolled again, see \`lake subject readmit\``,
    );
  }
  return kept;
}

async function openList({ platform }: Suppressing): Promise<SuppressionList | undefined> {
  return platform.register && platform.eraser ? SuppressionList.open(platform.register) : undefined;
}

async function enforceDataset(
  lake: Suppressing,
  list: SuppressionList,
  links: DatasetLinks,
): Promise<Enforced> {
  const { id } = links.dataset;
  const loads = await rawLoadsOf(lake, links.dataset);
  const { state } = await readState(lake.platform.ledger, id);
  await extend(lake, list, links, loads, stagedOf(state)?.version);
  const nothing: Enforced = { dataset: id, files: [], rows: 0, restaged: false };
  if (outcomeOf(links.dataset) === 'retain') return nothing;
  const files = await rewriteRaw(lake, links, list, loads);
  return { ...nothing, files, ...(await enforceTable(lake, list, links, loads)) };
}

/**
 * Puts on the list what the rows of people on it say of them: keys of rows on which others hang, and the other numbers
 * of one person.
 * @returns rows that were not known before
 */
async function extend(
  lake: Suppressing,
  list: SuppressionList,
  links: DatasetLinks,
  loads: RawLoads,
  version: TableVersion | undefined,
): Promise<number> {
  let fresh = 0;
  for (let grown = true; grown; ) {
    const found: RowMatches[] = [];
    for (const file of loads.files)
      found.push(rowMatches(links, await matchesInRaw(lake, links, list, loads, file)));
    if (version && isLinkedInLake(lake.campus, links)) {
      const { rules, wanted } = rulesOf(links, list);
      found.push(rowMatches(links, await lake.platform.eraser!.matchesInVersion(version, rules, wanted)));
    }
    const added = await addTo(lake, list, links, found);
    fresh += added.rows;
    grown = links.isIdentity && added.numbers > 0;
  }
  await list.save();
  return fresh;
}

async function addTo(
  lake: Suppressing,
  list: SuppressionList,
  { dataset, isIdentity, links }: DatasetLinks,
  found: readonly RowMatches[],
): Promise<{ rows: number; numbers: number }> {
  let rows = 0;
  let numbers = 0;
  for (const { key, owners } of found.flat()) {
    const request = owners
      .map(({ kind, text }) => list.requestOf(kind, text))
      .find((one) => one !== undefined);
    if (request === undefined) continue;
    if (key && list.add(request, rowKind(dataset.id), joinedKey(key))) rows++;
    if (!isIdentity) continue;
    for (const { kind, text } of owners) {
      if (!list.add(request, kind, text)) continue;
      numbers++;
      const link = links.find((one) => one.kind === kind)!;
      if (treatmentOf(lake.campus, link.column) !== 'pseudonym') continue;
      const keys = await pseudonymKeys(lake);
      if (keys.length > 0) list.add(request, kind, pseudonymOf(text, pseudonymKindOf(link), keys));
    }
  }
  return { rows, numbers };
}

/** The lake's own table: a version without the rows takes its place, or it is staged again. */
async function enforceTable(
  lake: Suppressing,
  list: SuppressionList,
  links: DatasetLinks,
  loads: RawLoads,
): Promise<Pick<Enforced, 'rows' | 'restaged'>> {
  const { ledger, eraser } = lake.platform;
  const { id } = links.dataset;
  const { state } = await readState(ledger, id);
  const staged = stagedOf(state);
  const none = { rows: 0, restaged: false };
  if (!staged) {
    await changeState(ledger, id, (now) => withoutVersions(now, () => true));
    return none;
  }
  const { rules } = rulesOf(links, list);
  const before = digestOf(staged.version.storage, list.fingerprint([...kindsOf(links), rowKind(id)]));
  const versionId = `${staged.load}-${before.slice(0, 12)}`;
  const found = isLinkedInLake(lake.campus, links)
    ? await eraser!.rewriteVersion(staged.version, rules, versionId)
    : undefined;
  if (found) {
    const rows = found.removed + found.masked;
    // Where it has passed, what is shown and what is kept aside are rows of it.
    if (rows + found.emptied === 0 && state.table.phase === 'passed') return none;
    await changeState(ledger, id, (now) => versionInstead(now, found.version, found.removed));
    return { rows, restaged: false };
  }
  if (loads.files.length === 0 && staged.version.rows === 0) return none;
  await changeState(ledger, id, (now) => restageWanted(withoutVersions(now, () => true)));
  return { rows: 0, restaged: true };
}

const TREATED = 'suppressed/';

async function treatedBy(ledger: LedgerStore, dataset: string): Promise<string | undefined> {
  return (await ledger.read<{ list: string }>(TREATED + dataset))?.value.list;
}

async function noteTreated(ledger: LedgerStore, dataset: string, list: string): Promise<void> {
  const before = await ledger.read<Json>(TREATED + dataset);
  await ledger.write(TREATED + dataset, { list }, before?.version);
}

async function areTreated(
  { platform }: Suppressing,
  list: SuppressionList,
  links: readonly DatasetLinks[],
): Promise<boolean> {
  for (const one of links) {
    if ((await treatedBy(platform.ledger, one.dataset.id)) !== list.fingerprint(kindsOf(one))) return false;
  }
  return true;
}
