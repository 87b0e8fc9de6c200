import { DAY, dateOf, HOUR } from '../calendar.ts';
import { groupBy } from '../group-by.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import type { Enrolment } from '../model/enrolments.ts';
import type { Student } from '../model/people.ts';
import type { Term } from '../model/terms.ts';
import type { World } from '../model/world.ts';
import { hash, Random, uuidOf } from '../random.ts';
import { canaryOf } from './canaries.ts';

const PER_CREDIT = 164.5;
const FUNDS = ['PELL', 'SEOG', 'STATE', 'LOAN', 'WORK'];

/** One student's term, as the offices that deal in money see it. */
interface Bill {
  readonly n: number;
  readonly student: Student;
  readonly term: Term;
  readonly enrolments: readonly Enrolment[];
  readonly chargedAt: number;
  readonly paidAt: number | undefined;
  readonly aid: boolean;
}

/** The bursar's accounts, charges and payments, and financial aid. */
export function moneyTables(world: World): LivingTable[] {
  const bills = [...groupBy(world.enrolments, ({ student, term }) => student.n * 10 + term.n).values()].map(
    (enrolments, i): Bill => {
      const { student, term } = enrolments[0]!;
      const random = new Random(world.seed, 'bill', student.n, term.n);
      const chargedAt = Math.min(...enrolments.map(({ registeredAt }) => registeredAt)) + HOUR;
      const due = world.calendar.at(term.firstDay - 7, 600);
      const paidAt = random.chance(0.85)
        ? Math.max(chargedAt + HOUR, due + random.between(-20, 60) * DAY)
        : undefined;
      return { n: i + 1, student, term, enrolments, chargedAt, paidAt, aid: random.chance(0.55) };
    },
  );
  return [...bursar(world, bills), ...aid(world, bills)];
}

function owed({ enrolments }: Bill, at: number): number {
  const credits = enrolments
    .filter(({ registeredAt, leftAt, term }) => {
      const refunded = leftAt !== undefined && leftAt <= at && leftAt < (term.censusDay + 1) * DAY;
      return registeredAt <= at && !refunded;
    })
    .reduce((sum, { section }) => sum + section.course.credits, 0);
  return credits * PER_CREDIT;
}

/** When a bill's amount moved: courses taken, and courses dropped early enough to be refunded. */
function movements({ enrolments, chargedAt }: Bill): number[] {
  return enrolments
    .flatMap(({ registeredAt, leftAt, term }) => [
      registeredAt,
      ...(leftAt !== undefined && leftAt < (term.censusDay + 1) * DAY ? [leftAt] : []),
    ])
    .map((at) => Math.max(at, chargedAt));
}

function bursar(world: World, bills: readonly Bill[]): LivingTable[] {
  const byStudent = groupBy(bills, ({ student }) => student);
  const paid = bills.filter(({ paidAt }) => paidAt !== undefined);
  const reversedAt = ({ n, paidAt }: Bill) => (hash(n, 'bounced') % 60 === 0 ? paidAt! + 4 * DAY : undefined);
  return [
    lifeTable({
      namespace: 'bursar',
      name: 'accounts',
      key: ['account_id'],
      references: { student_id: 'registrar.students.student_id' },
      columns: {
        account_id: 'integer',
        student_id: 'char(8)',
        opened_on: 'date',
        balance: 'numeric(12,2)',
        payment_plan: 'boolean',
        bank_routing: 'char(9)?',
        bank_account: 'varchar(34)?',
        updated_at: 'timestamptz',
      },
      things: world.students,
      moments: (student) => [
        student.knownAt + 600_000,
        ...(byStudent.get(student) ?? []).flatMap((bill) => [bill.paidAt, ...movements(bill)]),
      ],
      row: (student, at) => {
        const canary = canaryOf(world.seed, student.n);
        const has = hash(student.n, 'bank') % 3 > 0;
        const balance = (byStudent.get(student) ?? []).reduce(
          (sum, bill) =>
            sum +
            owed(bill, at) -
            (bill.paidAt !== undefined && bill.paidAt <= at ? owed(bill, bill.paidAt) : 0),
          0,
        );
        return {
          account_id: 500_000 + student.n,
          student_id: student.sisId,
          opened_on: dateOf(world.calendar.dayOf(student.knownAt)),
          balance: balance.toFixed(2),
          payment_plan: hash(student.n, 'plan') % 4 === 0,
          bank_routing: has ? canary.bankRouting : null,
          bank_account: has ? canary.bankAccount : null,
          updated_at: at,
        };
      },
    }),
    lifeTable({
      namespace: 'bursar',
      name: 'charges',
      key: ['charge_id'],
      references: { account_id: 'bursar.accounts.account_id', term_code: 'registrar.terms.term_code' },
      columns: {
        charge_id: 'bigint',
        account_id: 'integer',
        term_code: 'varchar(6)',
        kind: 'varchar(12)',
        amount: 'numeric(12,2)',
        rate: 'double precision',
        charged_at: 'timestamptz',
        due_on: 'date',
      },
      things: bills,
      moments: (bill) => movements(bill),
      row: (bill, at) => ({
        charge_id: BigInt(bill.n),
        account_id: 500_000 + bill.student.n,
        term_code: bill.term.code,
        kind: 'tuition',
        amount: owed(bill, at).toFixed(2),
        rate: PER_CREDIT,
        charged_at: bill.chargedAt,
        due_on: dateOf(bill.term.firstDay - 7),
      }),
    }),
    lifeTable({
      namespace: 'bursar',
      name: 'payments',
      key: ['payment_id'],
      references: { account_id: 'bursar.accounts.account_id' },
      columns: {
        payment_id: 'uuid',
        account_id: 'integer',
        amount: 'numeric(12,2)',
        method: 'varchar(10)',
        paid_at: 'timestamp',
        cleared_after: 'interval?',
        from_ip: 'inet?',
      },
      things: paid,
      // A payment that bounces is taken out of the books.
      moments: (bill) => [bill.paidAt, reversedAt(bill)],
      row: (bill, at) =>
        at >= (reversedAt(bill) ?? Number.POSITIVE_INFINITY)
          ? undefined
          : {
              payment_id: uuidOf('payment', bill.n),
              account_id: 500_000 + bill.student.n,
              amount: owed(bill, bill.paidAt!).toFixed(2),
              method: ['card', 'check', 'ach', 'cash'][bill.n % 4]!,
              paid_at: bill.paidAt!,
              cleared_after: bill.n % 5 === 0 ? null : `${1 + (bill.n % 3)} days 04:30:00`,
              from_ip: bill.n % 4 === 3 ? null : `192.0.2.${bill.n % 255}`,
            },
    }),
  ];
}

function aid(world: World, bills: readonly Bill[]): LivingTable[] {
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
