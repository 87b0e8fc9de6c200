import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LakeError } from '../../src/errors.ts';
import { failuresOf, StepLog, type StepRecord } from '../../src/pipeline/step-log.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { LedgerUnusableError } from '../../src/ports/errors.ts';
import type { LedgerStore } from '../../src/ports/ledger.ts';

const record = (step: string): StepRecord => ({
  path: `main/${step}`,
  step,
  item: 'canvas.users',
  startedAt: 0,
  endedAt: 1,
});

describe('The log of steps', () => {
  let folder: string;
  let ledger: LedgerStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'step-log-'));
    ledger = openLocalLedger(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('gives a failure back from the ledger as it was', async () => {
    const log = await StepLog.open(ledger, { run: 'r', attempt: 1, sources: ['canvas'] });

    await log.failed(
      record('load'),
      new LakeError('The load is not there.', { about: 'canvas.users', hint: 'Load it.', line: 7 }),
    );

    expect(await failuresOf(ledger, 'r')).toEqual([...log.failures]);
    expect(log.failures).toMatchObject([
      { step: 'load', about: 'canvas.users', source: 'canvas', message: 'The load is not there.', line: 7 },
    ]);
  });

  it('keeps back the text of failures that an older version of the lake has recorded', async () => {
    const { path, step, item } = record('load');
    const text = 'Key (name)=(Ada Lovelace) already exists';
    await ledger.append('steps', [
      {
        id: `r/${path}`,
        run: 'r',
        path,
        step,
        item,
        status: 'failed',
        output: null,
        error: text,
        next: text,
      },
    ]);

    const failures = await failuresOf(ledger, 'r');

    expect(failures).toMatchObject([{ step: 'load', code: 'recorded-earlier', about: 'canvas.users' }]);
    expect(JSON.stringify(failures)).not.toContain('Ada');
  });

  it('writes nothing more once the ledger took something not, and still knows what failed', async () => {
    const fault = new LedgerUnusableError('The disk is full.', { hint: 'Free some.' });
    let isFull = true;
    const append: LedgerStore['append'] = async (...given) => {
      if (isFull) throw fault;
      return ledger.append(...given);
    };
    const log = await StepLog.open({ ...ledger, append }, { run: 'r', attempt: 1 });
    await expect(log.succeeded(record('load'), null)).rejects.toBe(fault);
    isFull = false;

    await expect(log.succeeded(record('stage'), null)).rejects.toBe(fault);
    await expect(log.failed(record('check'), new LakeError('No.', { hint: 'x' }))).rejects.toBe(fault);

    expect(await ledger.rows('steps')).toEqual([]);
    expect(log.failures.map(({ step }) => step)).toEqual(['check']);
  });
});
