import { describe, expect, it } from 'vitest';
import { capacityOf } from '../../src/early-warning/commands/options.ts';
import { InputError } from '../../src/errors.ts';
import { wholeNumber } from '../../src/whole-number.ts';

describe('Options of lake early-warning', () => {
  it.each([
    ['150', { count: 150 }],
    ['20%', { share: 0.2 }],
    ['12.5 %', { share: 0.125 }],
  ])('--capacity %s', (given, capacity) => {
    expect(capacityOf(given)).toEqual(capacity);
  });

  it.each(['', '0', '0%', '120%', '-3', 'many', '1.5'])('refuse --capacity “%s”', (given) => {
    expect(() => capacityOf(given)).toThrow(InputError);
  });

  it.each(['', '0', '-1', '2.5', 'x'])('refuse --week “%s”', (given) => {
    expect(() => wholeNumber('--week', given, { min: 1 })).toThrow(/--week takes a whole number/);
  });
});
