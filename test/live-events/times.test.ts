import { expect, it } from 'vitest';
import { LiveState } from '../../src/live-events/live-state.ts';
import { LIVE_TABLES } from '../../src/live-events/tables.ts';
import type { EventReader, LoggedEvent } from '../../src/ports/event-log.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOON = Date.parse('2026-10-05T12:00:00Z');
const submissions = LIVE_TABLES.find(({ name }) => name === 'campus.live_submissions')!;
const ATTEMPT = submissions.columns.findIndex(({ name }) => name === 'attempt');

/** Events in the order in which they came: when they say that they happened, and when they came. */
async function attemptsOf(events: readonly { readonly time: number; readonly at: number }[]) {
  const logged = events.map(({ time, at }, i): LoggedEvent => {
    const body = { submission_id: '7', attempt: String(i + 1) };
    const value = { source: 'canvas', name: 'submission_updated', time, id: `e${i}`, metadata: {}, body };
    return { key: 'k', position: String(i), at, value: JSON.stringify(value) };
  });
  const log: EventReader = {
    partitions: async () => ['p'],
    read: async (_partition, after) => ({ events: after === undefined ? logged : [], next: 'end' }),
  };
  const state = new LiveState('canvas');
  await state.readOn(log);
  return { state, attempts: () => state.rows(submissions).map((cells) => cells[ATTEMPT]) };
}

it.each([
  ['seventy years ahead', NOON + 70 * 365 * DAY],
  ['ahead by a zone', NOON + 2 * HOUR],
])('an event %s is no newer than its receipt', async (_, time) => {
  const { state, attempts } = await attemptsOf([
    { time, at: NOON },
    { time: NOON + HOUR, at: NOON + HOUR },
  ]);
  expect(attempts()).toEqual(['2']);
  state.overtake(() => NOON + HOUR, NOON + HOUR);
  expect(attempts()).toEqual([]);
});

it('clocks that differ by minutes leave events in their order', async () => {
  const { attempts } = await attemptsOf([
    { time: NOON + 5 * 60_000, at: NOON },
    { time: NOON + 4 * 60_000, at: NOON },
  ]);
  expect(attempts()).toEqual(['1']);
});

it('where the clock of the receiver was set back, times of events still count', async () => {
  const { attempts } = await attemptsOf([
    { time: NOON, at: NOON },
    { time: NOON + 60_000, at: NOON - DAY },
  ]);
  expect(attempts()).toEqual(['2']);
});
