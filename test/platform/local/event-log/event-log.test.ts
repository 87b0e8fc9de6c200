import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLocalEventLogs } from '../../../../src/platform/local/event-log/event-logs.ts';
import type { EventLogs } from '../../../../src/ports/event-log.ts';
import { eventLogsContract, readAll } from '../../../contract/event-logs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'events-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

eventLogsContract({
  open: async (clock) =>
    openLocalEventLogs({ folder, clock, segments: { bytes: 100, ageMs: 60_000 }, partitions: 3 }),
  close: async () => undefined,
});

describe('A log in files', () => {
  const partition = () => path.join(folder, 'log/p0000');
  const segments = async () => (await readdir(partition())).sort();
  const newest = async () => path.join(partition(), (await segments()).at(-1)!);
  const logs = (bytes = 1_000_000): EventLogs =>
    openLocalEventLogs({ folder, clock: { now: () => 1_000 }, segments: { bytes } });
  const event = (value: string) => ({ key: 'k', value });
  const write = async (...values: string[]) => {
    const writer = await logs().openWriter('log');
    for (const value of values) await writer.append([event(value)]);
    await writer.close();
  };
  const values = async () => (await readAll(await logs().openReader('log'))).map(({ value }) => value);

  it('is whole again after its end was torn off anywhere, and gives no position twice', async () => {
    await write('one', 'two', 'three');
    const file = await newest();
    const bytes = await readFile(file);
    const whole = await readAll(await logs().openReader('log'));
    for (const size of [0, 5, 8, 9, 15, 16, 30, 34, 40, 60, bytes.length - 20, bytes.length - 1]) {
      await rm(folder, { recursive: true });
      await write('x');
      await writeFile(file, bytes.subarray(0, size));
      const left = await values();
      expect(['one', 'two', 'three'].slice(0, left.length)).toEqual(left);

      await write('four');

      expect(await values()).toEqual([...left, 'four']);
      // Somebody who had read further than the disk kept.
      const reader = await logs().openReader('log');
      const { events } = await reader.read('p0000', whole.at(-1)!.position);
      expect(events.map(({ value }) => value)).toEqual(['four']);
    }
  });

  it('cuts off what is no event, of an end that was written in part', async () => {
    await write('one');
    await appendFile(await newest(), Buffer.alloc(5000, 7));
    expect(await values()).toEqual(['one']);
    await write('two');
    expect(await values()).toEqual(['one', 'two']);
  });

  it('tells of events that cannot be read, and loses none in silence', async () => {
    await write('one', 'two');
    const first = await newest();
    await write('three');
    const bytes = await readFile(first);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(first, bytes);

    await expect(values()).rejects.toMatchObject({ code: 'event-log-damaged' });
    await truncate(first, 3);
    await expect(values()).rejects.toMatchObject({ code: 'event-log-damaged' });
  });

  it('forgets what is old though its clock was ahead for a while', async () => {
    let now = 0;
    const clock = { now: () => now };
    const writer = await openLocalEventLogs({ folder, clock, segments: { bytes: 10 } }).openWriter('log');
    const append = async (at: number, value: string) => {
      now = at;
      await writer.append([event(value)]);
    };
    await append(1_000, 'old');
    await append(9_000_000, 'old, by a clock that is ahead');
    await append(2_000, 'old too');
    await append(5_000, 'young');
    await append(9_000_000, 'young, by a clock that is ahead');
    await append(6_000, 'newest');
    await writer.truncate(4_000);
    expect((await readAll(writer)).map(({ value }) => value)).toEqual([
      'young',
      'young, by a clock that is ahead',
      'newest',
    ]);
    await writer.close();
  });

  it('shows an own reader nothing that is not on the disk yet', async () => {
    const writer = await logs().openWriter('log');
    await writer.append([event('one')]);
    const appending = writer.append([event('two'.repeat(100_000))]);
    const seen = (await readAll(writer)).length;
    await appending;
    expect(seen).toBeLessThanOrEqual(2);
    expect(await readAll(writer)).toHaveLength(2);
    await writer.close();
  });

  it('takes events again once the disk does', async () => {
    const writer = await logs(10).openWriter('log');
    await writer.append([event('one')]);
    // A folder in the place of the next segment: it can be made by nobody, whoever asks.
    await rm(path.join(partition(), '0000000002.events'), { force: true });
    await mkdir(path.join(partition(), '0000000002.events'));
    await expect(writer.append([event('two')])).rejects.toMatchObject({ code: 'event-log-unusable' });
    await rm(path.join(partition(), '0000000002.events'), { recursive: true });
    await writer.append([event('three')]);
    await writer.close();
    expect(await values()).toEqual(['one', 'three']);
  });

  it('is read by nobody else of the machine', async () => {
    await write('one');
    expect((await stat(await newest())).mode & 0o077).toBe(0);
    expect((await stat(partition())).mode & 0o077).toBe(0);
  });

  it('leaves no draft of a rewriting that was killed', async () => {
    await write('one');
    await writeFile(`${await newest()}.rewritten`, 'one');
    await write('two');
    expect((await segments()).filter((name) => name.endsWith('.rewritten'))).toEqual([]);
  });

  it('keeps its number of partitions', async () => {
    await write('one');
    const writer = await openLocalEventLogs({
      folder,
      clock: { now: () => 1 },
      partitions: 7,
    }).openWriter('log');
    expect(await writer.partitions()).toEqual(['p0000']);
    await writer.close();
  });
});
