import { ADMINISTRATOR } from '../../access/authorize.ts';
import { didYouMean } from '../../campus/nearest.ts';
import { InputError } from '../../errors.ts';
import { resolvedBy } from '../../health/incidents/follow-up.ts';
import { type Attempt, type Incident, isOpen } from '../../health/incidents/incident.ts';
import { allIncidents, changeIncidents, readIncidents } from '../../health/incidents/store.ts';
import { REPAIRS } from '../../health/repair/all.ts';
import { attempt, type Proposal, propose } from '../../health/repair/attempt.ts';
import { keepTried } from '../../health/step.ts';
import type { Uses } from '../../ports/step.ts';
import { knownTables } from '../known-tables.ts';

export type { Attempt, Incident } from '../../health/incidents/incident.ts';
export type { Proposal } from '../../health/repair/attempt.ts';

/** What questions about incidents need of a lake; whose session it is decides which are shown. */
export type IncidentsLake = Uses<'catalog' | 'session' | 'access' | 'objects' | 'ledger'>;

/** What acting on one needs. */
export type ActingLake = IncidentsLake & Uses<'campus' | 'clock' | 'engine'>;

export interface ListOptions {
  /** Whether resolved ones are listed too, of all time. Default: only those that are open. */
  readonly all?: boolean;
}

/**
 * The incidents of which the session may know, the newest first. A role knows of those that concern a table that it may
 * describe, with these tables alone; the administrator of all.
 *
 * @example
 * ```ts
 * import { type IncidentsLake, listIncidents } from './incidents.ts';
 *
 * const titles = async (lake: IncidentsLake): Promise<string[]> =>
 *   (await listIncidents(lake)).map(({ title, assignee }) => `${title} (${assignee})`);
 * ```
 */
export async function listIncidents(
  lake: IncidentsLake,
  { all = false }: ListOptions = {},
): Promise<Incident[]> {
  const { ledger } = lake.platform;
  const found = all ? await allIncidents(ledger) : (await readIncidents(ledger)).filter(isOpen);
  return (await visible(lake, found)).sort((a, b) => Date.parse(b.openedAt) - Date.parse(a.openedAt));
}

/** One incident, with what each of its repairs would do now: the dry run that a page shows before it asks. */
export interface IncidentDetails {
  readonly incident: Incident;
  /** Empty for an incident that is resolved, and for a session that may not act. */
  readonly proposals: readonly Proposal[];
}

/**
 * One incident by its id, or by the end of it (`lms-unreachable.canvas`).
 * @throws InputError where the session knows of none
 */
export async function incidentDetails(lake: ActingLake, id: string): Promise<IncidentDetails> {
  const incident = await findIncident(lake, id);
  const mayAct = isOpen(incident) && lake.session.role === ADMINISTRATOR;
  const names = mayAct ? incident.repairs : [];
  return { incident, proposals: await Promise.all(names.map((name) => propose(lake, incident, name))) };
}

export interface Action {
  /** `run-again` needs a run besides: the entrance starts it once this has returned. */
  readonly repair: string;
  /** Whether it is done. Default: it is only said what would be done. */
  readonly confirm?: boolean;
  /** Who asks, for the audit trail in `ops.repairs`. Default: the session's principal. */
  readonly by?: string;
  /** Tells two asks apart; the same one again does nothing. Default: each is one of its own. */
  readonly key?: string;
}

export interface ActionOutcome {
  readonly proposal: Proposal;
  /** What was done. Absent: nothing, because it was not confirmed or was done already. */
  readonly attempt?: Attempt;
  /** Whether a run is needed now: for what it asks for, or because a run is all that was asked for. */
  readonly needsRun: boolean;
}

/**
 * Tries a repair on an incident, or says what it would do. A person may do what the lake does not do alone; one attempt
 * is one row of `ops.repairs`, and the next run shows whether it helped.
 * @throws InputError for an incident or a repair that there is not, one that is resolved, or a session that may not act;
 * RunLockedError while a run works on the lake
 *
 * @example
 * ```ts
 * import { type ActingLake, act } from './incidents.ts';
 *
 * async function confirmed(lake: ActingLake, id: string, ask: (text: string) => Promise<boolean>): Promise<void> {
 *   const { proposal } = await act(lake, id, { repair: 'new-snapshot' });
 *   if (await ask(proposal.text)) await act(lake, id, { repair: 'new-snapshot', confirm: true });
 * }
 * ```
 */
export async function act(
  lake: ActingLake,
  id: string,
  { repair, confirm = false, by, key: given }: Action,
): Promise<ActionOutcome> {
  mustAct(lake);
  const incident = await findIncident(lake, id);
  if (!isOpen(incident))
    throw new InputError(`Incident ${incident.id} is resolved.`, { hint: 'There is nothing to repair.' });
  const name = REPAIRS[repair as keyof typeof REPAIRS]?.name;
  if (name === undefined)
    throw new InputError(`There is no repair "${repair}"${didYouMean(repair, Object.keys(REPAIRS))}.`, {
      hint:
        incident.repairs.length > 0
          ? `for this incident: ${incident.repairs.join(', ')}`
          : 'the lake knows no repair of this cause; `lake incidents show` says what a person does',
    });
  const proposal = await propose(lake, incident, name);
  const needsRun = proposal.tables.length > 0;
  if (!confirm) return { proposal, needsRun };
  const { ledger, clock } = lake.platform;
  const lock = await ledger.lock('`lake incidents fix`');
  try {
    const who = by ?? lake.session.principal;
    const key = given ?? `${who}.${new Date(clock.now()).toISOString()}`;
    const done = await attempt(lake, incident, proposal, { by: who, key, automatic: false });
    if (done) await keepTried(lake, incident, [done]);
    return { proposal, ...(done ? { attempt: done } : {}), needsRun };
  } finally {
    await lock.release();
  }
}

