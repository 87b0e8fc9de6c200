import { describe, expect, it } from 'vitest';
import { ObjectUrls } from '../../../src/lms/canvas/object-urls.ts';

function prepare(count: number) {
  const ids = Array.from({ length: count }, (_, i) => `o${i}`);
  const signed: string[][] = [];
  let now = 0;
  const urls = new ObjectUrls({
    ids,
    lifetimeMs: 15 * 60_000,
    now: () => now,
    sign: async (batch) => {
      signed.push(batch);
      return Object.fromEntries(batch.map((id) => [id, { url: `http://x/${id}?s=${signed.length}` }]));
    },
  });
  return {
    ids,
    signed,
    urls,
    advance: (ms: number) => {
      now += ms;
    },
  };
}

describe('the addresses of a job', () => {
  it('are signed in batches, each once, however many ask at the same time', async () => {
    const { ids, signed, urls } = prepare(120);

    const got = await Promise.all(ids.map((id) => urls.get(id)));

    expect(got).toEqual(ids.map((id) => expect.stringContaining(`/${id}?`)));
    expect(signed.map((batch) => batch.length)).toEqual([50, 50, 20]);
    expect(new Set(signed.flat()).size).toBe(120);
  });

  it('are signed again before they end, but not those of files that are fetched', async () => {
    const { signed, urls, advance } = prepare(3);
    await urls.get('o0');
    urls.done('o0');

    advance(14 * 60_000 + 1);
    await urls.get('o1');

    expect(signed).toEqual([
      ['o0', 'o1', 'o2'],
      ['o1', 'o2'],
    ]);
  });

  it('are signed again when one was refused', async () => {
    const { signed, urls } = prepare(3);
    const first = await urls.get('o1');
    urls.forget('o1');

    expect(await urls.get('o1')).not.toBe(first);
    expect(signed.at(-1)).toEqual(['o1']);
  });

  it('say so when the source leaves one out', async () => {
    const urls = new ObjectUrls({ ids: ['a'], lifetimeMs: 1000, now: () => 0, sign: async () => ({}) });

    await expect(urls.get('a')).rejects.toThrow('signed no address');
  });
});
