import type { Diagnosed } from './from-finding.ts';
import { type Incident, isOpen } from './incident.ts';

/** A cause that comes back so soon after it was resolved is the same incident. */
export const REOPENS_WITHIN_MS = 7 * 86_400_000;

/** What a run has made of the incidents. */
export interface FollowedUp {
  /** All that are kept, the changed ones as they are now. */
  readonly incidents: readonly Incident[];
  readonly opened: readonly Incident[];
  readonly reopened: readonly Incident[];
  readonly seenAgain: readonly Incident[];
  readonly resolved: readonly Incident[];
}

/**
 * The incidents after a run, from those before it and what it has found. One that was not seen is resolved, unless
 * something wider hides it: while a source is down, nobody knows of its tables.
 * @param now epoch ms
 */
export function followUp(
  before: readonly Incident[],
  found: readonly Diagnosed[],
  run: string,
  now: number,
): FollowedUp {
  const at = new Date(now).toISOString();
  const recent = before.filter(
    ({ resolved }) => !resolved || now - Date.parse(resolved.at) < REOPENS_WITHIN_MS,
  );
  const opened: Incident[] = [];
  const reopened: Incident[] = [];
  const seenAgain: Incident[] = [];
  const known = new Map<string, Incident>();
  // The newest of one key is the one that comes back.
  for (const incident of recent) known.set(incident.key, incident);
  for (const one of found) {
    const { at: _since, ...diagnosis } = one;
    const earlier = known.get(one.key);
    if (!earlier) opened.push(openedBy(one, run, at));
    else if (earlier.lastSeenIn === run && isOpen(earlier)) seenAgain.push({ ...earlier, ...diagnosis });
    else {
      const seen = { ...earlier, ...diagnosis, lastSeenAt: at, lastSeenIn: run, runs: earlier.runs + 1 };
      if (isOpen(earlier)) seenAgain.push(seen);
      else {
        const { resolved: _over, ...open } = seen;
        reopened.push({ ...open, state: 'reopened', reopened: earlier.reopened + 1 });
      }
    }
  }
  const keys = new Set(found.map(({ key }) => key));
  const resolved = recent
    .filter((incident) => isOpen(incident) && !keys.has(incident.key) && !isHidden(incident, found))
    .map(
      (incident): Incident =>
        resolvedBy(incident, { at, by: 'the lake', how: `run ${run} shows that it is over` }),
    );
  const changed = [...seenAgain, ...reopened, ...resolved];
  const incidents = [
    ...recent.map((incident) => changed.find(({ id }) => id === incident.id) ?? incident),
    ...opened,
  ];
  return { incidents, opened, reopened, seenAgain, resolved };
}

export const resolvedBy = (incident: Incident, resolved: NonNullable<Incident['resolved']>): Incident => ({
  ...incident,
  state: 'resolved',
  resolved,
});

function openedBy({ at: since, ...diagnosis }: Diagnosed, run: string, at: string): Incident {
  return {
    ...diagnosis,
    id: `${run}/${diagnosis.key.replaceAll('|', '.')}`,
    state: 'new',
    openedAt: since,
    lastSeenAt: at,
    lastSeenIn: run,
    runs: 1,
    reopened: 0,
    tried: [],
  };
}

/** Whether something found now keeps anybody from seeing whether an incident is over. */
function isHidden({ scope, tables }: Incident, found: readonly Diagnosed[]): boolean {
  return found.some((other) => {
    if (other.scope.kind === 'lake') return true;
    if (scope.kind === 'lake') return false;
    const hidden = new Set([...other.tables, ...other.affected]);
    if (scope.kind === 'source' && other.scope.kind === 'source')
      return (
        other.scope.name === scope.name && tables.length > 0 && tables.every((table) => hidden.has(table))
      );
    return tables.length > 0 && tables.every((table) => hidden.has(table));
  });
}
