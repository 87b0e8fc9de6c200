import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { healthDocument } from '../../src/app/health/health-document.ts';
import { acknowledge, act, incidentDetails, listIncidents, resolve } from '../../src/app/health/incidents.ts';
import { replayIncidents } from '../../src/app/health/replay.ts';
import { requireHealthy, UnhealthyError } from '../../src/app/health/require-healthy.ts';
import { lakeHealth } from '../../src/app/health/table-health.ts';
import { noticesOf, summaryOf } from '../../src/health/notices.ts';
import { readState } from '../../src/loads/dataset-state.ts';
import { openNights } from './night.ts';

const DOWN = {
  step: 'lms-plan',
  item: '',
  code: 'lms-unreachable',
  source: 'canvas',
  reach: 'source',
} as const;

let nights: Awaited<ReturnType<typeof openNights>>;
beforeEach(async () => {
  nights = await openNights();
});
afterEach(() => nights.close());

const causes = async () => (await nights.open()).map(({ cause, scope }) => `${cause}|${scope.name}`);

describe('Nights', () => {
  it('with nothing wrong give no incident', async () => {
    for (let i = 0; i < 3; i++) await nights.run();
    expect(await nights.all()).toEqual([]);
    expect(await summaryOf(nights.lake as never)).toBeUndefined();
  });

  it('in which a source is down give one, whatever is late because of it', async () => {
    const stale = [...nights.tables, 'campus.work', 'campus.students'];
    const tables = nights.tables.map(
      (item) => ({ step: 'lms-fetch', item, code: 'broken-transfer' }) as const,
    );
    await nights.run({ failed: [DOWN, ...tables], stale });

    const [incident, ...others] = await nights.open();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      cause: 'lms-unreachable',
      scope: { kind: 'source', name: 'canvas' },
      state: 'new',
      assignee: 'operator of the lake',
    });
    expect(incident!.affected).toEqual(
      expect.arrayContaining(['campus.work', 'campus.students', ...nights.tables]),
    );
    expect(incident!.affected).not.toContain('campus.advisers');
    expect(incident!.consequences.map(({ cause }) => cause)).toContain('data-late');
    expect(incident!.confidence).toBeGreaterThan(0.9);
    expect(incident!.tried.map(({ repair, state }) => [repair, state])).toEqual([['run-again', 'waiting']]);
    expect((await nights.ledger.rows('diagnoses')).map(({ cause }) => cause)).toEqual(['lms-unreachable']);
  });

  it('are told by one message when an incident opens, and one when it is over', async () => {
    const subjects = async (run: string) =>
      (await noticesOf(nights.lake as never, run)).map(({ subject }) => subject);
    expect(await subjects(await nights.run({ failed: [DOWN] }))).toEqual([
      'New: The source does not answer: canvas',
    ]);
    expect(await subjects(await nights.run({ failed: [DOWN] }))).toEqual([]);
    expect(await subjects(await nights.run())).toEqual(['Resolved: The source does not answer: canvas']);
    expect(await subjects(await nights.run())).toEqual([]);
    expect(await subjects(await nights.run({ failed: [DOWN] }))).toEqual([
      'Again: The source does not answer: canvas',
    ]);
    expect((await nights.open())[0]).toMatchObject({ state: 'reopened', reopened: 1, runs: 3 });
  });

  it('tell programs which tables have become better or worse, the same however often it is asked', async () => {
    const events = async (run: string) =>
      (await noticesOf(nights.lake as never, run)).flatMap(({ kind, event }) =>
        kind === 'event' ? [event!] : [],
      );
    expect(await events(await nights.run())).toEqual([]);
    const bad = await nights.run({ stale: ['canvas.users'] });
    const [worse, ...others] = await events(bad);
    expect(others).toEqual([]);
    expect(worse).toMatchObject({
      id: `health/${bad}`,
      type: 'campus-lake.health.changed',
      data: { changed: expect.any(Number) },
    });
    expect(worse!.data.tables).toContainEqual(
      expect.objectContaining({
        table: 'canvas.users',
        before: 'healthy',
        status: 'stale',
        owner: 'Data team',
      }),
    );
    expect((await events(bad))[0]!.data).toEqual(worse!.data);
    expect(await events(await nights.run({ stale: ['canvas.users'] }))).toEqual([]);
    const [better] = await events(await nights.run());
    expect(better!.data.tables).toContainEqual(
      expect.objectContaining({ table: 'canvas.users', before: 'stale', status: 'healthy' }),
    );
  });

  it('with a bad model do not blame a source that fails in the same night', async () => {
    await nights.run({
      failed: [
        { step: 'lms-commit', item: 'canvas.users', code: 'job-failed' },
        { step: 'build-model', item: 'students', code: 'sql-unknown-function' },
      ],
    });
    expect(await causes()).toEqual(['lms-job-failed|canvas', 'model-failed|campus.students']);
  });

  it('blame a column that changed for the models that break of it, in the nights after it too', async () => {
    const broken = { failed: [{ step: 'build-model', item: 'work', code: 'sql-unknown-column' }] };
    await nights.run({
      ...broken,
      changes: [{ dataset: 'canvas.submissions', column: 'score', change: 'vanished' }],
    });
    await nights.run(broken);
    expect(await causes()).toEqual(['schema-changed|canvas.submissions']);
    expect((await nights.open())[0]).toMatchObject({ runs: 2, assignee: 'Data team' });
    await nights.run();
    expect(await causes()).toEqual([]);
  });

  it('in which a column changes and nothing breaks give none', async () => {
    await nights.run({ changes: [{ dataset: 'canvas.submissions', column: 'score', change: 'vanished' }] });
    expect(await causes()).toEqual([]);
  });

  it('in which a check fails give the exact cause, and the failed step is no second one', async () => {
    await nights.run({
      failed: [{ step: 'check-dataset', item: 'sis.students', code: 'check-failed', source: 'sis' }],
      checks: [{ table: 'sis.students', check: 'unique(id)', failing: 3 }],
      stale: ['campus.students'],
    });
    expect(await causes()).toEqual(['rows-doubled|sis.students']);
    expect((await nights.open())[0]!.assignee).toBe('Registrar');
  });

  it('keep an incident open while something wider hides it', async () => {
    await nights.run({ failed: [{ step: 'lms-fetch', item: 'canvas.users', code: 'lms-not-found' }] });
    await nights.run({ failed: [DOWN], stale: nights.tables });
    expect((await causes()).sort()).toEqual(['lms-table-unknown|canvas', 'lms-unreachable|canvas']);
    await nights.run();
    expect(await causes()).toEqual([]);
  });
});

