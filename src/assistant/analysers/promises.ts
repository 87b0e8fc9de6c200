import { type Analyser, analysis, evidenceOf } from '../analysis.ts';
import { LAKE } from '../lineage.ts';

/** Service levels whose alerts fired in the runs that are looked at. Says how it shows, and only of the lake as a whole. */
export const promises: Analyser = {
  name: 'promises',
  run({ levels }, { runs, tables, sources, incident }) {
    const ofRuns = levels.filter(({ run }) => runs.includes(run));
    const isWhole = tables.length === 0 && sources.length === 0 && incident === undefined;
    const firing = isWhole ? ofRuns.filter((one) => one.firing > 0) : [];
    return analysis(
      'promises',
      ofRuns.length > 0,
      firing.map(({ id, objective, at }) => ({
        reason: 'promise-at-risk',
        component: LAKE,
        time: at,
        confidence: 0.25,
        text: `The service level ${objective} is at risk.`,
        evidence: [evidenceOf('service_levels', id, at, `${objective} fires`)],
        isSymptom: true,
      })),
      'No service level that concerns it is at risk.',
    );
  },
};
