import { z } from 'zod';
import { word } from '../../campus/words.ts';

const day = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a day as YYYY-MM-DD');

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const calendar = z.strictObject({
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .default(['mon', 'tue', 'wed', 'thu', 'fri'])
    .describe('Weekdays of teaching. Default: Monday to Friday'),
  breaks: z
    .array(z.strictObject({ from: day, to: day }))
    .default([])
    .describe('First and last days without teaching, such as holidays'),
});

const alert = z.strictObject({
  description: word().describe('What people read of it. It must not tell a grade'),
  when: word()
    .optional()
    .describe('The condition in plain English: no submission for 7 teaching days in any course'),
  expr: z
    .string()
    .regex(/\S/, 'an expression')
    .optional()
    .describe('The condition in the stack language; docs/alerts.md lists its words'),
  step: z
    .string()
    .regex(/^([1-9]\d{0,3}[mh]|day|teaching-day)$/, 'a step such as 5m, 1h, day or teaching-day')
    .optional()
    .describe('How often it is evaluated. Default: as `when` says; with `expr` once a day'),
  for: z.int().min(0).max(1000).default(0).describe('For how many more steps it has to hold. Default: 0'),
  absent: z
    .enum(['keep', 'end'])
    .optional()
    .describe(
      'A series without a datapoint stays as it was, or ends. Default: end; of "missed in a row": keep',
    ),
  severity: z.enum(['info', 'warning', 'error']).default('warning'),
  role: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,62}$/, 'the name of a role')
    .default('adviser')
    .describe('Who acts on it. A role `student` is never told what tells a grade. Default: adviser'),
  owner: word().optional().describe('Who answers for it'),
});

export const alertsSchema = z.strictObject({
  calendar: calendar.prefault({}),
  alerts: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'lower-case letters, digits and -, starting with a letter'),
      alert,
    )
    .default({}),
});

export type AlertsFile = z.infer<typeof alertsSchema>;
export type WrittenAlert = AlertsFile['alerts'][string];

export const weekdayNumber = (name: (typeof WEEKDAYS)[number]): number => WEEKDAYS.indexOf(name) + 1;
