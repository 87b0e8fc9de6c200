import { Temporal } from 'temporal-polyfill';
import { type Analyser, analysis, type Candidate, evidenceOf, median } from '../analysis.ts';
import type { Facts } from '../facts.ts';
import { LAKE } from '../lineage.ts';

const HOUR = 3_600_000;
/** A run that begins so long after its time has not come. */
const PATIENCE = 2 * HOUR;
const COMPARED = 3;

/** Runs that did not come, were killed, or do not end. */
export const runs: Analyser = {
  name: 'runs',
  run(facts, { incident, runs: focus }) {
    const found: Candidate[] = [];
    const newest = facts.runs.at(-1);
    if (newest && incident === undefined && isNightly(facts)) {
      const expected = lastExpected(facts);
      const at = new Date(expected).toISOString();
      if (Date.parse(newest.startedAt) < expected - HOUR && Date.parse(facts.at) > expected + PATIENCE)
        found.push({
          reason: 'run-missing',
          component: LAKE,
          time: at,
          confidence: 0.85,
          text: `No run has begun since ${newest.startedAt}; one was to begin at ${at}.`,
          evidence: [evidenceOf('runs', newest.id, newest.startedAt, `the newest run, ${newest.status}`)],
        });
    }
    for (const run of facts.runs.filter(({ id }) => focus.includes(id))) {
      if (run.status === 'unfinished')
        found.push({
          reason: 'run-interrupted',
          component: LAKE,
          time: run.startedAt,
          confidence: 0.8,
          text: `Run ${run.id} was begun and did not end.`,
          evidence: [evidenceOf('runs', run.id, run.startedAt, 'begun, and not ended')],
        });
      const usual = median(
        facts.runs.flatMap(({ id, startedAt, endedAt }) =>
          endedAt === undefined || focus.includes(id) ? [] : [Date.parse(endedAt) - Date.parse(startedAt)],
        ),
      );
      const going = Date.parse(facts.at) - Date.parse(run.startedAt);
      if (run.status === 'running' && usual !== undefined && going > Math.max(3 * usual, HOUR))
        found.push({
          reason: 'run-hangs',
          component: LAKE,
          time: run.startedAt,
          confidence: 0.75,
          text: `Run ${run.id} is going for ${Math.round(going / 60_000)} min; ${Math.round(usual / 60_000)} min are usual.`,
          evidence: [evidenceOf('runs', run.id, run.startedAt, 'running')],
        });
    }
    return analysis('runs', facts.runs.length > 0, found, 'Every run came and ended.');
  },
};

/** Whether runs come by the schedule: a lake that is run by hand has none that are missing. */
function isNightly(facts: Facts): boolean {
  const on = facts.runs.filter(({ startedAt }) => {
    const at = Date.parse(startedAt);
    const planned = expectedBefore(facts, at + HOUR);
    return Math.abs(at - planned) < HOUR;
  });
  return on.length >= COMPARED && on.length >= facts.runs.length / 2;
}

const lastExpected = (facts: Facts): number => expectedBefore(facts, Date.parse(facts.at));

/** The last time before an instant at which a run was to begin, by the campus's clock. */
function expectedBefore({ schedule }: Facts, at: number): number {
  const now = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(schedule.zone);
  const today = now.toPlainDate().toZonedDateTime({
    timeZone: schedule.zone,
    plainTime: Temporal.PlainTime.from(schedule.at),
  });
  return (today.epochMilliseconds <= at ? today : today.subtract({ days: 1 })).epochMilliseconds;
}
