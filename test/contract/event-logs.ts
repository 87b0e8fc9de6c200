import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventLogs, EventReader, EventWriter } from '../../src/ports/event-log.ts';

export interface EventLogsHome {
  /** Logs without any, by a clock that the test moves; made with several partitions, and segments of a few events. */
  open(clock: { now(): number }): Promise<EventLogs>;
  close(): Promise<void>;
}

const EVENT = fc.record({ key: fc.constantFrom('a', 'b', 'ü', ''), value: fc.string({ unit: 'binary' }) });

/** Everything in a log, by partition. */
export async function readAll(log: EventReader, most?: number) {
  const all: { partition: string; key: string; value: string; position: string; at: number }[] = [];
  for (const partition of await log.partitions()) {
    let after: string | undefined;
    for (;;) {
      const { events, next } = await log.read(partition, after, most);
      if (events.length === 0) break;
      all.push(...events.map((event) => ({ partition, ...event })));
      after = next;
    }
  }
  return all;
}

/** What every log of events promises, in both targets. */
export function eventLogsContract(home: EventLogsHome): void {
  let logs: EventLogs;
  let writer: EventWriter;
  let now = 1_000;
  beforeEach(async () => {
    now = 1_000;
    logs = await home.open({ now: () => now });
    writer = await logs.openWriter('canvas');
  });
  afterEach(async () => {
    await writer.close();
    await home.close();
  });

  const append = (...values: string[]) =>
    writer.append(values.map((value) => ({ key: value.slice(0, 1), value })));
  const values = async (log: EventReader = writer, most?: number) =>
    (await readAll(log, most)).map(({ value }) => value).sort();

  describe('every log of events', () => {
    it('gives back what was appended, to any reader', async () => {
      await append('a1', 'b1', 'ü\u{1f393}\n"', '');

      expect(await values()).toEqual(['', 'a1', 'b1', 'ü\u{1f393}\n"'].sort());
      expect(await values(await logs.openReader('canvas'))).toEqual(await values());
      expect(await logs.list()).toContain('canvas');
    });

    it('keeps the order of a key, in one partition, whatever is appended at once', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(EVENT, { maxLength: 5 }), { maxLength: 12 }), async (batches) => {
          const before = (await readAll(writer)).length;
          await Promise.all(batches.map((batch) => writer.append(batch)));

          const all = await readAll(writer, 3);
          expect(all.length).toBe(before + batches.flat().length);
          for (const key of ['a', 'b', 'ü', '']) {
            const own = all.filter((event) => event.key === key);
            expect(new Set(own.map(({ partition }) => partition)).size).toBeLessThanOrEqual(1);
            const sent = batches.flat().filter((event) => event.key === key);
            if (sent.length > 0)
              expect(own.slice(-sent.length).map(({ value }) => value)).toEqual(
                sent.map(({ value }) => value),
              );
          }
        }),
        { numRuns: 6 },
      );
    });

    it('is read on from any position, by a reader that knows nothing else', async () => {
      await append('a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7');
      const all = await readAll(writer);

      for (const [i, { partition, position }] of all.entries()) {
        const fresh = await logs.openReader('canvas');
        const { events } = await fresh.read(partition, position);
        expect(events.map(({ value }) => value)).toEqual(all.slice(i + 1).map(({ value }) => value));
      }
    });

    it('says where to go on where nothing has come, and finds there what comes', async () => {
      await append('a1');
      const { partition } = (await readAll(writer))[0]!;
      const { next } = await writer.read(partition);
      const nothing = await writer.read(partition, next);
      await append('a2');

      expect(nothing).toEqual({ events: [], next });
      expect((await writer.read(partition, nothing.next)).events.map(({ value }) => value)).toEqual(['a2']);
    });

    it('has one writer at a time', async () => {
      await expect(logs.openWriter('canvas')).rejects.toMatchObject({ code: 'event-log-in-use' });
      await append('a1');
      await writer.close();
      writer = await logs.openWriter('canvas');
      await append('a2');

      expect(await values()).toEqual(['a1', 'a2']);
    });

    it('keeps logs apart', async () => {
      const other = await logs.openWriter('scores');
      await other.append([{ key: 'a', value: 'score' }]);
      await append('a1');

      expect(await values(other)).toEqual(['score']);
      expect(await values()).toEqual(['a1']);
      await other.close();
    });

    it('forgets by age, never what is younger, and goes on with the oldest for an older position', async () => {
      await append('a1', 'a2', 'a3', 'a4', 'a5', 'a6');
      const [first] = await readAll(writer);
      now = 5_000_000;
      await append('a7', 'a8', 'a9');
      await writer.truncate(4_000_000);

      const left = await values();
      expect(left).toEqual(expect.arrayContaining(['a7', 'a8', 'a9']));
      expect(left).not.toContain('a1');
      const { events } = await writer.read(first!.partition, first!.position);
      expect(events.at(-1)?.value).toBe('a9');
      await append('a10');
      expect(await values()).toContain('a10');
    });

    it('takes out and replaces events, and leaves positions as they are', async () => {
      await append('a1', 'a2', 'a3', 'b1', 'b2');
      const before = await readAll(writer);
      const changed = await writer.rewrite(({ value }) =>
        value === 'a2' ? undefined : value === 'b1' ? 'b!' : value,
      );
      await append('a4');

      expect(changed).toBe(2);
      expect(await values()).toEqual(['a1', 'a3', 'a4', 'b!', 'b2']);
      expect(await values(await logs.openReader('canvas'))).toEqual(['a1', 'a3', 'a4', 'b!', 'b2']);
      const place = (value: string) => before.find((event) => event.value === value)!;
      const { partition, position } = place('a2');
      const { events } = await writer.read(partition, position);
      expect(events.filter(({ key }) => key === 'a').map(({ value }) => value)).toEqual(['a3', 'a4']);
    });

    it('has no partitions where nothing was written, and reads nothing of a partition that is not there', async () => {
      const reader = await logs.openReader('nothing');
      expect(await reader.partitions()).toEqual([]);
      expect(await reader.read('p0000')).toEqual({ events: [] });
    });

    it('refuses an event that is too long, and takes the next', async () => {
      await expect(
        (async () => writer.append([{ key: 'a', value: 'x'.repeat(17_000_000) }]))(),
      ).rejects.toThrow(RangeError);
      await append('a1');
      expect(await values()).toEqual(['a1']);
    });
  });
}
