import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lakeStatus } from '../../../src/app/status/lake-status.ts';
import { openEvents } from '../../../src/pipeline/event-bus.ts';
import type { Plan } from '../../../src/pipeline/plan.ts';
import { runLake } from '../../../src/pipeline/run.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import { wordedLedger } from '../../../src/platform/local/ledger-health.ts';
import { openLocalObjects } from '../../../src/platform/local/objects.ts';
import { LedgerUnusableError } from '../../../src/ports/errors.ts';
import type { LedgerStore } from '../../../src/ports/ledger.ts';
import type { Lake } from '../../../src/ports/step.ts';
import { lakeOf } from '../../lake-of.ts';

/** Enough of a run: one step that has work to do, and the whole end. */
const PLAN: Plan = {
  main: { kind: 'sequence', title: 'Load', nodes: [{ kind: 'task', step: 'sweep', input: { run: '$run' } }] },
  closing: {
    kind: 'sequence',
    title: 'Tell the team',
    nodes: [
      { kind: 'task', step: 'close-run', input: { run: '$run' } },
      { kind: 'task', step: 'notify' },
    ],
  },
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lake-fault-'));
});
afterEach(async () => {
  await openLocalLedger(join(root, 'ledger')).health!.forget();
  await rm(root, { recursive: true, force: true });
});

const told = () => readFile(join(root, 'told.txt'), 'utf8').catch(() => '');

function lakeWith(ledger: LedgerStore): Lake {
  const campus = {
    name: 'Lakeside',
    root,
    sources: {},
    ledger: { stepRetentionDays: 400 },
    notify: [
      { kind: 'webhook', url: { env: 'NOT_THERE' } },
      { kind: 'file', path: 'told.txt' },
    ],
  };
  const clock = { now: Date.now, sleep: async () => undefined };
  const secrets = { get: () => Promise.reject(new Error('no such secret')) };
  const engine = { capabilities: { background: false }, sweep: async () => 0 };
  const platform = { clock, ledger, objects: openLocalObjects(root), engine, secrets };
  const report = { note() {}, progress() {} };
  const signal = new AbortController().signal;
  return lakeOf({ campus, catalog: { datasets: [] }, platform, report, signal }) as Lake;
}

const run = (ledger: LedgerStore) => runLake({ lake: lakeWith(ledger), events: openEvents(), plan: PLAN });

/** A ledger whose method fails as a disk does, from its nth call on. */
function failing(method: 'lock' | 'write' | 'append' | 'rows', code: string, from = 1): LedgerStore {
  const good = openLocalLedger(join(root, 'ledger'));
  let calls = 0;
  const work = good[method] as (...args: unknown[]) => Promise<unknown>;
  const broken = async (...args: unknown[]) => {
    if (++calls < from) return work(...args);
    throw Object.assign(new Error(`${code}: values of a row`), {
      code,
      syscall: 'write',
      path: '/lake/file',
    });
  };
  return wordedLedger({ ...good, [method]: broken });
}

describe('where the ledger cannot be used', () => {
  it.each([
    ['before the run begins', 'lock', 'ENOSPC', 1, /disk is full/],
    ['when the run is opened', 'write', 'EROFS', 1, /read-only/],
    ['when a step ends', 'append', 'ENOSPC', 1, /disk is full/],
    ['when the run is closed', 'append', 'EIO', 2, /EIO/],
    ['when the end is read', 'rows', 'EIO', 1, /EIO/],
    ['when the end is written', 'write', 'ENOSPC', 2, /disk is full/],
  ] as const)(
    '%s, the team is told, and the error says what to do',
    async (_when, method, code, from, words) => {
      const error = await run(failing(method, code, from)).catch((e: unknown) => e);

      expect(error).toBeInstanceOf(LedgerUnusableError);
      expect(error).toMatchObject({
        exitCode: 1,
        message: expect.stringMatching(words),
        hint: expect.any(String),
      });
      expect((error as Error).message).not.toContain('values of a row');
      expect(await told()).toMatch(/FAILED/);
      expect(await told()).toMatch(words);

      const status = await lakeStatus(lakeWith(openLocalLedger(join(root, 'ledger'))));
      expect(status.ledgerFault).toMatchObject({
        at: expect.any(String),
        message: expect.stringMatching(words),
      });
    },
  );

  it('the next run that can use it forgets that', async () => {
    await run(failing('append', 'ENOSPC')).catch(() => undefined);
    const good = openLocalLedger(join(root, 'ledger'));

    expect((await run(good)).record.status).toBe('succeeded');

    expect((await lakeStatus(lakeWith(good))).ledgerFault).toBeUndefined();
  });

  it('and the steps that are left are not begun', async () => {
    const swept: number[] = [];
    const lake = lakeWith(failing('append', 'ENOSPC'));
    const engine = Object.assign(lake.platform.engine, { sweep: async () => swept.push(1) });
    const twice: Plan = {
      ...PLAN,
      main: { kind: 'sequence', nodes: [...PLAN.main.nodes, ...PLAN.main.nodes] },
    };
    const platform = { ...lake.platform, engine };

    await runLake({ lake: { ...lake, platform }, events: openEvents(), plan: twice }).catch(() => undefined);

    expect(swept).toHaveLength(1);
  });
});

it('a status says when no run could be recorded now', async () => {
  const good = openLocalLedger(join(root, 'ledger'));
  const probe = async () => {
    throw new LedgerUnusableError('The disk is full.', { hint: 'Free some.' });
  };

  const status = await lakeStatus(lakeWith({ ...good, health: { ...good.health!, probe } }));

  expect(status.ledgerFault).toEqual({ message: 'The disk is full.', hint: 'Free some.' });
});
