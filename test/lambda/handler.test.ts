import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handlerFor } from '../../lambda/handler.ts';
import { LakeError } from '../../src/errors.ts';

const context = {
  awsRequestId: 'r',
  functionName: 'f',
  memoryLimitInMB: '1024',
  getRemainingTimeInMillis: () => 60_000,
};

describe('a function of the pipeline', () => {
  const written: string[] = [];
  beforeEach(() => {
    process.env.POWERTOOLS_DEV = 'true';
    for (const method of ['error', 'log', 'info', 'warn', 'debug'] as const) {
      vi.spyOn(console, method).mockImplementation(
        (...parts) => void written.push(parts.map(String).join(' ')),
      );
    }
  });
  afterEach(() => {
    delete process.env.POWERTOOLS_DEV;
    vi.restoreAllMocks();
    written.length = 0;
  });

  it.each([
    ['a driver’s error', new Error("Key (name)=(D'Angelo) already exists")],
    [
      'an error of the lake over one of a driver',
      new LakeError('It broke', { cause: new Error("D'Angelo") }),
    ],
  ])('logs and throws no word of %s', async (_, error) => {
    const handler = handlerFor([], async () => {
      throw error;
    });

    const thrown = await handler({ call: 'open', holder: 'e1', fresh: false }, context).catch(
      (e: Error) => e,
    );

    const seen = `${written.join('\n')}\n${(thrown as Error).stack}\n${JSON.stringify(thrown, Object.getOwnPropertyNames(thrown))}`;
    expect(written.join('\n')).toContain('open failed');
    expect(seen).not.toContain('Angelo');
    expect((thrown as Error).message).toMatch(/It broke|unexpected error of class Error in step open/);
  });
});
