import { afterEach, describe, expect, it } from 'vitest';
import {
  answerRun,
  informRun,
  listProcedureRuns,
  reportRun,
  resumeRun,
  startRun,
} from '../../src/app/sop/runs.ts';
import { evaluate } from '../../src/sop/execution/evaluate.ts';
import { reportHtml, reportMarkdown } from '../../src/sop/execution/report.ts';
import { loadRun, saveRun } from '../../src/sop/execution/store.ts';
import { peopleOfRuns } from '../../src/sop/people.ts';
import { openMachine, SCENARIOS, type Scenario } from './scenarios.ts';

const scenario = (name: string) => SCENARIOS.find(({ procedure }) => procedure === name)!;
const opened: { close(): Promise<void> }[] = [];
async function machineOf(of: Scenario) {
  const machine = await openMachine(of);
  opened.push(machine);
  return machine;
}
afterEach(async () => {
  for (const machine of opened.splice(0)) await machine.close();
});

describe('An execution of a procedure', () => {
  it('waits for the role that is asked, and no other', async () => {
    const machine = await machineOf(scenario('erasure-request'));
    const { id, waitsFor } = await startRun(
      machine.lakeAs('administrator'),
      'erasure-request',
      scenario('erasure-request').args,
      machine,
    );
    expect(waitsFor?.roles).toEqual(['registrar']);
    await expect(answerRun(machine.lakeAs('administrator'), id, { value: 'yes' }, machine)).rejects.toThrow(
      'is not asked',
    );
    await expect(answerRun(machine.lakeAs('registrar'), id, { value: 'maybe' }, machine)).rejects.toThrow(
      'no value',
    );
    const after = await answerRun(machine.lakeAs('registrar'), id, { value: 'yes' }, machine);
    // Whoever answers borrows no rights: the plan is made once the role that started it goes on.
    expect(after.status).toBe('running');
    expect(machine.calls).toEqual([]);
    expect((await resumeRun(machine.lakeAs('administrator'), id, machine)).waitsFor?.name).toBe('lawful');
    await expect(reportRun(machine.lakeAs('analyst'), id, machine)).rejects.toThrow('no execution');
  });

  it('takes answers before they are asked for', async () => {
    const one = scenario('failed-check');
    const machine = await machineOf(one);
    const { id } = await startRun(machine.lakeAs('administrator'), one.procedure, one.args, machine);
    await answerRun(machine.lakeAs('administrator'), id, { name: 'go', value: 'reject' }, machine);
    const end = await answerRun(machine.lakeAs('administrator'), id, { value: 'the source' }, machine);
    expect(end.decision).toBe('for the source');
    await expect(
      answerRun(machine.lakeAs('administrator'), id, { name: 'goo', value: 'x' }, machine),
    ).rejects.toThrow('did you mean "go"');
  });

  it('goes back where an answer is changed, and does again only what depends on it', async () => {
    const one = scenario('failed-check');
    const machine = await machineOf(one);
    const { id } = await startRun(machine.lakeAs('administrator'), one.procedure, one.args, machine);
    const first = await answerRun(machine.lakeAs('administrator'), id, { value: 'the rule' }, machine);
    expect(first.decision).toBe('change the rule');
    const calls = machine.calls.length;
    const second = await answerRun(
      machine.lakeAs('administrator'),
      id,
      { name: 'fault', value: 'the source' },
      machine,
    );
    expect(second).toMatchObject({ status: 'waiting', waitsFor: { name: 'go' } });
    expect(machine.calls.length).toBe(calls);
    const done = await answerRun(machine.lakeAs('administrator'), id, { value: 'approve' }, machine);
    expect(done.decision).toBe('reload asked for');
    // What was done stands, though it does not follow any more.
    const back = await answerRun(
      machine.lakeAs('administrator'),
      id,
      { name: 'fault', value: 'the rule' },
      machine,
    );
    expect(back).toMatchObject({ decision: 'change the rule', stands: [expect.stringContaining('@reload')] });
  });

  it('does again with new information what depends on it, and asks for approval once more', async () => {
    const one = scenario('late-feed');
    const machine = await machineOf(one);
    const first = await machine.untilEnd();
    const again = await informRun(
      machine.lakeAs('administrator'),
      first.id,
      { table: 'canvas.terms' },
      machine,
    );
    // The incident is the same one, so what was approved is what was done.
    expect(machine.calls.map(({ tool }) => tool)).toEqual([
      'table-health',
      'incidents',
      'repair-plan',
      'repair',
      'table-health',
      'incidents',
    ]);
    expect(again.decision).toBe('repaired');
    expect([...machine.effects.values()]).toEqual(['repair']);
  });

  it('has a log and a report without the number of a person', async () => {
    const machine = await machineOf(scenario('inspect-record'));
    const report = await machine.untilEnd();
    const rows = await machine.ledger.rows('procedure_steps', report.id);
    expect(rows.filter(({ tool }) => tool === 'record-summary')).toHaveLength(1);
    expect(rows.filter(({ kind }) => kind === 'ask').map(({ decided_as }) => decided_as)).toEqual([
      'registrar',
      'registrar',
      'registrar',
      'registrar',
    ]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    for (const text of [
      JSON.stringify(rows),
      reportMarkdown(report),
      reportHtml(report),
      JSON.stringify(await machine.ledger.list('procedures/')),
    ])
      expect(text).not.toContain('S1000014');
    expect(reportHtml(report)).toContain('Decision: inspected');
    expect(reportHtml(report)).not.toContain('<script');
  });

  it('forgets a person, and ends as it would have', async () => {
    const one = scenario('erasure-request');
    const isSought = (number: string) => number === 'S1000014';
    const machine = await machineOf(one);
    const erase = machine.tools.get('erase')!;
    // An erasure takes the person out of every record, the execution's own among them, while it works.
    const erasing = {
      ...erase,
      run: async (call: Parameters<typeof erase.run>[0]) => {
        const answer = await erase.run(call);
        await peopleOfRuns.forget(machine.objects, isSought);
        return answer;
      },
    };
    machine.tools.set('erase', erasing);
    const report = await machine.untilEnd();
    expect(report.decision).toBe('erased');
    expect([...machine.effects.values()]).toEqual(['erase']);
    expect(await peopleOfRuns.find(machine.objects, isSought)).toEqual([]);
    expect(JSON.stringify((await loadRun(machine.lakeAs('administrator'), report.id)).state)).not.toContain(
      'S1000014',
    );
  });

  it('asks again what was answered about another person', async () => {
    const one = scenario('erasure-request');
    const machine = await machineOf(one);
    const first = await machine.untilEnd();
    expect(first.decision).toBe('erased');
    // The plan of the other one has the same counts.
    const other = await informRun(
      machine.lakeAs('administrator'),
      first.id,
      { student: 'S1000015', request: '2026-033' },
      machine,
    );
    expect(other.waitsFor?.name).toBe('identity');
    expect([...machine.effects.values()]).toEqual(['erase']);
  });

  it('takes no approval of what nobody has seen, nor one of another role', async () => {
    const one = scenario('erasure-request');
    const machine = await machineOf(one);
    const { id } = await startRun(machine.lakeAs('administrator'), one.procedure, one.args, machine);
    await expect(
      answerRun(machine.lakeAs('administrator'), id, { name: 'go', value: 'approve' }, machine),
    ).rejects.toThrow('not asked for yet');
    await answerRun(machine.lakeAs('registrar'), id, { name: 'lawful', value: 'reject' }, machine);
    await answerRun(machine.lakeAs('registrar'), id, { value: 'yes' }, machine);
    const end = await resumeRun(machine.lakeAs('administrator'), id, machine);
    expect(end.decision).toBe('refused');
  });

  it('is seen by the role that is asked, and is nobody else’s of the same role', async () => {
    const asks = await machineOf(scenario('erasure-request'));
    const { id } = await startRun(
      asks.lakeAs('administrator'),
      'erasure-request',
      scenario('erasure-request').args,
      asks,
    );
    expect((await reportRun(asks.lakeAs('registrar'), id, asks)).waitsFor?.name).toBe('identity');

    const machine = await machineOf(scenario('at-risk-outreach'));
    const { args } = scenario('at-risk-outreach');
    const own = await startRun(machine.lakeAs('adviser'), 'at-risk-outreach', args, machine);
    const lake = machine.lakeAs('adviser');
    const colleague = { ...lake, session: { ...lake.session, principal: 'another adviser' } };
    await expect(answerRun(colleague, own.id, { value: 'nothing now' }, machine)).rejects.toThrow(
      "somebody else's",
    );
    await expect(informRun(colleague, own.id, { student: 'S1' }, machine)).rejects.toThrow("somebody else's");
    await expect(reportRun(colleague, own.id, machine)).rejects.toThrow('no execution');
    expect(await listProcedureRuns(colleague)).toEqual([]);
  });

  it('keeps what another process has written while it cleaned up', async () => {
    const one = scenario('late-feed');
    const machine = await machineOf(one);
    const { id } = await startRun(machine.lakeAs('administrator'), one.procedure, one.args, machine);
    const { state, version } = await loadRun(machine.lakeAs('administrator'), id);
    const lake = machine.lakeAs('administrator');
    let hasWritten = false;
    const objects = new Proxy(machine.objects, {
      get: (target, name) =>
        name === 'list' && !hasWritten
          ? async (prefix: string) => {
              hasWritten = true;
              const read = await loadRun(lake, id);
              await saveRun(lake, { ...read.state, because: 'later' }, [], read.version);
              return target.list(prefix);
            }
          : Reflect.get(target, name),
    });
    await saveRun({ platform: { ...lake.platform, objects } }, state, [], version);
    expect((await loadRun(lake, id)).state.because).toBe('later');
    expect(await machine.objects.list(`procedures/${id}/`)).toHaveLength(1);
  });

  it('stops at what fails, and goes on from there', async () => {
    const one = scenario('late-feed');
    let fails = true;
    const machine = await machineOf({
      ...one,
      finds: {
        ...one.finds,
        incidents: () => {
          if (fails) throw new Error('a value of somebody');
          return [];
        },
      },
    });
    const { id, ...report } = await startRun(
      machine.lakeAs('administrator'),
      one.procedure,
      one.args,
      machine,
    );
    expect(report.status).toBe('failed');
    expect(report.failure).not.toContain('somebody');
    fails = false;
    expect((await resumeRun(machine.lakeAs('administrator'), id, machine)).waitsFor?.name).toBe('next');
  });

  it('compares moments by when they are, whatever their offset', () => {
    const less = (a: string, b: string) =>
      evaluate(
        {
          kind: 'binary',
          operator: '<',
          left: { kind: 'literal', value: a },
          right: { kind: 'literal', value: b },
        } as Parameters<typeof evaluate>[0],
        new Map(),
      );
    expect(less('2026-11-30T23:00:00Z', '2026-12-01T00:30:00+02:00')).toBe(false);
    expect(less('2026-11-30', '2026-11-30T08:00:00Z')).toBe(true);
    expect(less('Ä', 'Z')).toBe(false);
  });

  it('is for the roles of the procedure', async () => {
    const machine = await machineOf(scenario('late-feed'));
    await expect(startRun(machine.lakeAs('analyst'), 'late-feed', { table: 'x' }, machine)).rejects.toThrow(
      'may not run',
    );
    await expect(startRun(machine.lakeAs('administrator'), 'late-fed', {}, machine)).rejects.toThrow(
      'did you mean "late-feed"',
    );
    await expect(
      startRun(machine.lakeAs('administrator'), 'late-feed', { tabel: 'x' }, machine),
    ).rejects.toThrow('needs no `tabel`');
  });
});
