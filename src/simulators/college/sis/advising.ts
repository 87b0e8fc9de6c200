import { DAY, dateOf } from '../calendar.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import type { Student } from '../model/people.ts';
import type { World } from '../model/world.ts';
import { hash, Random } from '../random.ts';

/** Advisors, holds and placement tests. Advising changes hands and holds are lifted: both by erasing rows. */
export function advisingTables(world: World): LivingTable[] {
  const advisors = world.teachers.filter((_, i) => i % 3 === 0);
  const advised = world.students.flatMap((student) => {
    const random = new Random(world.seed, 'advisor', student.n);
    const first = random.pick(advisors);
    const second = random.pick(advisors);
    const changesAt =
      random.chance(0.15) && first !== second ? student.knownAt + random.between(40, 320) * DAY : undefined;
    const since = student.knownAt + 3600_000;
    return [
      { student, advisor: first, since, until: changesAt },
      ...(changesAt === undefined ? [] : [{ student, advisor: second, since: changesAt, until: undefined }]),
    ];
  });
  return [
    lifeTable({
      namespace: 'registrar',
      name: 'advisors',
      key: ['student_id', 'advisor_id'],
      references: { student_id: 'registrar.students.student_id', advisor_id: 'registrar.persons.person_id' },
      columns: {
        student_id: 'char(8)',
        advisor_id: 'char(8)',
        role: 'varchar(10)',
        since: 'date',
        notes: 'text?',
      },
      things: advised,
      moments: ({ since, until }) => [since, until],
      row: ({ student, advisor, since, until }, at) =>
        until !== undefined && at >= until
          ? undefined
          : {
              student_id: student.sisId,
              advisor_id: advisor.sisId,
              role: 'primary',
              since: dateOf(world.calendar.dayOf(since)),
              notes: hash(student.n, 'note') % 9 === 0 ? 'Wants to transfer; “undecided” on a major.' : null,
            },
    }),
    holds(world),
    tests(world),
  ];
}

interface Hold {
  readonly n: number;
  readonly student: Student;
  readonly kind: string;
  readonly placedAt: number;
  readonly liftedAt: number | undefined;
}

function holds(world: World): LivingTable {
  const all: Hold[] = world.students
    .filter((student) => hash(world.seed, 'hold', student.n) % 7 === 0)
    .map((student, i) => {
      const random = new Random(world.seed, 'holds', student.n);
      const placedAt = student.knownAt + random.between(20, 300) * DAY;
      return {
        n: i + 1,
        student,
        kind: random.pick(['BURSAR', 'BURSAR', 'ADVISING', 'IMMUNIZE', 'LIBRARY']),
        placedAt,
        liftedAt: random.chance(0.6) ? placedAt + random.between(2, 60) * DAY : undefined,
      };
    });
  return lifeTable({
    namespace: 'registrar',
    name: 'holds',
    key: ['hold_id'],
    references: { student_id: 'registrar.students.student_id' },
    columns: {
      hold_id: 'integer',
      student_id: 'char(8)',
      kind: 'varchar(10)',
      placed_at: 'timestamptz',
      amount: 'numeric(10,2)?',
      blocks_registration: 'boolean',
      reason: 'text?',
      review_after: 'interval?',
    },
    things: all,
    moments: ({ placedAt, liftedAt }) => [placedAt, liftedAt],
    row: ({ n, student, kind, placedAt, liftedAt }, at) =>
      liftedAt !== undefined && at >= liftedAt
        ? undefined
        : {
            hold_id: n,
            student_id: student.sisId,
            kind,
            placed_at: placedAt,
            amount: kind === 'BURSAR' ? (50 + (hash(n, 'owed') % 90_000) / 100).toFixed(2) : null,
            blocks_registration: kind !== 'LIBRARY',
            reason: n % 4 === 0 ? null : `Placed by ${kind.toLowerCase()} office`,
            review_after: n % 3 === 0 ? '30 days' : null,
          },
  });
}

function tests(world: World): LivingTable {
  const all = world.students.flatMap((student) =>
    ['PLACE-M', 'PLACE-E', 'ACT']
      .filter((code) => hash(world.seed, code, student.n) % 3 > 0)
      .map((code, i) => ({ student, code, n: student.n * 4 + i })),
  );
  return lifeTable({
    namespace: 'registrar',
    name: 'test_scores',
    key: ['test_id'],
    references: { student_id: 'registrar.students.student_id' },
    columns: {
      test_id: 'bigint',
      student_id: 'char(8)',
      test_code: 'varchar(8)',
      score: 'numeric(6,2)',
      percentile: 'real?',
      taken_on: 'date',
      taken_at: 'time?',
      details: 'jsonb?',
    },
    things: all,
    moments: ({ student }) => [student.knownAt + 600_000],
    row: ({ student, code, n }) => {
      const random = new Random(world.seed, 'test', n);
      const share = 1 / (1 + Math.exp(-0.8 * student.strength - 0.8 * random.normal()));
      return {
        test_id: BigInt(n),
        student_id: student.sisId,
        test_code: code,
        score: (code === 'ACT' ? Math.round(8 + 28 * share) : 20 + 100 * share).toFixed(2),
        percentile: random.chance(0.1) ? null : Math.fround(share),
        taken_on: dateOf(world.calendar.dayOf(student.knownAt) - random.between(1, 300)),
        taken_at: random.chance(0.5) ? '09:15:00.5' : null,
        details: random.chance(0.3)
          ? { sections: [Math.round(share * 36), Math.round(share * 34)], retake: false }
          : null,
      };
    },
  });
}
