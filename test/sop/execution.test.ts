import { afterEach, describe, expect, it } from 'vitest';
import { answerRun, informRun, reportRun, resumeRun, startRun } from '../../src/app/sop/runs.ts';
import { reportHtml, reportMarkdown } from '../../src/sop/execution/report.ts';
import { loadRun } from '../../src/sop/execution/store.ts';
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
