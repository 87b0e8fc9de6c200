import { DAY, HOUR } from '../calendar.ts';
import { groupBy } from '../group-by.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import type { World } from '../model/world.ts';
import { Random, uuidOf } from '../random.ts';
import { type Bill, owed } from './bills.ts';

const FUNDS = ['PELL', 'SEOG', 'STATE', 'LOAN', 'WORK'];

/** Financial aid: who applied, what was offered, what was paid. */
export function aidTables(world: World, bills: readonly Bill[]): LivingTable[] {
  const aided = bills.filter((bill) => bill.aid);
  const applicants = [...groupBy(aided, ({ student }) => student)].map(([student, own]) => ({
    student,
    at: Math.max(student.knownAt + 2 * HOUR, Math.min(...own.map(({ chargedAt }) => chargedAt)) - 20 * DAY),
  }));
  const paysAt = ({ term, chargedAt }: Bill) =>
    Math.max(chargedAt + DAY, world.calendar.at(term.firstDay + 10, 300));
  return [
    lifeTable({
      namespace: 'finaid',
      name: 'funds',
      key: ['fund_code'],
      columns: {
        fund_code: 'varchar(8)',
        title: 'varchar(60)',
        is_loan: 'boolean',
        yearly_cap: 'numeric(12,2)?',
      },
      things: FUNDS,
      moments: () => [world.opens],
      row: (fund) => ({
        fund_code: fund,
        title: `${fund} fund`,
        is_loan: fund === 'LOAN',
        yearly_cap: fund === 'PELL' ? '7395.00' : null,
      }),
    }),
    lifeTable({
      namespace: 'finaid',
      name: 'applications',
      key: ['application_id'],
      references: { student_id: 'registrar.students.student_id' },
      columns: {
        application_id: 'uuid',
        student_id: 'char(8)',
        aid_year: 'smallint',
        sai: 'integer?',
        parent_income: 'numeric(12,2)?',
        dependents: 'smallint?',
        received_at: 'timestamptz',
        isir: 'jsonb?',
      },
      things: applicants,
      moments: ({ at }) => [at, at + 12 * DAY],
      row: ({ student, at: receivedAt }, at) => {
        const random = new Random(world.seed, 'aid', student.n);
        const income = Math.round(Math.exp(10.6 + 0.6 * random.normal()));
        const verified = at > receivedAt;
        return {
          application_id: uuidOf('application', student.n),
          student_id: student.sisId,
          aid_year: 2027,
          sai: verified ? Math.round(income / 20) - 1500 : null,
          parent_income: random.chance(0.3) ? null : income.toFixed(2),
          dependents: random.int(6),
          received_at: receivedAt,
          isir: {
            verified,
            household: { size: 1 + random.int(6), parents: ['père', 'mère'].slice(0, random.int(3)) },
          },
        };
      },
    }),
    lifeTable({
      namespace: 'finaid',
      name: 'awards',
      key: ['student_id', 'term_code', 'fund_code'],
      references: {
        student_id: 'registrar.students.student_id',
        term_code: 'registrar.terms.term_code',
        fund_code: 'finaid.funds.fund_code',
      },
      columns: {
        student_id: 'char(8)',
        term_code: 'varchar(6)',
        fund_code: 'varchar(8)',
        offered: 'numeric(10,2)',
        paid: 'numeric(10,2)',
        status: 'varchar(10)',
        updated_at: 'timestamptz',
      },
      things: aided,
      moments: (bill) => [bill.chargedAt + DAY, paysAt(bill) + HOUR],
      row: (bill, at) => {
        const due = owed(bill, at);
        const payable = at > paysAt(bill);
        return {
          student_id: bill.student.sisId,
          term_code: bill.term.code,
          fund_code: FUNDS[bill.n % FUNDS.length]!,
          offered: '1850.00',
          paid: payable && due > 0 ? '1850.00' : '0.00',
          status: !payable ? 'offered' : due > 0 ? 'paid' : 'cancelled',
          updated_at: at,
        };
      },
    }),
  ];
}
