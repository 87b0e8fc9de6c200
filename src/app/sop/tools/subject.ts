import { ADMINISTRATOR } from '../../../access/authorize.ts';
import { readRequest } from '../../../erasure/register.ts';
import { SuppressionList } from '../../../erasure/suppression.ts';
import type { Lake } from '../../../ports/step.ts';
import { list, NUMBER, PERSON, record, TEXT } from '../../../sop/language/types.ts';
import { ERASED } from '../../../sop/people.ts';
import type { Tool } from '../../../sop/tool.ts';
import { eraseSubject } from '../../subject/erase-subject.ts';
import { holdSubject, readRegister, releaseHold } from '../../subject/hold-subject.ts';
import { planErasure } from '../../subject/plan-erasure.ts';
import { reportSubject } from '../../subject/report-subject.ts';

const student = { type: PERSON, about: 'A number of the SIS, or `canvas:` and the number of a user' };
const request = { type: TEXT, about: "Its name in the college's books; it must not name the person" };
const hold = { type: TEXT, about: "The hold's name in the college's books" };

/** Requests of one person: see docs/subject-requests.md. Answers have counts, and no rows of the person. */
export const subjectTools = (lake: Lake): Tool[] => [
  {
    name: 'record-summary',
    about: 'In which tables the lake holds rows of a person, and how many; the access is put on record',
    takes: { student },
    gives: record({ tables: list(record({ table: TEXT, rows: NUMBER })), rows: NUMBER, raw_records: NUMBER }),
    roles: [ADMINISTRATOR],
    acts: false,
    again: 'safe',
    async run({ args }) {
      const { tables, raw = [] } = await reportSubject(lake, String(args.student));
      const held = tables
        .filter(({ rows }) => rows.length > 0)
        .map(({ table, rows }) => ({ table, rows: rows.length }));
      const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
      const value = {
        tables: held,
        rows: sum(held.map(({ rows }) => rows)),
        raw_records: sum(raw.map(({ records }) => records)),
      };
      return { value };
    },
  },
  {
    name: 'erasure-plan',
    about: 'What an erasure would do to which tables, and which holds stand in its way; changes nothing',
    takes: { student, request },
    gives: record({
      numbers: NUMBER,
      tables: list(record({ table: TEXT, outcome: TEXT, rows: NUMBER })),
      holds: list(TEXT),
    }),
    roles: [ADMINISTRATOR],
    acts: false,
    again: 'safe',
    async run({ args }) {
      const plan = await planErasure(lake, { student: String(args.student), request: String(args.request) });
      const tables = plan.found.map(({ table, outcome, rows }) => ({ table, outcome, rows }));
      return { value: { numbers: plan.numbers, tables, holds: plan.holds.map((one) => one.hold) } };
    },
  },
  {
    name: 'erase',
    about:
      'Erases a person from every zone, verifies it and issues a certificate; by the name of the request, once',
    takes: { student, request },
    gives: record({ certificate: NUMBER }),
    roles: [ADMINISTRATOR],
    acts: true,
    again: 'by-key',
    async run({ args }) {
      const { register } = lake.platform;
      const given = { student: String(args.student), request: String(args.request) };
      const done = register && (await readRequest(register, given.request));
      if (register && done?.certificate !== undefined) {
        const subject = (await SuppressionList.create(register)).digest('subject', given.student);
        // An erasure takes the number out of its own execution too. A request about somebody else is refused below.
        if (given.student === ERASED || subject === done.subject)
          return { value: { certificate: done.certificate } };
      }
      const certificate = await eraseSubject(lake, given, { publish: () => {} });
      return { value: { certificate: certificate.sequence } };
    },
  },
  {
    name: 'hold',
    about: "Keeps a person's data from being erased while a case is open",
    takes: { student, hold, reason: { type: TEXT, about: 'Why, in words that name nobody' } },
    gives: record({ hold: TEXT }),
    roles: [ADMINISTRATOR],
    acts: true,
    again: 'by-key',
    async run({ args }) {
      const name = String(args.hold);
      await holdSubject(lake, { student: String(args.student), hold: name, reason: String(args.reason) });
      return { value: { hold: name } };
    },
  },
  {
    name: 'release-hold',
    about: 'Takes a hold away',
    takes: { hold },
    gives: record({ hold: TEXT }),
    roles: [ADMINISTRATOR],
    acts: true,
    again: 'by-key',
    async run({ args }) {
      const name = String(args.hold);
      const isHeld = (await readRegister(lake)).holds.some((one) => one.hold === name);
      if (isHeld) await releaseHold(lake, name);
      return { value: { hold: name } };
    },
  },
];
