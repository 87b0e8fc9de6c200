import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { LmsAuthenticationError, LmsNotFoundError, LmsUnreachableError } from '../../../src/lms/errors.ts';
import type { LmsCompleteJob, LmsFile } from '../../../src/ports/lms-source.ts';
import type { Endpoint } from '../../../src/simulators/canvas/call.ts';
import { CANVAS_LIMITS } from '../../../src/simulators/canvas/limits.ts';
import { type CanvasSimulator, startCanvasSimulator } from '../../../src/simulators/canvas/server.ts';
import { VirtualClock } from '../../../src/simulators/virtual-clock.ts';
import { JumpingClock, openTestLake, type TestLake } from '../harness.ts';
import { DAY_MS, smallCollege } from '../small-college.ts';

const college = smallCollege();
const opened: { close(): Promise<void> }[] = [];
const submissions = { namespace: 'canvas', table: 'submissions', format: 'jsonl' } as const;

async function prepare(
  options: Partial<Parameters<typeof startCanvasSimulator>[0]> = {},
  lakeOptions: Partial<Parameters<typeof openTestLake>[0]> = {},
) {
  const world = new VirtualClock(college.opens + 10 * DAY_MS);
  const clock = new JumpingClock((ms) => world.advance(ms));
  const sim = await startCanvasSimulator({
    college,
    clock: world,
    limitClock: clock,
    rowsPerFile: 2,
    ...options,
  });
  const test = await openTestLake({ datasets: [], canvas: sim, clock, ...lakeOptions });
  opened.push({ close: () => sim.stop() }, test);
  return { sim, world, clock, test, source: test.lake.lms('canvas') };
}

const refusals = (test: TestLake) => test.notes.filter((note) => note.includes('too many requests'));
const strikes = (sim: CanvasSimulator, endpoint: string) =>
  sim.faults.struck.filter((s) => s.endpoint === endpoint).length;
/** Counts the calls of a door without changing an answer. */
const count = (sim: CanvasSimulator, endpoint: Endpoint) =>
  sim.faults.add({ what: 'slow-answer', seconds: 0, when: { endpoint, times: null } });

/** Lets no time pass while a call is on its way: the server would count it in another minute than the client. */
function countAtOneTime({ sim, test, clock }: Awaited<ReturnType<typeof prepare>>): void {
  for (const endpoint of ['list', 'create-job'] as const) count(sim, endpoint);
  clock.mayJump = () => strikes(sim, 'list') + strikes(sim, 'create-job') >= test.granted();
}

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

describe('the Canvas source', () => {
  it('lists tables and tells their schemas in the types of the lake', async () => {
    const { source } = await prepare();

    expect(await source.list('canvas')).toContain('submissions');
    const { version, columns } = await source.schema(submissions);
    expect(version).toBe(1);
    expect(columns[0]).toMatchObject({ name: 'id', section: 'key', type: 'bigint', nullable: false });
    expect(columns.find((c) => c.name === 'score')).toMatchObject({ section: 'value', type: 'double' });
  });

  it('goes by the clock of the server', async () => {
    const { source, world } = await prepare();

    await source.list('canvas');

    expect(Math.abs(source.now() - world.now())).toBeLessThan(5000);
  });

  it('keeps within the limits of the server, so that it is never refused', async () => {
    const world = await prepare({ limits: CANVAS_LIMITS }, { jobsPerMinute: 5 });
    const { source, test, clock } = world;
    countAtOneTime(world);
    const started = clock.now();

    const tables = (await source.list('canvas')).slice(0, 23);
    await Promise.all(tables.map((table) => source.start({ ...submissions, table })));
    await Promise.all([...Array(12)].map(() => source.list('canvas')));

    expect(refusals(test)).toEqual([]);
    expect(clock.now() - started).toBeGreaterThanOrEqual(4 * 60_000);
  });

  it('starts the most wanted tables first when a limit makes them wait', async () => {
    const world = await prepare({ limits: CANVAS_LIMITS }, { jobsPerMinute: 2 });
    const { source } = world;
    countAtOneTime(world);
    const tables = (await source.list('canvas')).slice(0, 8);
    const order: number[] = [];

    await Promise.all(
      tables.map((table, i) =>
        source.start({ ...submissions, table, priority: i }).then(() => order.push(Math.floor(i / 2))),
      ),
    );

    expect(order).toEqual([3, 3, 2, 2, 1, 1, 0, 0]);
  });

  it('lets everybody wait as long as a refusal asks', async () => {
    const { source, sim, test, clock } = await prepare();
    sim.faults.add({ what: 'rate-limited', seconds: 40, when: { endpoint: 'get-job' } });
    const { id } = await source.start(submissions);
    const before = clock.now();

    await Promise.all([source.poll(id), source.poll(id), source.poll(id)]);

    expect(refusals(test)).toEqual(['canvas: too many requests: the source asks to wait 40 s']);
    expect(clock.now() - before).toBeGreaterThanOrEqual(40_000);
  });

  it('logs in once however many calls wait for it, and again before the token ends', async () => {
    const { source, sim, clock } = await prepare({ tokenSeconds: 600 });
    count(sim, 'login');

    await Promise.all([...Array(20)].map(() => source.schema(submissions)));
    expect(strikes(sim, 'login')).toBe(1);

    await clock.sleep(470_000);
    await source.schema(submissions);
    expect(strikes(sim, 'login')).toBe(1);

    await clock.sleep(15_000);
    await Promise.all([source.schema(submissions), source.schema(submissions)]);
    expect(strikes(sim, 'login')).toBe(2);
  });

  it('signs addresses many at a time, and again when they have aged', async () => {
    const { source, sim, world } = await prepare();
    count(sim, 'object-url');
    const job = (await source.start(submissions)) as LmsCompleteJob;
    expect(job.objects.length).toBeGreaterThan(55);
    const seen = new Set<string>();

    await source.files(job, async (file) => {
      if (seen.size === 10) world.advance(20 * 60_000);
      seen.add(file.id);
      await text(file.body);
    });

    expect([...seen].sort()).toEqual([...job.objects].sort());
    // Two batches; and one for every address, at most, that had aged unseen.
    expect(strikes(sim, 'object-url')).toBeLessThan(job.objects.length / 1.2);
  });

  it('hands out every file once, with its length', async () => {
    const { source } = await prepare();
    const job = (await source.start({ ...submissions, format: 'parquet' })) as LmsCompleteJob;
    const names: string[] = [];
    const lengths: [number | undefined, number][] = [];

    await source.files(job, async (file) => {
      names.push(file.id);
      lengths.push([file.bytes, (await text(file.body.setEncoding('latin1'))).length]);
    });

    expect(new Set(names).size).toBe(job.objects.length);
    expect(lengths.every(([said, came]) => said === came)).toBe(true);
  });

  it('stops a transfer when its reader fails, and does not try again what is no fault of the source', async () => {
    const { source } = await prepare();
    const job = (await source.start(submissions)) as LmsCompleteJob;
    let reads = 0;

    const files = source.files(job, async () => {
      reads += 1;
      throw new Error('disk full');
    });

    await expect(files).rejects.toThrow('disk full');
    expect(reads).toBeLessThanOrEqual(4);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const { source } = await prepare();
    const job = (await source.start(submissions)) as LmsCompleteJob;

    const files = source.files(
      job,
      async (file) => {
        stop.abort(new Error('stopped by a person'));
        await text(file.body);
      },
      { signal: stop.signal },
    );

    await expect(files).rejects.toThrow('stopped by a person');
  });
});

