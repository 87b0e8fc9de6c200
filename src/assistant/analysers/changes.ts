import { type Analyser, analysis, evidenceOf } from '../analysis.ts';
import { reaches } from '../lineage.ts';

/** A new column breaks nothing. */
const BREAKING = ['vanished', 'retyped', 'renamed', 'rekeyed', 'read-column-gone'];

/** Columns that changed at the source in the runs that are looked at. */
export const changes: Analyser = {
  name: 'schema changes',
  run(facts, { runs, tables, sources }) {
    const ofRuns = facts.changes.filter(({ run }) => runs.includes(run));
    const concerned = ofRuns
      .filter(({ change }) => BREAKING.includes(change))
      .filter(({ dataset }) =>
        tables.length > 0
          ? tables.some((table) => reaches(facts, dataset, table))
          : sources.length === 0 || sources.includes(facts.tables.get(dataset)?.source ?? ''),
      );
    const datasets = [...new Set(concerned.map(({ dataset }) => dataset))];
    return analysis(
      'schema changes',
      ofRuns.length > 0,
      datasets.map((dataset) => {
        const of = concerned.filter((one) => one.dataset === dataset);
        const words = of.map(({ column, change }) => `${column} (${change})`).join(', ');
        return {
          reason: 'schema-changed',
          component: dataset,
          time: of[0]!.at,
          confidence: 0.8,
          text: `Columns of ${dataset} changed at the source: ${words}.`,
          evidence: of.map(({ id, at, column, change }) =>
            evidenceOf('schema_changes', id, at, `${dataset}.${column} ${change}`),
          ),
        };
      }),
      'No column changed at the source in a way that breaks something.',
    );
  },
};
