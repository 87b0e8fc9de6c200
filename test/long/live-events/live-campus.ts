import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isMap, isSeq, parseDocument, stringify } from 'yaml';
import { PIPELINE } from '../../../src/access/authorize.ts';
import { loadCampus } from '../../../src/campus/load.ts';
import { FEATURES } from '../../../src/features.ts';
import { openEvents } from '../../../src/pipeline/event-bus.ts';
import { openLake } from '../../../src/pipeline/lake.ts';
import { type FollowEvent, follow } from '../../../src/pipeline/live/follow.ts';
import { runLake } from '../../../src/pipeline/run.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { openLocalPlatform } from '../../../src/platform/local/platform.ts';
import type { Platform } from '../../../src/ports/platform.ts';
import type { Lake } from '../../../src/ports/step.ts';
import { PayloadSigner } from '../../../src/simulators/canvas/live-events/signer.ts';
import type { College } from '../../../src/simulators/college/college.ts';
import { type SimulatedCampus, startSimulatedCampus } from '../../../src/simulators/simulated-campus.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const LOADED = new Set([
  'submissions',
  'enrollments',
  'quiz_submissions',
  'discussion_entries',
  'users',
  'courses',
  'course_sections',
  'assignments',
]);

/** A campus with a simulated Canvas that sends signed live events, by the clock of the simulation. */
export interface LiveCampus {
  readonly simulated: SimulatedCampus;
  readonly signer: PayloadSigner;
  /** How often the keys were asked for. */
  readonly asked: () => number;
  run(): ReturnType<typeof runLake>;
  /** Follows until `end` is called. */
  following(): Promise<Following>;
  look<T>(work: (platform: Platform) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface Following {
  readonly url: string;
  /** Resolves with the next round that begins from now on. */
  round(): Promise<FollowEvent & { type: 'round' }>;
  end(): Promise<void>;
}

export async function openLiveCampus(college: College, start: number): Promise<LiveCampus> {
  const folder = await mkdtemp(path.join(tmpdir(), 'live-'));
  const simulated = await startSimulatedCampus({
    college,
    start,
    directory: path.join(folder, 'sis'),
    which: 'canvas',
  });
  const canvas = simulated.canvas!;
  const signer = new PayloadSigner();
  let asked = 0;
  const keys = createServer((_request, response) => {
    asked += 1;
    response.end(JSON.stringify(signer.jwks()));
  });
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
  process.env.CANVAS_CLIENT_ID = canvas.clientId;
  process.env.CANVAS_CLIENT_SECRET = canvas.clientSecret;
  const file = path.join(folder, 'campus.yaml');
  await mkdir(path.join(folder, 'catalog'));
  await mkdir(path.join(folder, 'models'));
  const catalog = parseDocument(await readFile(path.join(ROOT, 'catalog/canvas.yaml'), 'utf8'));
  const datasets = catalog.get('datasets');
  if (!isSeq(datasets)) throw new Error('no datasets');
  for (const dataset of datasets.items)
    if (isMap(dataset) && !LOADED.has(String(dataset.get('name')))) dataset.set('load', 'off');
  await writeFile(path.join(folder, 'catalog/canvas.yaml'), String(catalog));
  await writeFile(
    file,
    stringify({
      name: 'Live',
      timeZone: college.timeZone,
      sources: {
        canvas: {
          kind: 'canvas',
          url: canvas.url,
          clientId: { env: 'CANVAS_CLIENT_ID' },
          clientSecret: { env: 'CANVAS_CLIENT_SECRET' },
          jobsPerMinute: 60_000,
          liveEvents: {
            kind: 'https',
            port: 0,
            jwks: `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks`,
            ids: 'global',
          },
        },
      },
      notify: [{ kind: 'file', path: 'notification.txt' }],
    }),
  );

  const clock = { now: () => simulated.clock.now(), sleep: systemClock.sleep };
  async function withPlatform<T>(
    work: (lake: Lake, platform: Platform) => Promise<T>,
    signal = new AbortController().signal,
    note: (text: string) => void = () => undefined,
  ): Promise<T> {
    const loaded = await loadCampus(file);
    const platform = await openLocalPlatform(loaded.campus, { features: FEATURES, clock });
    const events = openEvents({
      name: 'test',
      on: (event) => {
        if (event.type === 'note') note(event.text);
      },
    });
    try {
      return await work(
        openLake({ ...loaded, platform, session: PIPELINE, features: FEATURES, events, signal }),
        platform,
      );
    } finally {
      await platform.close();
    }
  }

  return {
    simulated,
    signer,
    asked: () => asked,
    run: () => withPlatform((lake) => runLake({ lake, events: openEvents() })),
    look: (work) => withPlatform((_lake, platform) => work(platform)),
    async following() {
      const stop = new AbortController();
      let rounds: ((event: FollowEvent & { type: 'round' }) => void)[] = [];
      let found: (url: string) => void = () => undefined;
      const url = new Promise<string>((resolve) => {
        found = resolve;
      });
      let failed: FollowEvent | undefined;
      const ended = withPlatform(
        (lake) =>
          follow(lake, {
            sources: [],
            intervalMs: 200,
            isOutdated: async () => false,
            on(event) {
              if (event.type === 'failed') failed = event;
              if (event.type !== 'round') return;
              const waiting = rounds;
              rounds = [];
              for (const tell of waiting) tell(event);
            },
          }),
        stop.signal,
        (text) => {
          const at = /received at (\S+)/.exec(text)?.[1];
          if (at) found(at);
        },
      );
      return {
        url: await Promise.race([url, ended.then(() => Promise.reject(new Error(JSON.stringify(failed))))]),
        async round() {
          for (let i = 0; i < 2; i += 1)
            await Promise.race([new Promise<unknown>((tell) => rounds.push(tell)), ended]);
          return new Promise((tell) => rounds.push(tell));
        },
        async end() {
          stop.abort();
          await ended;
        },
      };
    },
    async close() {
      await simulated.stop();
      await new Promise((resolve) => keys.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
