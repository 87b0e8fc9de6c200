import { type Analyser, analysis, evidenceOf } from '../analysis.ts';
import { reaches } from '../lineage.ts';

/** The cause that each kind of check shows, by the id of its rule. */
const CAUSES: Readonly<Record<string, string>> = {
  not_emptied: 'table-emptied',
  unique: 'rows-doubled',
  reconciliation: 'rows-differ',
};

/** Checks that did not pass in the runs that are looked at. */
export const checks: Analyser = {
  name: 'checks',
  run(facts, { runs, tables, sources }) {
    const ofRuns = facts.checks.filter(({ run }) => runs.includes(run));
    const concerned = ofRuns.filter(({ table: checked }) =>
      tables.length > 0
        ? tables.some((table) => reaches(facts, checked, table))
        : sources.length === 0 || sources.includes(facts.tables.get(checked)?.source ?? ''),
    );
    return analysis(
      'checks',
      ofRuns.length > 0,
      concerned.map(({ id, table, check, failing, at, severity }) => ({
        reason: CAUSES[check.split(/[ (:]/)[0]!] ?? 'rows-break-rule',
        component: table,
        time: at,
        confidence: severity === 'warn' ? 0.35 : 0.7,
        text: `Check ${check} of ${table} fails for ${failing} ${failing === 1 ? 'row' : 'rows'}.`,
        evidence: [evidenceOf('checks', id, at, `${check} of ${table}: ${failing} failing`)],
      })),
      'Every check of it passed.',
    );
  },
};
