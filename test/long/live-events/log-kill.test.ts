import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openLocalEventLogs } from '../../../src/platform/local/event-log/event-logs.ts';
import { readAll } from '../../contract/event-logs.ts';

const KILLS = Number(process.env.EVENT_LOG_KILLS ?? 200);
const SEED = Number(process.env.EVENT_LOG_SEED ?? 20_261_201);
const WRITER = path.resolve(import.meta.dirname, 'log-writer.ts');

describe('A log whose writer is killed', () => {
  let folder: string | undefined;
  afterAll(async () => {
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it(`loses nothing that was acknowledged, in order, after ${KILLS} kills`, async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'events-'));
    const acknowledged: string[] = [];
    const positions = new Map<string, string>();
    const seen: string[] = [];
    const pauses = fc.sample(fc.integer({ min: 0, max: 250 }), { numRuns: KILLS, seed: SEED });
    for (const [round, pause] of pauses.entries()) {
      const child = spawn(process.execPath, ['--import', 'tsx', WRITER, folder, String(round)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      child.stdout.on('data', (data) => {
        text += data;
      });
      const closed = once(child, 'close');
      while (!text.includes('\n') && child.exitCode === null) await sleep(5);
      await sleep(pause);
      child.kill('SIGKILL');
      await closed;
      const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
      expect(lines[0]).toBe('open');
      acknowledged.push(...lines.slice(1).flatMap((line) => line.split(' ').filter(Boolean)));
      // A reader that goes on from where it was, between two writers.
      const reader = await openLocalEventLogs({ folder, clock: Date }).openReader('log');
      for (const partition of await reader.partitions()) {
        for (;;) {
          const { events, next } = await reader.read(partition, positions.get(partition), 500);
          if (events.length === 0) break;
          seen.push(...events.map(({ value }) => value.replace(/x*$/, '')));
          positions.set(partition, next!);
        }
      }
    }
    const there = (await readAll(await openLocalEventLogs({ folder, clock: Date }).openReader('log'))).map(
      ({ key, value }) => ({ key, value: value.replace(/x*$/, '') }),
    );
    const places = new Map(there.map(({ value }, i) => [value, i]));
    expect(places.size).toBe(there.length);
    expect(acknowledged.length).toBeGreaterThan(KILLS);
    expect(acknowledged.filter((value) => !places.has(value))).toEqual([]);
    // The reader on the way saw all that is there, and each once.
    expect(seen.toSorted()).toEqual(there.map(({ value }) => value).toSorted());
    // A lane's events of one key are in the order in which it appended them.
    const last = new Map<string, number[]>();
    for (const { key, value } of there) {
      const [round, , i, j] = value.split('/').map(Number) as [number, number, number, number];
      const before = last.get(key) ?? [-1, -1, -1];
      const now = [round, i, j];
      const difference = now.map((n, k) => n - before[k]!).find((n) => n !== 0) ?? 0;
      expect(difference, value).toBeGreaterThan(0);
      last.set(key, now);
    }
  });
});
