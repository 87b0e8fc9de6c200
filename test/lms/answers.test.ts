import { expect, it } from 'vitest';
import { otherAnswer } from '../../src/lms/answers.ts';

const [before, asked, after] = ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00Z'];
const since = '2026-03-02T00:00:00Z';

it.each([
  ['a snapshot as asked', { kind: 'snapshot' }, { kind: 'snapshot', watermark: asked }, undefined],
  [
    'changes as asked',
    { kind: 'increment', since },
    { kind: 'increment', since: asked, watermark: after },
    undefined,
  ],
  [
    'no change yet',
    { kind: 'increment', since },
    { kind: 'increment', since: asked, watermark: asked },
    undefined,
  ],
  [
    'more than asked',
    { kind: 'increment', since },
    { kind: 'increment', since: before, watermark: after },
    undefined,
  ],
  [
    'a gap',
    { kind: 'increment', since },
    { kind: 'increment', since: after, watermark: after },
    'its job begins at',
  ],
  [
    'an end before the start',
    { kind: 'increment', since },
    { kind: 'increment', since: before, watermark: before },
    'its job ends before',
  ],
  [
    'no instant',
    { kind: 'increment', since },
    { kind: 'increment', since: asked, watermark: 'soon' },
    'does not say',
  ],
  [
    'a snapshot for changes',
    { kind: 'increment', since },
    { kind: 'snapshot', watermark: after },
    'an increment was asked for, and its job is a snapshot',
  ],
  [
    'changes for a snapshot',
    { kind: 'snapshot' },
    { kind: 'increment', since, watermark: after },
    'a snapshot was asked for',
  ],
] as const)('%s', (_what, question, job, words) => {
  const found = otherAnswer(question, job);

  if (words === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(words);
});
