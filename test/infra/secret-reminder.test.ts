import { expect, it } from 'vitest';
import { monthlyOf } from '../../lib/cost/estimate.ts';
import { usageOf } from '../../lib/cost/usage.ts';
import { CAMPUS, settingsFor } from './campus.ts';
import { deploy, ofType } from './deployed.ts';

const lake = (aws: object) => deploy(settingsFor({ ...CAMPUS, aws }));
const reminders = (aws: object) =>
  ofType(lake(aws), 'AWS::Scheduler::Schedule').filter(([id]) => id.startsWith('notify/'));

it('The team is reminded of the secrets only where campus.yaml asks for it, by its own topic, for less than a cent', () => {
  expect(reminders({})).toEqual([]);

  const [found] = reminders({ secretReminderDays: 90 });
  const [id, { Type, Properties }] = found!;
  const text = JSON.stringify(Properties);
  expect(Properties.ScheduleExpression).toBe('rate(90 days)');
  expect(text).toContain(':scheduler:::aws-sdk:sns:publish');
  expect(text).toContain('Change the secrets of the lake');
  const usage = usageOf(settingsFor(CAMPUS), { students: 10_000, models: 0, waves: 0 });
  expect(monthlyOf([{ id, type: Type, properties: Properties }], usage)).toBeLessThan(0.01);
});

it.each([0, 1, 366, 1.5])('%d days are refused', (secretReminderDays) => {
  expect(() => settingsFor({ ...CAMPUS, aws: { secretReminderDays } })).toThrow();
});
