import { afterEach, describe, expect, it } from 'vitest';
import { QueryTimeoutError, secondsOf, untilStopped } from '../../bin/commands/query/until-stopped.ts';

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('INTERRUPT Error: Interrupted!')));
  });

describe('a question that is stopped', () => {
  const listeners = process.listeners('SIGINT');
  afterEach(() => {
    for (const listener of process.listeners('SIGINT')) {
      if (!listeners.includes(listener)) process.removeListener('SIGINT', listener);
    }
  });

  it('by Ctrl+C ends with 130 and one sentence, whatever the engine says', async () => {
    const stopped = untilStopped({}, untilAborted);
    process.emit('SIGINT');

    await expect(stopped).rejects.toMatchObject({
      name: 'StoppedError',
      message: 'Stopped by Ctrl+C.',
      exitCode: 130,
    });
  });

  it('by its time limit says so', async () => {
    await expect(untilStopped({ seconds: 0.01 }, untilAborted)).rejects.toBeInstanceOf(QueryTimeoutError);
  });

  it('keeps its own error and its answer where nobody stopped it', async () => {
    await expect(untilStopped({ seconds: 60 }, async () => 7)).resolves.toBe(7);
    await expect(untilStopped({}, () => Promise.reject(new Error('own')))).rejects.toThrow('own');
  });

  it('takes a time in seconds, minutes or hours', () => {
    expect(['90', '90s', '1.5s', '5m', '1h'].map(secondsOf)).toEqual([90, 90, 1.5, 300, 3600]);
    expect(['', '0', '-1', '1d', '48h', 'x'].map(secondsOf)).toEqual(Array(6).fill(undefined));
  });
});