describe('Repairs', () => {
  it('are done alone within limits, judged by the next run, and then asked for', async () => {
    const night = { checks: [{ table: 'sis.students', check: 'reconciliation', failing: 4 }] };
    await nights.run(night);
    expect((await readState(nights.ledger, 'sis.students')).state.snapshotNext).toBe(true);
    for (let i = 0; i < 3; i++) await nights.run(night);
    const [incident] = await nights.open();
    expect(incident!.tried.map(({ state }) => state)).toEqual(['failed', 'failed', 'proposed']);
    expect(incident!.tried.at(-1)!.text).toContain('tried 2 times and did not help');
    await nights.run();
    const rows = await nights.ledger.rows('repairs');
    expect(rows.map(({ state, done_by }) => [state, done_by])).toEqual([
      ['failed', 'the lake'],
      ['failed', 'the lake'],
      ['proposed', 'the lake'],
    ]);
  });

  it('of a person say first what they would do, are on record, and are verified', async () => {
    const night = { checks: [{ table: 'sis.students', check: 'reconciliation', failing: 4 }] };
    for (let i = 0; i < 3; i++) await nights.run(night);
    const dry = await act(nights.lake as never, 'rows-differ.sis.students', { repair: 'new-snapshot' });
    expect(dry).toMatchObject({ needsRun: true, proposal: { tables: ['sis.students'] } });
    expect(dry.attempt).toBeUndefined();
    const done = await act(nights.lake as never, 'rows-differ.sis.students', {
      repair: 'new-snapshot',
      confirm: true,
      by: 'Ada',
    });
    expect(done.attempt).toMatchObject({ state: 'applied', by: 'Ada', automatic: false });
    await nights.run();
    const mine = (await nights.ledger.rows('repairs')).filter(({ done_by }) => done_by === 'Ada');
    expect(mine.map(({ state }) => state)).toEqual(['verified']);
    await expect(
      act(nights.lake as never, 'rows-differ.sis.students', { repair: 'new-snapshot' }),
    ).rejects.toThrow('is resolved');
  });

  it('that are none, or of nobody, are refused with what there is', async () => {
    await nights.run({ failed: [DOWN] });
    await expect(
      act(nights.lake as never, 'lms-unreachable.canvas', { repair: 'run-agian' }),
    ).rejects.toThrow('did you mean "run-again"');
    const guest = {
      ...nights.lake,
      session: { principal: 'g', role: 'adviser', attributes: {}, purpose: 'p' },
    };
    await expect(act(guest as never, 'lms-unreachable.canvas', { repair: 'run-again' })).rejects.toThrow(
      'may look at incidents',
    );
    await expect(incidentDetails(nights.lake as never, 'nothing')).rejects.toThrow('There is no incident');
  });
});

