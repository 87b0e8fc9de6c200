import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Calendar, dateOf, dayNumber } from '../../../src/simulators/college/calendar.ts';

const iso = (instant: number) => new Date(instant).toISOString();

describe('the calendar', () => {
  const chicago = new Calendar('America/Chicago');

  it('knows midnight on either side of a change of the clocks', () => {
    expect(iso(chicago.midnight(dayNumber('2026-03-08')))).toBe('2026-03-08T06:00:00.000Z');
    expect(iso(chicago.midnight(dayNumber('2026-03-09')))).toBe('2026-03-09T05:00:00.000Z');
    expect(iso(chicago.midnight(dayNumber('2026-11-01')))).toBe('2026-11-01T05:00:00.000Z');
    expect(iso(chicago.midnight(dayNumber('2026-11-02')))).toBe('2026-11-02T06:00:00.000Z');
  });

  it('finds the day of an instant again', () => {
    const zones = ['America/Chicago', 'Europe/London', 'Pacific/Auckland', 'Asia/Kolkata'].map(
      (zone) => new Calendar(zone),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 15_000, max: 21_000 }),
        fc.integer({ min: 0, max: 22 * 60 }),
        (zone, day, minute) => {
          expect(zone.dayOf(zone.at(day, minute))).toBe(day);
          expect(zone.dayOf(zone.midnight(day) - 1)).toBe(day - 1);
        },
      ),
    );
  });

  it('tells the night after: half past two of the next morning', () => {
    expect(iso(chicago.nextNight(Date.parse('2026-10-05T11:00:00Z')))).toBe('2026-10-06T07:30:00.000Z');
  });

  it('writes a day number as its date', () => {
    expect(dateOf(dayNumber('2024-02-29'))).toBe('2024-02-29');
  });
});
