import { type Analyser, analysis, type Candidate, evidenceOf, median } from '../analysis.ts';
import type { Facts, LoadFact } from '../facts.ts';
import { LAKE, reaches } from '../lineage.ts';

const MINUTE = 60_000;
/** Sources that lag by the same, to so much, share a clock. */
const SAME = 5 * MINUTE;
/** A source is further behind than it was by so much. */
const LAGS = 6 * 60 * MINUTE;
/** A source tells a time that has not come. */
const AHEAD = 5 * MINUTE;
const COMPARED = 3;

/** How far each source is behind the lake's clock, beside the runs before. */
export const clocks: Analyser = {
  name: 'clocks',
  run(facts, { runs, tables, sources }) {
    const sourceOf = (load: LoadFact) =>
      facts.tables.get(load.dataset)?.source || load.dataset.split('.')[0]!;
    const ofRuns = facts.loads.filter((load) => runs.includes(load.run) && lagOf(load) !== undefined);
    const names = [...new Set(ofRuns.map(sourceOf))];
    const shifts = names.flatMap((source) => {
      const shift = shiftOf(
        facts,
        ofRuns.filter((load) => sourceOf(load) === source),
        runs,
      );
      return shift ? [{ source, ...shift }] : [];
    });
    const [one, ...others] = shifts;
    const shared =
      one !== undefined &&
      others.length > 0 &&
      shifts.length === names.length &&
      Math.abs(one.by) > AHEAD &&
      others.every(({ by }) => Math.abs(by - one.by) <= SAME);
    const found: Candidate[] = shared
      ? [candidate('clock-differs', LAKE, one, `All sources differ from the lake's clock by the same`)]
      : shifts.flatMap((shift) => {
          if (shift.ahead > AHEAD && shift.by < -AHEAD)
            return [
              candidate(
                'clock-differs',
                shift.source,
                shift,
                `${shift.source} tells a time that has not come`,
              ),
            ];
          if (shift.by > LAGS)
            return [
              candidate('source-lags', shift.source, shift, `${shift.source} is further behind than usual`),
            ];
          return [];
        });
    const concerned = found.filter(({ component }) =>
      tables.length > 0
        ? tables.some((table) => reaches(facts, component, table))
        : sources.length === 0 || component === LAKE || sources.includes(component),
    );
    return analysis(
      'clocks',
      ofRuns.length > 0,
      concerned,
      'Its sources are as far behind the lake’s clock as usual.',
    );
  },
};

const lagOf = ({ watermark, startedAt, committedAt }: LoadFact): number | undefined =>
  watermark === undefined ? undefined : Date.parse(startedAt ?? committedAt) - Date.parse(watermark);

interface Shift {
  /** How much further behind it is than usual, ms. */
  readonly by: number;
  /** How far its time is ahead of the lake's. */
  readonly ahead: number;
  readonly load: LoadFact;
}

/** By the freshest table of the source, as the runs before have it. */
function shiftOf({ loads }: Facts, ofRuns: readonly LoadFact[], focus: readonly string[]): Shift | undefined {
  const [load] = [...ofRuns].sort((a, b) => lagOf(a)! - lagOf(b)!);
  if (!load) return undefined;
  const datasets = new Set(ofRuns.map(({ dataset }) => dataset));
  const before = new Map<string, number>();
  for (const one of loads) {
    const lag = lagOf(one);
    if (lag === undefined || focus.includes(one.run) || !datasets.has(one.dataset)) continue;
    before.set(one.run, Math.min(before.get(one.run) ?? Number.POSITIVE_INFINITY, lag));
  }
  if (before.size < COMPARED) return undefined;
  const usual = median([...before.values()])!;
  return { by: lagOf(load)! - usual, ahead: -lagOf(load)!, load };
}

const candidate = (reason: string, component: string, { by, load }: Shift, words: string): Candidate => ({
  reason,
  component,
  time: load.startedAt ?? load.committedAt,
  confidence: 0.75,
  text: `${words}: by ${Math.round(Math.abs(by) / MINUTE)} min.`,
  evidence: [
    evidenceOf('loads', load.id, load.committedAt, `${load.dataset} is known up to ${load.watermark}`),
  ],
});