describe('People', () => {
  it('acknowledge and resolve; a run that sees it again reopens it', async () => {
    await nights.run({ failed: [DOWN] });
    expect(await acknowledge(nights.lake as never, 'lms-unreachable.canvas', 'Ada')).toMatchObject({
      state: 'acknowledged',
      acknowledged: { by: 'Ada' },
    });
    await nights.run({ failed: [DOWN] });
    expect((await nights.open())[0]!.state).toBe('acknowledged');
    await resolve(nights.lake as never, 'lms-unreachable.canvas', 'the network is back', 'Ada');
    expect(await listIncidents(nights.lake as never)).toEqual([]);
    expect(await listIncidents(nights.lake as never, { all: true })).toHaveLength(1);
    await nights.run({ failed: [DOWN] });
    expect((await nights.open())[0]!.state).toBe('reopened');
  });

  it('replay past incidents with the rules of today', async () => {
    await nights.run({ failed: [DOWN], stale: nights.tables });
    await nights.run();
    const [replayed] = await replayIncidents(nights.lake as never);
    expect(replayed).toMatchObject({ isSame: true, now: { cause: 'lms-unreachable', ruleVersion: 1 } });
  });
});

describe('The health of tables', () => {
  it('says status, reason, since, as of and owner; the worst says how the lake is', async () => {
    await nights.run({
      failed: [DOWN, { step: 'lms-fetch', item: 'canvas.courses', code: 'broken-transfer' }],
      stale: ['canvas.users', 'campus.students'],
    });
    const health = await lakeHealth(nights.lake as never);
    const of = (name: string) => health.tables.find(({ table }) => table === name)!;
    expect(health).toMatchObject({ status: 'fail', openIncidents: 1 });
    expect(of('canvas.users')).toMatchObject({
      kind: 'dataset',
      status: 'stale',
      reason: 'The source does not answer: canvas',
      owner: 'Data team',
    });
    expect(of('campus.students')).toMatchObject({ kind: 'model', status: 'stale', owner: 'Advising' });
    expect(of('canvas.courses').status).toBe('degraded');
    expect(of('sis.registrations')).toMatchObject({ status: 'healthy' });
    expect(Date.parse(of('sis.registrations').nextExpected!)).toBeGreaterThan(nights.now());
    const document = healthDocument(health);
    expect(document.status).toBe('fail');
    expect(document.checks['canvas.users:freshness']![0]).toMatchObject({
      status: 'fail',
      observedUnit: 'h',
      componentId: 'canvas.users',
    });
  });

  it('refuses a query over what is stale, and names it; others are answered', async () => {
    await nights.run({ failed: [DOWN], stale: ['canvas.users', 'campus.students'] });
    const asked = requireHealthy(nights.lake as never, {
      sql: 'SELECT s.id FROM campus.students s JOIN sis.students x ON s.id = x.id',
    });
    await expect(asked).rejects.toThrow(UnhealthyError);
    await expect(asked).rejects.toThrow(/campus\.students is stale since .*known up to/);
    await requireHealthy(nights.lake as never, { sql: 'SELECT id FROM sis.students' });
  });
});
