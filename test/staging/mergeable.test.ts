import { describe, expect, it } from 'vitest';
import { reasonNotToMerge } from '../../src/staging/mergeable.ts';
import { specOf } from '../platform/local/duckdb/lake-folder.ts';

const spec = specOf(
  'canvas.users',
  [
    { name: 'id', type: 'bigint' },
    { name: 'login', type: 'varchar' },
  ],
  { key: ['id'] },
);

describe('reasonNotToMerge', () => {
  it('is none where the key is the one by which the version was made', () => {
    expect(reasonNotToMerge(['id'], spec)).toBeUndefined();
  });

  it.each<[string, readonly string[] | undefined, Partial<typeof spec>, string]>([
    ['another key of as many columns', ['login'], {}, 'its key was (login) and is now (id)'],
    ['a longer key', ['id', 'login'], {}, 'its key was (id, login) and is now (id)'],
    [
      'another order',
      ['login', 'id'],
      { key: ['id', 'login'] },
      'its key was (login, id) and is now (id, login)',
    ],
    ['no key', [], { key: [] }, 'it has no key'],
    ['rows without keys', undefined, {}, 'its version was not made from keyed records'],
    ['a full load', ['id'], { layout: 'dms' }, 'a full load of the SIS replaces its table'],
  ])('is given for %s', (_, key, more, reason) => {
    expect(reasonNotToMerge(key, { ...spec, ...more })).toBe(reason);
  });
});
