import type { Catalog } from '../campus/campus.ts';
import type { DriftRequest } from '../ports/drift.ts';
import type { OpsRow } from '../ports/ledger.ts';
import type { Clock, Platform } from '../ports/platform.ts';
import type { NotYet, Report, Step, Uses } from '../ports/step.ts';
import { loadPrefix } from '../sis/raw-layout.ts';
import { changeRow, describeChange } from '../staging/schema-changes.ts';
import { type Drift, findDrift, lookOf } from './find-drift.ts';
import { readLook, writeLook } from './look-document.ts';

export type DriftInput = { readonly run: string; readonly source: string };
export type DriftFound = {
  readonly done: true;
  /** Tables that were looked at; 0 where it was not yet time to look again, or where the look is held. */
  readonly tables: number;
  /** Changes reported for the first time. */
  readonly reported: number;
};

interface Needs extends Uses<'held'> {
  readonly catalog: Pick<Catalog, 'of'>;
  readonly platform: Pick<Platform, 'drift' | 'ledger' | 'objects'> & { readonly clock: Pick<Clock, 'now'> };
  readonly report: Pick<Report, 'note'>;
}

/**
 * Begins to look at the raw files of tonight's load, where it is time to and nothing holds it; nobody waits for it
 * before `drift-poll`.
 */
export const driftStart: Step<DriftInput, { begun: boolean }, Uses<'held' | 'drift'>> = {
  name: 'drift-start',
  async run(input, lake) {
    if (await isHeld(lake, input)) return { begun: false };
    return { begun: await lake.platform.drift.start(requestOf(input)) };
  },
};

const isHeld = async ({ held }: Uses<'held'>, { run, source }: DriftInput): Promise<boolean> =>
  (await held?.({ work: 'drift', about: [source], run })) !== undefined;

/**
 * Reports what the raw files show and nothing else has reported: tables that the catalog does not list, columns that came,
 * went or changed their type.
 */
export const driftPoll: Step<DriftInput, DriftFound | NotYet, Needs> = {
  name: 'drift-poll',
  async run({ run, source }, lake) {
    const { drift, objects } = lake.platform;
    if (await isHeld(lake, { run, source })) return { done: true, tables: 0, reported: 0 };
    const answer = await drift.poll(requestOf({ run, source }));
    if (!answer.done) return answer;
    const found = answer.tables;
    if (!found) return { done: true, tables: 0, reported: 0 };
    const before = await readLook(objects, source);
    const reported = await report(lake, run, findDrift(source, found, lake.catalog.of(source), before));
    // Last: a step that is repeated compares with the same survey as before. What was not seen now was seen then.
    await writeLook(objects, source, { ...before, ...lookOf(found) });
    return { done: true, tables: found.length, reported };
  },
};

const requestOf = ({ run, source }: DriftInput): DriftRequest => ({
  source,
  prefix: `${loadPrefix(source, run)}/`,
});

async function report(lake: Needs, run: string, drifts: readonly Drift[]): Promise<number> {
  if (drifts.length === 0) return 0;
  const { clock, ledger } = lake.platform;
  const fresh = unreported(run, drifts, await ledger.rows('schema_changes'));
  const at = new Date(clock.now()).toISOString();
  const rows = fresh.map(({ dataset, ...change }) => changeRow(run, dataset, change, at));
  await ledger.append('schema_changes', rows);
  for (const change of fresh) lake.report.note(change.dataset, describeChange(change));
  return fresh.length;
}

/**
 * Changes that are not reported yet. Staging may have reported a column in this run, with its own type names; and what
 * nobody has decided on for weeks is reported once.
 */
export function unreported(run: string, drifts: readonly Drift[], known: readonly OpsRow[]): Drift[] {
  const last = new Map<string, OpsRow>();
  for (const row of known) last.set(`${row.dataset}/${row.column_name}`, row);
  return drifts.filter(({ dataset, column, change, to }) => {
    const row = last.get(`${dataset}/${column}`);
    if (!row) return true;
    return row.run !== run && (row.change !== change || (change === 'retyped' && row.new_type !== to));
  });
}
