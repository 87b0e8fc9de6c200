import { expect, it } from 'vitest';
import { readOldVariables, withNewFlags } from '../../bin/renamed-flags.ts';

it('read earlier names of options, with a warning', () => {
  expect(withNewFlags(['--home', 'aws', 'status', '--json'])).toEqual({
    words: ['--target', 'aws', 'status', '--json'],
    warnings: ['warning: --home is now called --target; the old name is still accepted'],
  });
  expect(withNewFlags(['run', '--home=aws']).words).toEqual(['run', '--target=aws']);
});

it('leave the names of today, and what follows --, as they are', () => {
  const words = ['--target', 'aws', 'query', '--', '--home'];
  expect(withNewFlags(words)).toEqual({ words, warnings: [] });
});

it('refuse an option by both its names', () => {
  expect(() => withNewFlags(['--home', 'aws', 'run', '--target=local'])).toThrow(
    '--home and --target are two names of one option',
  );
});

it('read an environment variable by its earlier name, unless the new one is set', () => {
  const env: Record<string, string> = { LAKE_HOME: 'aws' };
  expect(readOldVariables(env)).toEqual([
    'warning: LAKE_HOME is now called LAKE_TARGET; the old name is still accepted',
  ]);
  expect(env.LAKE_TARGET).toBe('aws');
  expect(readOldVariables({ LAKE_HOME: 'aws', LAKE_TARGET: 'local' })).toEqual([]);
});
