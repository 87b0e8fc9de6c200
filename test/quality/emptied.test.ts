import { describe, expect, it } from 'vitest';
import { type Emptying, notEmptied } from '../../src/quality/emptied.ts';

const verdict = (rows: number, before: number | undefined, emptying: Emptying | undefined = {}) =>
  notEmptied({ rows }, before, emptying).map(({ status, failing }) => `${status} ${failing}`);

describe('A table that had rows', () => {
  it('is held back where none is left, whatever its size', () => {
    expect(verdict(0, 1)).toEqual(['failed 1']);
    expect(verdict(0, 5000)).toEqual(['failed 5000']);
    expect(verdict(1, 5000)).toEqual(['passed 0']);
  });

  it('stays so until half of them are back', () => {
    expect(verdict(49, 100, { held: true })).toEqual(['failed 51']);
    expect(verdict(50, 100, { held: true })).toEqual(['passed 0']);
    expect(verdict(49, 100, { held: false })).toEqual(['passed 0']);
  });

  it('is only told of once a person has confirmed that it may have this few', () => {
    expect(verdict(0, 100, { acceptedRows: 0 })).toEqual(['warned 100']);
    expect(verdict(7, 100, { held: true, acceptedRows: 7 })).toEqual(['warned 93']);
    expect(verdict(6, 100, { held: true, acceptedRows: 7 })).toEqual(['failed 94']);
  });

  it('is not looked at where it had none, was never shown, or may lose them all', () => {
    expect(verdict(0, 0)).toEqual([]);
    expect(verdict(0, undefined)).toEqual([]);
    expect(notEmptied({ rows: 0 }, 100, undefined)).toEqual([]);
  });
});
