import { type Analyser, analysis, type Candidate, evidenceOf, median } from '../analysis.ts';
import type { Facts, LoadFact } from '../facts.ts';
import { reaches } from '../lineage.ts';

/** A load is compared with so many before it at least. */
const COMPARED = 4;
const WEEK = 7;

/** Loads of an unusual size, and loads that came twice in one run. */
export const volumes: Analyser = {
  name: 'volumes',
  run(facts, { runs, tables, sources }) {
    const concerned = facts.loads.filter(
      ({ run, dataset }) =>
        runs.includes(run) &&
        (tables.length > 0
          ? tables.some((table) => reaches(facts, dataset, table))
          : sources.length === 0 || sources.includes(facts.tables.get(dataset)?.source ?? '')),
    );
    const twice = concerned.flatMap((load) => repeated(load, concerned));
    const unusual = concerned.flatMap((load) => unusualLoad(facts, load, runs));
    return analysis(
      'volumes',
      concerned.length > 0,
      [...twice, ...unusual],
      'Every load of it has its usual size.',
    );
  },
};

/** The same rows of the same watermark twice in a run. */
function repeated(load: LoadFact, all: readonly LoadFact[]): Candidate[] {
  const first = all.find(
    (other) =>
      other.run === load.run &&
      other.dataset === load.dataset &&
      other.watermark === load.watermark &&
      other.rows === load.rows,
  );
  if (first === undefined || first === load || (load.rows ?? 0) === 0) return [];
  return [
    {
      reason: 'load-repeated',
      component: load.dataset,
      time: load.committedAt,
      confidence: 0.85,
      text: `${load.dataset} was loaded twice with the same ${load.rows} rows.`,
      evidence: [first, load].map((one) =>
        evidenceOf('loads', one.id, one.committedAt, `${one.dataset}: ${one.rows} rows, ${one.kind}`),
      ),
    },
  ];
}

function unusualLoad({ loads }: Facts, load: LoadFact, focus: readonly string[]): Candidate[] {
  const { dataset, kind, rows, committedAt } = load;
  if (rows === undefined) return [];
  const before = loads.filter(
    (one) =>
      one.dataset === dataset &&
      one.kind === kind &&
      one.rows !== undefined &&
      one.committedAt < committedAt &&
      !focus.includes(one.run),
  );
  const sameDay = before.filter((one) => days(committedAt) % WEEK === days(one.committedAt) % WEEK);
  const others = kind !== 'snapshot' && sameDay.length >= COMPARED ? sameDay : before;
  if (others.length < COMPARED) return [];
  const usual = median(others.map((one) => one.rows!))!;
  const [least, most] = kind === 'snapshot' ? [usual * (2 / 3), usual * 1.5] : [usual / 3, usual * 3];
  if (usual < (kind === 'snapshot' ? 5 : 20) || (rows > least && rows < most)) return [];
  return [
    {
      reason: 'volume-unusual',
      component: dataset,
      time: committedAt,
      confidence: rows === 0 ? 0.8 : 0.65,
      text: `${dataset} came with ${rows} rows; ${usual} are usual.`,
      evidence: [
        evidenceOf('loads', load.id, committedAt, `${dataset}: ${rows} rows, ${kind}`),
        ...others
          .slice(-2)
          .map((one) =>
            evidenceOf('loads', one.id, one.committedAt, `${dataset}: ${one.rows} rows, ${kind}`),
          ),
      ],
    },
  ];
}

const days = (instant: string): number => Math.floor(Date.parse(instant) / 86_400_000);
