import { type LivingTable, lifeTable } from '../history.ts';
import { PROGRAMS } from '../model/catalogue.ts';
import type { World } from '../model/world.ts';
import { Random } from '../random.ts';
import { standings } from './standings.ts';

/** A student's record: changed when the student is admitted and after every term. */
export function studentTable(world: World): LivingTable {
  const gradesOf = standings(world);
  return lifeTable({
    namespace: 'registrar',
    name: 'students',
    key: ['student_id'],
    references: {
      student_id: 'registrar.persons.person_id',
      program_code: 'registrar.programs.program_code',
    },
    columns: {
      student_id: 'char(8)',
      program_code: 'varchar(12)',
      admitted_term: 'varchar(6)?',
      student_type: 'char(1)?',
      residency: 'char(1)?',
      first_generation: 'boolean?',
      veteran: 'boolean?',
      disability_code: 'varchar(4)?',
      high_school_gpa: 'numeric(4,3)?',
      credits_earned: 'numeric(6,1)?',
      cumulative_gpa: 'numeric(4,3)?',
      status: 'char(2)',
      catalog_year: 'smallint?',
      updated_at: 'timestamptz',
    },
    things: world.students,
    moments: (student) => [student.knownAt, ...(gradesOf.get(student.n) ?? []).map(({ at }) => at)],
    row: (student, at) => {
      const draw = new Random(world.seed, 'record', student.n);
      const before = student.firstTerm ? 0 : draw.between(3, 40);
      const past = (gradesOf.get(student.n) ?? []).filter((term) => term.at <= at);
      const last = past.at(-1);
      return {
        student_id: student.sisId,
        program_code: PROGRAMS[student.program.n - 1]!.code,
        admitted_term: student.firstTerm?.code ?? null,
        student_type: student.firstTerm ? (past.length === 0 ? 'N' : 'C') : draw.pick(['C', 'C', 'T']),
        residency: draw.pick(['D', 'D', 'D', 'O', 'I']),
        first_generation: draw.pick([true, true, false, false, null]),
        veteran: draw.chance(0.05),
        disability_code: draw.chance(0.08) ? draw.pick(['LD', 'PH', 'PSY', 'VI']) : null,
        high_school_gpa: draw.chance(0.15)
          ? null
          : clampGpa(2.9 + 0.35 * student.strength + 0.3 * draw.normal()),
        credits_earned: (before + past.reduce((sum, term) => sum + term.earned, 0)).toFixed(1),
        cumulative_gpa: last === undefined || last.gpa === null ? null : last.gpa.toFixed(3),
        status: last !== undefined && last.attempted > 0 && last.earned === 0 ? 'IS' : 'AS',
        catalog_year: 2025,
        updated_at: at,
      };
    },
  });
}

function clampGpa(value: number): string {
  return Math.min(4, Math.max(1, value)).toFixed(3);
}
