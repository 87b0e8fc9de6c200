import { describe, expect, it } from 'vitest';
import { RateLimiter } from '../../../src/lms/canvas/rate-limiter.ts';
import { openLocalRateLimits } from '../../../src/platform/local/rate-limits.ts';
import type { Clock } from '../../../src/ports/platform.ts';
import { JumpingClock } from '../harness.ts';

const limiterOn = (clock: Clock, perMinute: number, signal?: AbortSignal) =>
  new RateLimiter({ limits: openLocalRateLimits(clock), clock, bucket: 'create', perMinute, signal });

describe('a limiter', () => {
  it('lets the most wanted through first, and equals in the order of their coming', async () => {
    const limiter = limiterOn(new JumpingClock(), 1);
    const passed: string[] = [];
    const come = (name: string, priority: number) => limiter.pass(priority).then(() => passed.push(name));

    await Promise.all([come('a', 5), come('b', 5), come('c', 9), come('d', 0), come('e', 9)]);

    // Nothing is granted in the same turn in which the first asks, so even the first can be overtaken.
    expect(passed).toEqual(['c', 'e', 'a', 'b', 'd']);
  });

  it('gives a token to whoever is wanted most when it is granted, not when it was asked for', async () => {
    let arrive = () => {};
    const clock = new JumpingClock(() => arrive());
    const limiter = limiterOn(clock, 1);
    const passed: string[] = [];
    await limiter.pass();
    const slow = limiter.pass(5).then(() => passed.push('waited the whole minute'));
    const wanted = new Promise<void>((resolve) => {
      arrive = () => {
        arrive = () => {};
        limiter.pass(9).then(() => resolve(void passed.push('came late, is wanted more')));
      };
    });

    await Promise.all([slow, wanted]);

    expect(passed).toEqual(['came late, is wanted more', 'waited the whole minute']);
  });

  it('keeps everybody waiting while it is paused', async () => {
    const clock = new JumpingClock();
    const limiter = limiterOn(clock, 100);
    const before = clock.now();

    await limiter.pause(30_000);
    await limiter.pass();

    expect(clock.now() - before).toBeGreaterThanOrEqual(30_000);
  });

  it('sends everybody away when its signal is aborted', async () => {
    const stop = new AbortController();
    const clock: Clock = {
      now: () => 0,
      sleep: (_ms, signal) =>
        new Promise((_, fail) => signal?.addEventListener('abort', () => fail(signal.reason))),
    };
    const limiter = limiterOn(clock, 1, stop.signal);
    await limiter.pass();
    const waiting = [limiter.pass(), limiter.pass(9)];

    setImmediate(() => stop.abort(new Error('stopped')));

    expect(await Promise.allSettled(waiting)).toEqual([
      { status: 'rejected', reason: new Error('stopped') },
      { status: 'rejected', reason: new Error('stopped') },
    ]);
  });
});
