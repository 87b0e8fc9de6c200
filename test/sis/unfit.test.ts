import { describe, expect, it } from 'vitest';
import { whyUnfit } from '../../src/sis/unfit.ts';

const why = (schema: string, name: string, ...columns: string[]) =>
  whyUnfit({ schema, name, columns: columns.map((column) => ({ name: column })) });

describe('A table that cannot come into the lake', () => {
  it.each([
    ['has no columns', why('s', 't'), /no columns/],
    ['has columns that differ in case', why('s', 't', 'a', 'Term', 'b', 'TERM'), /"Term" and "TERM"/],
    ['leaves its folder', why('s', '../t', 'a'), /folder/],
    ['has a folder of dots', why('s', '.', 'a'), /folder/],
    ['has a backslash', why('s', 'a\\b', 'a'), /folder/],
    ['has a schema with one', why('a\\b', 't', 'a'), /folder/],
  ])('%s', (_what, reason, expected) => {
    expect(reason).toMatch(expected);
  });

  it('is no odd one', () => {
    expect(why('S s', '.t/é "x" %', 'a', 'ä', 'a b')).toBeUndefined();
  });
});
