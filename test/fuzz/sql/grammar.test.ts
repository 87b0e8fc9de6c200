import { describe, expect, it } from 'vitest';
import { SHARED_FUNCTIONS } from '../../../src/sql/functions/all.ts';
import { scalarForms } from './calls.ts';
import { AGGREGATES, WINDOWS } from './group-calls.ts';
import { INNER_TYPES, TYPES } from './sql-text.ts';

/** Functions of the lake that no random query calls by an expression, and why. */
const LEFT_OUT: { readonly [name: string]: string } = {
  cube: 'a form of GROUP BY, in queries.ts',
  rollup: 'a form of GROUP BY, in queries.ts',
  grouping: 'it takes columns of GROUP BY, in queries.ts',
};

const written = [...TYPES, ...INNER_TYPES]
  .flatMap((type) => [
    ...scalarForms(type),
    ...(Object.hasOwn(AGGREGATES, type) ? AGGREGATES[type as keyof typeof AGGREGATES] : []),
    ...(WINDOWS[type as keyof typeof WINDOWS] ?? []),
  ])
  .map(([text]) => text.toLowerCase())
  .join('\n');
const isWritten = (name: string): boolean =>
  new RegExp(`\\b${name}${/^current_|^local/.test(name) ? '\\b' : '\\('}`).test(written);

describe('random queries', () => {
  it('call every function of the lake', () => {
    const missing = [...SHARED_FUNCTIONS].filter(
      (name) => !isWritten(name) && !Object.hasOwn(LEFT_OUT, name),
    );
    expect(missing).toEqual([]);
  });

  it('leave out no function without need', () => {
    const needless = Object.keys(LEFT_OUT).filter((name) => !SHARED_FUNCTIONS.has(name) || isWritten(name));
    expect(needless).toEqual([]);
  });
});
