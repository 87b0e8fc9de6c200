import PQueue from 'p-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveriesOf } from '../../../src/simulators/canvas/live-events/deliveries.ts';
import { canvasEventsOf } from '../../../src/simulators/canvas/live-events/events.ts';
import { currentTermWeek, generateCollege } from '../../../src/simulators/college/generate.ts';
import { answer, publishedTables } from '../../end-to-end/small-campus.ts';
import { type Following, type LiveCampus, openLiveCampus } from './live-campus.ts';

const DAY = 86_400_000;
const HOUR = 3600_000;
const MINUTE = 60_000;
const STUDENTS = Number(process.env.LIVE_STUDENTS ?? 60);
const DAYS = Number(process.env.LIVE_DAYS ?? 7);

describe('A week of live events', () => {
  const start = currentTermWeek(8);
  const end = start + DAYS * DAY;
  const college = generateCollege({ students: STUDENTS, seed: 1 });
  const events = [...canvasEventsOf(college, start, end)];
  const { deliveries, lost, repeated } = deliveriesOf(events, {
    seed: 7,
    lost: 0.03,
    late: 0.1,
    repeated: 0.05,
  });
  const gone = new Set(lost);
  let campus: LiveCampus;
  let following: Following;
  beforeAll(async () => {
    campus = await openLiveCampus(college, start);
    const { record } = await campus.run();
    expect(record.status).toBe('succeeded');
    following = await campus.following();
  });
  afterAll(async () => {
    await following?.end();
    await campus?.close();
  });

  const post = (body: string) => fetch(following.url, { method: 'POST', body });
  const ask = (sql: string) => campus.look((platform) => answer(platform, sql));

  it('is taken as it comes: late, repeated, out of order, by keys that change', async () => {
    await campus.simulated.advanceTo(end);
    const queue = new PQueue({ concurrency: 16 });
    const statuses = new Map<number, number>();
    for (const [i, { event }] of deliveries.entries()) {
      if (i === Math.floor(deliveries.length / 2)) {
        await queue.onIdle();
        campus.signer.rotate();
      }
      void queue.add(async () => {
        const { status } = await post(campus.signer.sign(event.payload));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      });
    }
    await queue.onIdle();

    expect([...statuses]).toEqual([[204, deliveries.length]]);
    expect(campus.asked()).toBeLessThan(4);
    const good = campus.signer.sign(deliveries[0]!.event.payload);
    const none = `${good.split('.').slice(0, 2).join('.')}.AAAA`;
    expect((await post(none)).status).toBe(401);
    expect((await post(JSON.stringify(deliveries[0]!.event.payload))).status).toBe(401);
    expect((await post(campus.signer.sign({ nothing: true }))).status).toBe(400);
  });

  it('shows the newest of each thing', async () => {
    await following.round();
    const newest = new Map<string, string>();
    for (const event of events.filter((one) => !gone.has(one) && /^submission_/.test(one.name))) {
      const { submission_id, submitted_at, score } = event.payload.body;
      newest.set(
        String(submission_id),
        `${String(submission_id)}|${submitted_at === null ? '∅' : 'handed in'}|${score === null ? '∅' : Number(score)}`,
      );
    }
    const shown = await ask(
      `SELECT submission_id, CASE WHEN submitted_at IS NULL THEN NULL ELSE 'handed in' END, score FROM campus.live_submissions`,
    );
    expect(shown.map((row) => row.join('|')).sort()).toEqual([...newest.values()].sort());

    const count = (name: string) => events.filter((one) => one.name === name && !gone.has(one)).length;
    const counted = async (table: string) =>
      Number((await ask(`SELECT count(*) FROM campus.live_${table}`))[0]![0]);
    expect(await counted('grades')).toBe(count('grade_change'));
    expect(await counted('quizzes')).toBe(count('quiz_submitted'));
    expect(await counted('discussion')).toBe(count('discussion_entry_created'));
    const young = events.filter(
      (one) => one.name === 'asset_accessed' && !gone.has(one) && one.at > end - 48 * HOUR,
    );
    expect(await counted('assets_accessed')).toBe(young.length);
    const muted = events.filter(
      (one) => one.name === 'grade_change' && !gone.has(one) && one.payload.body.muted === true,
    );
    expect(muted.length).toBeGreaterThan(0);
    expect(await ask('SELECT count(*) FROM campus.live_grades WHERE is_muted')).toEqual([
      [`${muted.length}`],
    ]);
  });

  it('is overtaken by the load of the night, which counts what was lost', async () => {
    await following.end();
    await campus.simulated.advanceTo(end + 25 * MINUTE);
    const { record } = await campus.run();
    expect(record.status).toBe('succeeded');

    for (const table of ['submissions', 'grades', 'enrolments', 'quizzes', 'discussion'])
      expect([table, await ask(`SELECT count(*) FROM campus.live_${table}`)]).toEqual([table, [['0']]]);
    const truth = new Map<string, string>();
    const submissions = college.canvas.tables.find(({ name }) => name === 'submissions')!;
    for (const { row } of college.canvas.changes(
      submissions,
      Number.NEGATIVE_INFINITY,
      end + 25 * MINUTE,
      'newest',
    ))
      truth.set(String(row.id), `${row.id}|${row.score === null ? '∅' : Number(row.score)}`);
    const loaded = await ask('SELECT id, score FROM canvas.submissions');
    expect(loaded.map((row) => row.join('|')).sort()).toEqual([...truth.values()].sort());

    const rows = await campus.look((platform) => platform.ledger.rows('live_event_loss'));
    const kinds = new Map(rows.map((row) => [String(row.event), row]));
    expect([...kinds.keys()].sort()).toEqual(
      [
        'discussion_entry_created',
        'enrollment_created',
        'grade_change',
        'quiz_submitted',
        'submission_created',
      ].filter((kind) => kinds.has(kind)),
    );
    for (const [event, row] of kinds) {
      const [since, until] = [Date.parse(String(row.since)), Date.parse(String(row.until))];
      const within = (one: (typeof events)[number]) =>
        one.name === event && one.at > since && one.at <= until && isThere(one);
      expect([event, row.lost, row.expected, row.repeated]).toEqual([
        event,
        lost.filter(within).length,
        events.filter(within).length,
        repeated.filter(within).length,
      ]);
    }
    expect(rows.reduce((sum, row) => sum + Number(row.lost), 0)).toBeGreaterThan(0);
  });

  /** What was deleted for good cannot be missed. */
  const erased = new Set(
    [
      ...college.canvas.changes(
        college.canvas.tables.find(({ name }) => name === 'discussion_entries')!,
        start,
        end + 25 * MINUTE,
      ),
    ].flatMap(({ op, row }) => (op === 'D' ? [String(row.id)] : [])),
  );
  const isThere = ({ payload }: (typeof events)[number]) =>
    !erased.has(String(payload.body.discussion_entry_id));

  it('leaves nothing of people in the log that the catalog keeps out', async () => {
    const words = await campus.look(async ({ events: logs }) => {
      const log = await logs!.openReader('canvas');
      const { events: kept } = await log.read((await log.partitions())[0]!, undefined, 10_000);
      return kept.map(({ value }) => value).join('\n');
    });
    expect(words).toContain('submission_created');
    for (const secret of ['192.0.2.17', 'Mozilla', 'canvas.example.edu', 'What do you think', '<p>'])
      expect(words.includes(secret), secret).toBe(false);
    expect(Object.keys(await campus.look((platform) => publishedTables(platform)))).toContain(
      'campus.live_logins',
    );
  });
});
