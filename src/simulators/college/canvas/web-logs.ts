import { groupBy } from '../group-by.ts';
import { type LivingTable, shapeOf } from '../history.ts';
import type { Enrolment } from '../model/enrolments.ts';
import { silences } from '../model/silence.ts';
import type { Submission } from '../model/submissions.ts';
import { TERMS, type Term } from '../model/terms.ts';
import type { World } from '../model/world.ts';
import { hash, Random } from '../random.ts';
import { type Request, requestRow, WEB_LOG_COLUMNS } from './web-requests.ts';

/** Sessions a day in one course, Sunday first: people work on Sundays and Mondays, and rest on Saturdays. */
const WEEK_RHYTHM = [0.42, 0.4, 0.34, 0.34, 0.28, 0.16, 0.16];
/** Share of sessions that begin in each hour of the day. */
const DAY_RHYTHM = [2, 1, 0, 0, 0, 1, 2, 3, 5, 6, 7, 6, 6, 6, 6, 5, 5, 5, 6, 8, 9, 8, 6, 3];
const CACHED_DAYS = 3;
/** Named streams, hashed once: these are drawn from for every student and day. */
const VIEWS = hash('views');

/**
 * Page views. One day is made alone, from the seed and its date, when it is asked for; a few days are kept, since
 * a day is mostly asked for more than once. A reader from the beginning of time makes every day: ask for the
 * last 30 days, which is all that Canvas keeps.
 */
export function webLogTable(world: World): LivingTable {
  const cache = new Map<number, Request[]>();
  const byTerm = groupBy(world.enrolments, ({ term }) => term);
  let silentAt: Map<Enrolment, number> | undefined;
  let handIns: Map<number, Submission[]> | undefined;
  const terms = TERMS.filter((term) => world.calendar.midnight(term.firstDay - 7) < world.closes);
  const requestsOf = (day: number): Request[] => {
    const known = cache.get(day);
    if (known) return known;
    silentAt ??= silences(world.enrolments, world.submissions, (d, minutes) => world.calendar.at(d, minutes));
    handIns ??= groupBy(
      world.submissions.filter((submission) => submission.handedInAt !== undefined),
      (submission) => world.calendar.dayOf(submission.handedInAt!),
    );
    const term = terms.find((candidate) => isDayOf(candidate, day));
    const requests = term ? views(world, day, byTerm.get(term) ?? [], silentAt) : [];
    for (const submission of handIns.get(day) ?? []) requests.push(handInRequest(submission));
    requests.sort((a, b) => a.at - b.at);
    cache.set(day, requests);
    if (cache.size > CACHED_DAYS) cache.delete(cache.keys().next().value!);
    return requests;
  };
  return {
    ...shapeOf('canvas_logs', 'web_logs', WEB_LOG_COLUMNS),
    *changesBetween(after, upTo) {
      const first = Math.max(world.calendar.dayOf(Math.max(after, world.opens)), TERMS[0]!.firstDay - 7);
      const last = world.calendar.dayOf(Math.max(world.opens, Math.min(upTo, world.closes)));
      for (let day = first; day <= last; day += 1) {
        const requests = requestsOf(day);
        for (let i = 0; i < requests.length; i += 1) {
          const request = requests[i]!;
          if (request.at <= after || request.at > upTo) continue;
          yield { at: request.at, op: 'U', row: requestRow(world, request, day, i) };
        }
      }
    },
  };
}

function isDayOf(term: Term, day: number): boolean {
  return day >= term.firstDay - 7 && day <= term.lastDay + 5;
}

function views(
  world: World,
  day: number,
  enrolments: readonly Enrolment[],
  silentAt: ReadonlyMap<Enrolment, number>,
): Request[] {
  const requests: Request[] = [];
  const start = world.calendar.midnight(day);
  const weekday = new Date(day * 86_400_000).getUTCDay();
  for (const enrolment of enrolments) {
    if (enrolment.canvasAt > start || enrolment.section.shell.opensAt > start) continue;
    if ((enrolment.canvasLeftAt ?? Number.POSITIVE_INFINITY) <= start) continue;
    const random = new Random(world.seed, VIEWS, enrolment.n, day);
    const silent = silentAt.get(enrolment)! <= start;
    const rate = WEEK_RHYTHM[weekday]! * Math.exp(0.35 * enrolment.student.strength) * (silent ? 0.02 : 1);
    if (!random.chance(Math.min(rate, 0.95))) continue;
    let at = world.calendar.at(day, drawHour(random) * 60 + random.int(60));
    const length = random.between(1, 3);
    const end = world.calendar.midnight(day + 1) - 1000;
    for (let i = 0; i < length; i += 1) {
      requests.push({ at: Math.min(at, end), enrolment, kind: random.int(10), submission: undefined });
      at += random.between(5, 400) * 1000;
    }
  }
  return requests;
}

function handInRequest(submission: Submission): Request {
  return { at: submission.handedInAt!, enrolment: submission.enrolment, kind: 99, submission };
}

const HOURS = DAY_RHYTHM.flatMap((weight, hour) => Array.from({ length: weight }, () => hour));

function drawHour(random: Random): number {
  return random.pick(HOURS);
}
