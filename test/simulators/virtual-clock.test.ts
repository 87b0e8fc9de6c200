import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VirtualClock } from '../../src/simulators/virtual-clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('stands still until it is moved, and never goes back', () => {
  const clock = new VirtualClock(1000);
  vi.advanceTimersByTime(500);
  expect(clock.now()).toBe(1000);
  clock.advance(50);
  clock.advanceTo(900);
  expect(clock.now()).toBe(1050);
});

test('runs at the pace of the real one, also after a leap', () => {
  const clock = new VirtualClock(1000, { running: true });
  vi.advanceTimersByTime(500);
  expect(clock.now()).toBe(1500);
  clock.advance(86_400_000);
  vi.advanceTimersByTime(250);
  expect(clock.now()).toBe(86_401_750);
});
