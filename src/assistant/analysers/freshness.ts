import { type Analyser, analysis, type Candidate, evidenceOf } from '../analysis.ts';
import type { Facts, TableFact } from '../facts.ts';
import { upstreamOf } from '../lineage.ts';

const BAD = ['stale', 'missing'];

/** Tables that are older than promised, and which of those that they are made of is the first. Says how it shows. */
export const freshness: Analyser = {
  name: 'freshness',
  run(facts, { tables, sources }) {
    const asked = [...facts.tables.values()].filter(({ table, source }) =>
      tables.length > 0
        ? tables.some((one) => upstreamOf(facts, one).has(table))
        : sources.length === 0 || sources.includes(source),
    );
    if (!facts.isNow) return analysis('freshness', false, [], 'How old it was then is not looked at.');
    const late = asked.filter(({ status }) => BAD.includes(status));
    const roots = late.filter(
      ({ table, reads }) =>
        !reads.some((read) => BAD.includes(facts.tables.get(read)?.status ?? '') && read !== table),
    );
    return analysis(
      'freshness',
      asked.some(({ asOf }) => asOf !== undefined),
      roots.slice(0, 5).map((one) => candidateOf(facts, one)),
      'It is as new as promised.',
    );
  },
};

function candidateOf(
  { loads, at }: Facts,
  { table, status, asOf, since, nextExpected }: TableFact,
): Candidate {
  const load = loads.filter(({ dataset }) => dataset === table).at(-1);
  return {
    reason: status === 'missing' ? 'data-missing' : 'data-late',
    component: table,
    time: since ?? nextExpected ?? asOf ?? at,
    confidence: 0.3,
    text:
      status === 'missing'
        ? `Nothing of ${table} is published.`
        : `${table} is known up to ${asOf}; newer rows were expected by ${nextExpected ?? since}.`,
    evidence: load
      ? [evidenceOf('loads', load.id, load.committedAt, `${table}: the newest load, ${load.rows ?? 0} rows`)]
      : [],
    isSymptom: true,
  };
}
