import { DAY, dateOf } from '../calendar.ts';
import { groupBy } from '../group-by.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import type { World } from '../model/world.ts';
import { hash, uuidOf } from '../random.ts';
import { type Bill, movements, owed, PER_CREDIT } from './bills.ts';
import { canaryOf } from './canaries.ts';

/** The bursar's accounts, charges and payments. */
export function bursarTables(world: World, bills: readonly Bill[]): LivingTable[] {
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
