import { type Analyser, analysis, type Candidate, evidenceOf } from '../analysis.ts';
import type { IncidentFact } from '../facts.ts';
import { LAKE, reaches } from '../lineage.ts';

/** So many signals of an incident are shown. */
const SHOWN = 5;

/** Incidents that the lake has diagnosed: open at the time that is asked about, or seen in the runs that are looked at. */
export const incidents: Analyser = {
  name: 'incidents',
  run(facts, about) {
    const concerned = facts.incidents.filter((incident) => {
      if (about.incident !== undefined) return incident.id === about.incident;
      const { tables, affected, scope } = incident;
      const component = componentOf(incident);
      if (about.tables.length > 0)
        return about.tables.some(
          (table) => [...tables, ...affected].includes(table) || reaches(facts, component, table),
        );
      if (about.sources.length > 0)
        return (
          about.sources.includes(scope.name) ||
          scope.kind === 'lake' ||
          tables.some((table) => about.sources.includes(facts.tables.get(table)?.source ?? ''))
        );
      return true;
    });
    const seen = concerned.filter((incident) => about.incident !== undefined || isOfThen(incident));
    return analysis(
      'incidents',
      facts.incidents.length > 0,
      seen.map(candidateOf),
      'No incident of that time concerns it.',
    );

    function isOfThen({ openedAt, resolvedAt, lastSeenIn }: IncidentFact): boolean {
      const isOpen = openedAt <= facts.at && (resolvedAt === undefined || resolvedAt > facts.at);
      return isOpen || about.runs.includes(lastSeenIn) || about.runs.some((run) => wasOpenIn(run));
      function wasOpenIn(run: string): boolean {
        const ended = facts.runs.find(({ id }) => id === run)?.endedAt ?? '';
        return openedAt <= ended && (resolvedAt === undefined || resolvedAt > ended);
      }
    }
  },
};

export const componentOf = ({ scope }: IncidentFact): string => (scope.kind === 'lake' ? LAKE : scope.name);

function candidateOf(incident: IncidentFact): Candidate {
  const { id, cause, title, openedAt, confidence, signals, state } = incident;
  return {
    reason: cause,
    component: componentOf(incident),
    time: openedAt,
    // The lake has looked at all of it at the end of the run, with rules that are tried on planted causes.
    confidence: 1 - (1 - confidence) * 0.7,
    text: `${title}.`,
    evidence: [
      evidenceOf('incidents', id, openedAt, `${title} (${state})`),
      ...signals.slice(0, SHOWN).map((signal) => evidenceOf('signals', signal.id, signal.at, signal.message)),
    ],
    ...(SYMPTOMS.includes(cause) ? { isSymptom: true } : {}),
  };
}

/** Ids of rules that say how something shows. */
const SYMPTOMS = ['data-late', 'model-waits', 'promise-at-risk'];
