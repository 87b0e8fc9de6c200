import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groundOf, wavesOf } from '../../../bin/aws/teardown/order.ts';

const stack = (name: string, ...after: string[]) => ({ name, after });
const names = (waves: { name: string }[][]) => waves.map((wave) => wave.map(({ name }) => name));

/** Any set of stacks in which each stands on some of those before it, in any order. */
const acyclic = fc
  .array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 12 })
  .map((grounds) =>
    grounds.map((ground, at) =>
      stack(`s${at}`, ...new Set(ground.filter((below) => below < at).map((below) => `s${below}`))),
    ),
  )
  .chain((stacks) => fc.shuffledSubarray(stacks, { minLength: stacks.length }));

describe('The order of a teardown', () => {
  it('takes dependents first, those that need each other not at once', () => {
    const lake = [
      stack('storage'),
      stack('notify', 'storage'),
      stack('network', 'storage'),
      stack('sis', 'storage', 'network'),
      stack('pipeline', 'notify', 'sis'),
      stack('observe', 'notify', 'pipeline'),
      stack('access', 'pipeline'),
    ];
    expect(names(wavesOf(lake))).toEqual([
      ['observe', 'access'],
      ['pipeline'],
      ['notify', 'sis'],
      ['network'],
      ['storage'],
    ]);
  });

  it('leaves out of account what is not there any more', () => {
    expect(names(wavesOf([stack('pipeline', 'serve'), stack('storage')]))).toEqual([['pipeline', 'storage']]);
  });

  it('is refused where stacks depend on each other', () => {
    expect(() => wavesOf([stack('a', 'b'), stack('b', 'a'), stack('c', 'a')])).toThrow(
      'These stacks depend on each other: a, b',
    );
  });

  it('has every stack once, and each after all that stand on it', () => {
    fc.assert(
      fc.property(acyclic, (stacks) => {
        const order = wavesOf(stacks);
        const waveOf = new Map(order.flatMap((wave, at) => wave.map(({ name }) => [name, at] as const)));
        expect([...waveOf.keys()].sort()).toEqual(stacks.map(({ name }) => name).sort());
        expect(order.flat()).toHaveLength(stacks.length);
        for (const { name, after } of stacks)
          for (const ground of after) expect(waveOf.get(ground)!).toBeGreaterThan(waveOf.get(name)!);
      }),
    );
  });

  it('knows what a stack stands on, near and far', () => {
    const lake = [stack('a', 'b'), stack('b', 'c', 'd'), stack('c'), stack('d'), stack('e', 'd')];
    expect([...groundOf(['a'], lake)].sort()).toEqual(['b', 'c', 'd']);
    expect([...groundOf([], lake)]).toEqual([]);
  });
});