/** Nobody is kept in the dark for longer. */
const LONGEST_SNOOZE_MS = 31 * 86_400_000;

/**
 * Has nobody told of an incident again until a moment: neither when it comes back nor in the daily line.
 * @param until epoch ms; one that was asked for before and is later stays
 * @throws InputError as `act` does, and for a moment that has passed or is more than 31 days away
 */
export async function snooze(
  lake: ActingLake,
  id: string,
  until: number,
  by = lake.session.principal,
): Promise<Incident> {
  mustAct(lake);
  const now = lake.platform.clock.now();
  if (!(until > now && until <= now + LONGEST_SNOOZE_MS))
    throw new InputError('An incident is snoozed until a moment within the next 31 days.', {
      hint: 'such as `--hours 24`',
    });
  const snoozed = { at: new Date(now).toISOString(), by, until: new Date(until).toISOString() };
  return changed(lake, id, (incident) =>
    incident.snoozed && Date.parse(incident.snoozed.until) >= until ? incident : { ...incident, snoozed },
  );
}

/**
 * Says that somebody looks after an incident; who has said so first stays.
 * @throws InputError as `act` does
 */
export async function acknowledge(
  lake: ActingLake,
  id: string,
  by = lake.session.principal,
): Promise<Incident> {
  mustAct(lake);
  const at = new Date(lake.platform.clock.now()).toISOString();
  return changed(lake, id, (incident) =>
    incident.state === 'acknowledged'
      ? incident
      : { ...incident, state: 'acknowledged', acknowledged: { at, by } },
  );
}

/**
 * Says that an incident is over. One that a run sees again within a week is reopened.
 * @param how what was done about it
 * @throws InputError as `act` does
 */
export async function resolve(
  lake: ActingLake,
  id: string,
  how: string,
  by = lake.session.principal,
): Promise<Incident> {
  mustAct(lake);
  const at = new Date(lake.platform.clock.now()).toISOString();
  return changed(lake, id, (incident) => resolvedBy(incident, { at, by, how }));
}

async function changed(
  lake: ActingLake,
  id: string,
  change: (incident: Incident) => Incident,
): Promise<Incident> {
  const { id: known } = await findIncident(lake, id);
  return changeIncidents(lake.platform.ledger, (incidents) => {
    const before = incidents.find((one) => one.id === known && isOpen(one));
    if (!before)
      throw new InputError(`Incident ${known} is resolved.`, {
        hint: '`lake incidents list` shows those that are open',
      });
    const after = change(before);
    return { incidents: incidents.map((one) => (one === before ? after : one)), result: after };
  });
}

function mustAct({ session }: Uses<'session'>): void {
  if (session.role === 'administrator') return;
  throw new InputError(`The role ${session.role} may look at incidents, and not act on them.`, {
    hint: 'Ask who operates the lake.',
  });
}

async function findIncident(lake: IncidentsLake, id: string): Promise<Incident> {
  const { ledger } = lake.platform;
  const isNamed = (one: Incident) => one.id === id || one.id.endsWith(`/${id}`);
  const recent = (await readIncidents(ledger)).filter(isNamed);
  const found = recent.length > 0 ? recent : (await allIncidents(ledger)).filter(isNamed);
  const shown = await visible(lake, found);
  const newest = shown.find(isOpen) ?? shown.at(-1);
  if (newest) return newest;
  const open = (await listIncidents(lake)).map((one) => one.id);
  throw new InputError(`There is no incident "${id}"${didYouMean(id, open)}.`, {
    hint: open.length > 0 ? '`lake incidents list` shows those that are open' : 'none is open',
  });
}

/** Of a role: the incidents of tables that it may know, with these tables alone; texts can name others. */
async function visible(lake: IncidentsLake, incidents: readonly Incident[]): Promise<Incident[]> {
  if (lake.session.role === ADMINISTRATOR) return [...incidents];
  const isKnown = await knownTables(lake);
  return incidents
    .filter(({ scope }) => scope.kind !== 'table' || isKnown(scope.name))
    .filter(({ tables, affected }) => [...tables, ...affected].some(isKnown))
    .map(({ hint: _hint, ...incident }) => ({
      ...incident,
      tables: incident.tables.filter(isKnown),
      affected: incident.affected.filter(isKnown),
      evidence: incident.evidence.filter(({ about }) => isKnown(about)),
      consequences: incident.consequences
        .map(({ cause, tables }) => ({ cause, tables: tables.filter(isKnown) }))
        .filter(({ tables }) => tables.length > 0),
      tried: [],
    }));
}
