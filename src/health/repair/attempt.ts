import type { OpsRow } from '../../ports/ledger.ts';
import type { Attempt, Incident } from '../incidents/incident.ts';
import type { RepairName } from '../rules/rule.ts';
import { REPAIRS } from './all.ts';
import type { Repair, RepairLake, RepairPlan } from './repair.ts';

/** A dry run: what would be done, and whether the lake may do it alone. */
export type Proposal = RepairPlan & {
  readonly repair: RepairName;
  readonly title: string;
  readonly about: string;
  /** ISO 8601 UTC; absent: at once. */
  readonly notBefore?: string;
  /** Why the lake does not do it alone, in a sentence. Absent: it may. */
  readonly asks?: string;
};

/** What a repair would do about an incident now. */
export async function propose(lake: RepairLake, incident: Incident, name: RepairName): Promise<Proposal> {
  const repair = REPAIRS[name];
  const plan = await repair.plan(lake, incident);
  const now = lake.platform.clock.now();
  const wait = repair.waitMs?.(attemptsOf(incident, name).length, incident);
  const asks = whyAsk(repair, incident, plan, lake.catalog.datasets.length, now);
  return {
    repair: name,
    title: repair.title,
    about: repair.about,
    ...plan,
    ...(wait === undefined ? {} : { notBefore: new Date(now + wait).toISOString() }),
    ...(asks === undefined ? {} : { asks }),
  };
}

/** Those that were done or are due; what was only proposed changed nothing. */
const attemptsOf = ({ tried }: Incident, name: RepairName): Attempt[] =>
  tried.filter(({ repair, state }) => repair === name && state !== 'proposed');

/** A repair that changes more than this part of all datasets is a person's to decide. */
const PART = 0.25;

function whyAsk(
  { name, alone }: Repair,
  incident: Incident,
  { tables }: RepairPlan,
  datasets: number,
  now: number,
): string | undefined {
  if (!alone) return 'this changes what people see, so a person decides';
  if (tables.length === 0) return 'it would change nothing';
  const before = attemptsOf(incident, name);
  if (before.length >= alone.attempts) return `it was tried ${before.length} times and did not help`;
  const last = before.at(-1);
  if (last && now - Date.parse(last.at) < alone.coolDownMs)
    return `it was tried at ${last.at}, which is too recent`;
  const most = Number.isFinite(alone.tables)
    ? Math.min(alone.tables, Math.max(1, Math.floor(datasets * PART)))
    : Number.POSITIVE_INFINITY;
  if (tables.length > most)
    return `it would change ${tables.length} tables, and ${most} are the most that the lake changes alone`;
  return undefined;
}

/**
 * Does a repair, or has it wait until it is due. The caller holds the ledger's lock, and keeps the attempt with the
 * incident.
 * @param key tells two attempts apart: the run, or the moment in which a person asked
 * @returns undefined where an attempt of this key is there already
 */
export async function attempt(
  lake: RepairLake,
  incident: Incident,
  proposal: Proposal,
  { by, key, automatic }: { readonly by: string; readonly key: string; readonly automatic: boolean },
): Promise<Attempt | undefined> {
  const id = `${incident.id}/${proposal.repair}/${key}`;
  if (incident.tried.some((one) => one.id === id)) return undefined;
  const { repair, tables, text, notBefore, asks } = proposal;
  const base = { id, repair, by, automatic, tables, at: new Date(lake.platform.clock.now()).toISOString() };
  if (automatic && asks !== undefined) {
    const isAsked = incident.tried.some((one) => one.repair === repair && one.state === 'proposed');
    return isAsked ? undefined : { ...base, state: 'proposed', text: `${text}: ${asks}` };
  }
  if (notBefore !== undefined && automatic) return { ...base, state: 'waiting', text, notBefore };
  await REPAIRS[repair].apply?.(lake, proposal);
  return { ...base, state: 'applied', text };
}

/** The attempts of an incident after a run has shown whether it is still there. */
export function judged(incident: Incident, isOver: boolean, before: number): Incident {
  const tried = incident.tried.map((one): Attempt => {
    const isOpen = one.state === 'applied' || one.state === 'waiting';
    if (!isOpen || Date.parse(one.at) > before) return one;
    return { ...one, state: isOver ? 'verified' : 'failed' };
  });
  return tried.every((one, at) => one === incident.tried[at]) ? incident : { ...incident, tried };
}

/** A row of `ops.repairs`. */
export const attemptRow = (
  incident: Pick<Incident, 'id'>,
  { id, repair, state, by, automatic, at, notBefore, tables, text }: Attempt,
): OpsRow => ({
  id,
  run: incident.id.split('/', 1)[0]!,
  incident: incident.id,
  repair,
  state,
  done_by: by,
  automatic,
  at,
  not_before: notBefore ?? null,
  tables: tables.join(', '),
  text,
});
