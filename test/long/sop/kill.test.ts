import { describe, expect, it } from 'vitest';
import { killAt, openMachine, SCENARIOS } from '../../sop/scenarios.ts';

/** Every so many operations; 1: every one. */
const STEP = Number(process.env.PROCEDURE_KILL_STEP ?? 1);

/** Each shipped procedure, killed before and after each of its writes and calls. */
describe('A procedure that is killed anywhere', () => {
  it.each(SCENARIOS.map((scenario) => [scenario.procedure, scenario] as const))(
    'ends the same: %s',
    async (_name, scenario) => {
      const machine = await openMachine(scenario);
      const whole = await machine.untilEnd();
      const operations = machine.operations();
      await machine.close();
      expect(whole.decision).toBe(scenario.decision);
      expect([...machine.effects.values()]).toEqual(scenario.acts);
      expect(operations).toBeGreaterThan(20);
      const faults: string[] = [];
      for (let at = 1; at <= operations; at += STEP)
        for (const fault of await killAt(scenario, at, whole)) faults.push(`at ${at}: ${fault}`);
      expect(faults).toEqual([]);
    },
  );
});
