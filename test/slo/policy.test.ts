import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { heldBy } from '../../src/pipeline/held-work.ts';
import { planFor } from '../../src/pipeline/plan.ts';
import type { AskedWork, HoldLake, OptionalWork } from '../../src/ports/optional-work.ts';
import { standingAsJson } from '../../src/slo/as-json.ts';
import { exceptionId, keepApproval, keepSilence } from '../../src/slo/exceptions.ts';
import { slo } from '../../src/slo/feature.ts';
import { openObjectives } from '../../src/slo/open-objectives.ts';
import { firingIn, standings } from '../../src/slo/standing.ts';
import { summaryOf } from '../../src/slo/summary.ts';
import { type Nights, openNights } from './nights.ts';

const [SUBMISSIONS, USERS] = ['canvas.submissions', 'canvas.users'] as const;
const HOUR = 3_600_000;
const RUN = '20261120T020000Z-0000';
const OBJECTIVES = `objectives:
  users-fresh: { tables: [canvas.users], age: 26h, target: 99%, window: 7d }
  submissions-fresh: { tables: [canvas.submissions], age: 26h, target: 99%, window: 7d }
`;

let nights: Nights;
beforeEach(async () => {
  nights = await openNights([SUBMISSIONS, USERS]);
  for (let day = 1; day <= 20; day++) {
    nights.night(USERS, day);
    // Nothing new came on the 19th, so the table was late for 23 hours.
    nights.night(SUBMISSIONS, day, day === 19 ? Date.UTC(2026, 10, 18, 1) : undefined);
  }
});
afterEach(() => nights.remove());

const lake = () =>
  ({ ...nights.lake(), features: [slo] }) as unknown as HoldLake & Parameters<typeof heldBy>[0];
const held = (work: OptionalWork, more: Partial<AskedWork> = {}) => heldBy(lake(), { work, ...more });
const policy = (text: string) => nights.write(`${OBJECTIVES}policy:\n${text}`);

describe('a policy on error budgets', () => {
  it('holds what it names while a budget is spent, and nothing else', async () => {
    await policy('  - hold: [drift-looks, deploys]\n');
    expect(await held('drift', { about: ['registrar'], run: RUN })).toEqual({
      because: 'submissions-fresh has nothing of its error budget left',
      hint: expect.stringContaining('lake slo approve drift'),
      again: false,
    });
    expect(await held('deploy')).toBeDefined();
    expect(await held('maintenance', { run: RUN })).toBeUndefined();
    expect(await held('reload', { about: [USERS] })).toBeUndefined();
  });

  it('holds nothing while the budgets of its objectives last', async () => {
    await policy('  - { hold: [maintenance], objectives: [users-fresh] }\n');
    expect(await held('maintenance', { run: RUN })).toBeUndefined();
    // The window moves on.
    await policy('  - hold: [maintenance]\n');
    expect(await held('maintenance', { run: RUN })).toBeDefined();
    for (let day = 21; day <= 28; day++) for (const table of [USERS, SUBMISSIONS]) nights.night(table, day);
    nights.now = Date.UTC(2026, 10, 28, 8);
    expect(await held('maintenance', { run: `${RUN}-later` })).toBeUndefined();
  });

  it('can act before a budget is spent', async () => {
    // 30 of 100.8 minutes are used.
    nights.rows.set('published_tables', []);
    for (let day = 1; day <= 20; day++)
      nights.night(USERS, day, day === 20 ? Date.UTC(2026, 10, 19, 5, 30) : undefined);
    nights.now = Date.UTC(2026, 10, 20, 8);
    await policy('  - { below: 71%, hold: [deploys] }\n');
    expect(await held('deploy')).toMatchObject({
      because: 'users-fresh has 70.24 % of its error budget left',
    });
    await policy('  - { below: 70%, hold: [deploys] }\n');
    expect(await held('deploy')).toBeUndefined();
  });

  it('never keeps the tables of a spent objective from being loaded again', async () => {
    await policy('  - hold: [reloads]\n');
    expect(await held('reload', { about: [SUBMISSIONS] })).toBeUndefined();
    expect(await held('reload', { about: [USERS] })).toBeDefined();
    expect(await held('reload', { about: [SUBMISSIONS, USERS] })).toBeDefined();
  });

  it('lets through what somebody has approved, until the approval ends', async () => {
    await policy('  - hold: [deploys]\n');
    const { ledger } = lake().platform;
    const id = exceptionId(nights.now, 'deploy');
    const approval = { id, work: 'deploy', from: nights.now, until: nights.now + 2 * HOUR } as const;
    await keepApproval(ledger, { ...approval, reason: 'the fix', by: 'ines' });
    expect(await held('deploy')).toBeUndefined();
    nights.now += 2 * HOUR;
    expect(await held('deploy')).toBeDefined();
    expect(nights.rows.get('budget_approvals')).toEqual([
      expect.objectContaining({ id, work: 'deploy', by_whom: 'ines', reason: 'the fix' }),
    ]);
  });

  it('is told in the run, its record and its notification, once', async () => {
    await policy('  - hold: [drift-looks]\n');
    const asked = { about: ['registrar'], run: RUN };
    await held('drift', asked);
    expect(await held('drift', asked)).toMatchObject({ again: true });
    const told =
      'held: the look for drift (registrar), submissions-fresh has nothing of its error budget left';
    expect(nights.notes).toEqual([`slo: ${told}`]);
    expect(nights.rows.get('held_work')).toEqual([
      expect.objectContaining({
        run: RUN,
        work: 'drift',
        about: 'registrar',
        objective: 'submissions-fresh',
      }),
    ]);
    const summary = await summaryOf(lake() as unknown as Parameters<typeof summaryOf>[0], RUN);
    expect(summary?.lines.at(-1)).toBe(told);
  });

  it('holds nothing where its file has a mistake: the lake goes on', async () => {
    await policy('  - hold: [loads]\n');
    expect(await held('drift', { run: RUN })).toBeUndefined();
  });

  it('names no objective that there is not, with line and reason', async () => {
    await policy('  - { hold: [deploys], objectives: [user-fresh] }\n');
    await expect(openObjectives(lake())).rejects.toThrow(
      /slo\.yaml:5.*no objective "user-fresh".*users-fresh/,
    );
  });
});

