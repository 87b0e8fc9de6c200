import { type Analyser, analysis, type Candidate, evidenceOf } from '../analysis.ts';
import type { Facts, FailureFact } from '../facts.ts';
import { LAKE, reaches, tableOfItem } from '../lineage.ts';

/** Steps that failed in the runs that are looked at, those of one cause together. */
export const failures: Analyser = {
  name: 'failures',
  run(facts, { runs, tables, sources }) {
    const ofRuns = facts.failures.filter(({ run }) => runs.includes(run));
    const concerned = ofRuns.filter((one) => {
      const component = componentOf(facts, one);
      if (tables.length > 0) return tables.some((table) => reaches(facts, component, table));
      return sources.length === 0 || sources.includes(one.source) || component === LAKE;
    });
    const groups = new Map<string, FailureFact[]>();
    for (const one of concerned) {
      const key = `${one.code}|${componentOf(facts, one)}`;
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    return analysis(
      'failures',
      ofRuns.length > 0,
      [...groups.values()].map((group) => candidateOf(facts, group)),
      'No step failed that concerns it.',
    );
  },
};

function componentOf(facts: Facts, { reach, source, item }: FailureFact): string {
  if (reach === 'lake') return LAKE;
  if (reach === 'source' && source !== '') return source;
  return item === '' ? source || LAKE : tableOfItem(facts, item);
}

/** A model that waits tells how what it waits for shows. */
const FOLLOWS = ['model-build'];

function candidateOf(facts: Facts, group: readonly FailureFact[]): Candidate {
  const [first] = group;
  const component = componentOf(facts, first!);
  const times = group.length === 1 ? '' : ` (${group.length} times)`;
  return {
    reason: first!.code,
    component,
    time: first!.at,
    confidence: 0.75,
    text: `Step ${first!.step} failed with ${first!.code} for ${component}${times}.`,
    evidence: group.slice(0, 5).map(({ id, at, message }) => evidenceOf('steps', id, at, message)),
    ...(FOLLOWS.includes(first!.code) ? { isSymptom: true } : {}),
  };
}