describe('an error of the Canvas source', () => {
  it('says what was being done to which table, and what to do', async () => {
    const { source } = await prepare();

    const error: Error = await source.start({ ...submissions, table: 'nothing' }).then(
      () => Error(),
      (e) => e,
    );

    expect(error).toBeInstanceOf(LmsNotFoundError);
    expect(error.message).toMatch(
      /^Asking for a snapshot of canvas.nothing failed: HTTP 404, ObjectNotFound.*uuid/,
    );
    expect(error).toHaveProperty('hint', expect.stringContaining('lake discover'));
  });

  it('says on the second break what is wrong with a store, once, and not only when it gives up', async () => {
    const { sim, source, test } = await prepare({ rowsPerFile: 30 });
    const job = (await source.start(submissions)) as LmsCompleteJob;
    const read = async (file: LmsFile) => void (await text(file.body));
    sim.faults.add({ what: 'file-cut' });
    await source.files(job, read);
    expect(test.notes).toEqual([]);

    sim.faults.add({ what: 'file-cut', when: { times: null } });
    const breaks = strikes(sim, 'file');
    let toldAfter: number | undefined;
    const told = test.notes.push.bind(test.notes);
    test.notes.push = (...notes) => {
      toldAfter ??= strikes(sim, 'file') - breaks;
      return told(...notes);
    };
    await expect(source.files(job, read)).rejects.toThrow('It was tried 9 times.');

    expect([...test.notes]).toEqual([
      expect.stringMatching(
        /^canvas: Fetching file \d+ of \d+ of canvas\.submissions broke after .*; it is tried again for some minutes/,
      ),
    ]);
    expect(test.notes.join()).not.toContain('X-Amz-Signature');
    // Four files at once: the first of them that breaks a second time is told.
    expect(toldAfter).toBeLessThan(12);
  });

  it('never holds the secret, the token or a signed address', async () => {
    const { sim } = await prepare();
    const wrong = { url: sim.url, clientId: 'wrong-id', clientSecret: 'wrong-secret-12345' };
    const refused = await prepare({}, { canvas: wrong });
    const unreachable = await prepare({}, { canvas: { ...wrong, url: 'http://127.0.0.1:9' } });
    const broken = await prepare();
    broken.sim.faults.add({ what: 'file-cut', when: { times: null } });
    const job = (await broken.source.start(submissions)) as LmsCompleteJob;

    const errors = await Promise.all([
      refused.source.list('canvas').catch((e: unknown) => e),
      unreachable.source.list('canvas').catch((e: unknown) => e),
      broken.source.files(job, async (file) => void (await text(file.body))).catch((e: unknown) => e),
    ]);

    expect(errors[0]).toBeInstanceOf(LmsAuthenticationError);
    expect(errors[0]).toHaveProperty('hint', expect.stringContaining('clientSecret'));
    expect(errors[1]).toBeInstanceOf(LmsUnreachableError);
    expect((errors[1] as Error).message).toContain('ECONNREFUSED');
    expect((errors[2] as Error).message).toMatch(
      /Fetching file \d+ of \d+ of canvas.submissions broke after \d+ of \d+ bytes/,
    );
    const everything = inspect(errors, { depth: 20, showHidden: true });
    const basic = Buffer.from('wrong-id:wrong-secret-12345').toString('base64');
    for (const secret of ['wrong-secret', basic, 'Bearer', 'X-Amz-Signature', sim.clientSecret]) {
      expect(everything).not.toContain(secret);
    }
  });
});