it('no step that loads, checks, builds or publishes can be held: none of them asks', () => {
  const campus = { sources: { canvas: { kind: 'canvas' }, registrar: { kind: 'postgres' } } };
  const plan = planFor(campus as unknown as Parameters<typeof planFor>[0], [slo]);
  const steps = [...JSON.stringify(plan).matchAll(/"step":"([\w-]+)"/g)].map(([, name]) => name!);
  const canWait = ['drift-start', 'drift-poll', 'sweep'];
  expect(steps.filter((name) => canWait.includes(name))).toEqual(canWait);
  expect(steps.length).toBeGreaterThan(12);
  const asking = sourcesIn('src').filter((file) => /\bheld\?\.\(/.test(readFileSync(file, 'utf8')));
  expect(asking.sort()).toEqual([
    'src/app/repair/work-held.ts',
    'src/drift/steps.ts',
    'src/pipeline/steps/sweep.ts',
    'src/slo/commands/exceptions.ts',
  ]);
});

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

describe('a silence', () => {
  beforeEach(async () => {
    await nights.write(OBJECTIVES);
    nights.now = Date.UTC(2026, 10, 19, 6);
  });
  const states = async () => {
    const loaded = await openObjectives(lake());
    const found = (await standings(lake().platform.ledger, loaded, nights.now))[1]!;
    return {
      firing: firingIn(found).map(({ alert }) => alert.name),
      states: standingAsJson(found).alerts.map(({ state }) => state),
      spent: Number(found.budget.spent),
    };
  };
  const silence = (alert?: string) =>
    keepSilence(lake().platform.ledger, {
      id: exceptionId(nights.now, 'submissions-fresh'),
      objective: 'submissions-fresh',
      ...(alert ? { alert } : {}),
      from: nights.now,
      until: nights.now + HOUR,
      reason: 'known',
      by: 'ines',
    });

  it('keeps alerts from being told while they fire, and the budget burning', async () => {
    const before = await states();
    expect(before.firing).toHaveLength(4);
    await silence();
    const during = await states();
    expect(during).toEqual({ firing: [], states: Array(4).fill('silenced'), spent: before.spent });
    nights.now += HOUR;
    expect((await states()).firing).toHaveLength(4);
  });

  it('can be about one alert', async () => {
    await silence('page-1h');
    expect((await states()).states).toEqual(['silenced', 'firing', 'firing', 'firing']);
  });
});

it('an alert that has ended is resolved for an hour', async () => {
  await nights.write(OBJECTIVES);
  const state = async (at: number) => {
    nights.now = at;
    const [, found] = await standings(lake().platform.ledger, await openObjectives(lake()), at);
    return found!.alerts[0]!.state;
  };
  const loaded = Date.UTC(2026, 10, 20, 2);
  expect((await state(loaded)).phase).toBe('firing');
  // The short window of 5 minutes burns above 3.36 % until none of its minutes is bad, then 15 calm minutes.
  const ended = loaded / 60_000 + 5 + 15;
  expect(await state(loaded + 40 * 60_000)).toEqual({ phase: 'resolved', since: ended });
  expect((await state((ended + 59) * 60_000)).phase).toBe('resolved');
  expect((await state((ended + 60) * 60_000)).phase).toBe('inactive');
});
