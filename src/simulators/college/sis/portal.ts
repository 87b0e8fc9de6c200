import { HOUR } from '../calendar.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import type { Student } from '../model/people.ts';
import type { World } from '../model/world.ts';
import { hash, uuidOf } from '../random.ts';

interface Session {
  readonly student: Student;
  readonly day: number;
  readonly at: number;
}

const PORTAL = hash('portal');
/** A student looks into the portal once in so many days. */
const EVERY = 40;

/** Who is logged in to the student portal: rows that come and go within two days, so that every day deletes some. */
export function portalTable(world: World): LivingTable {
  return lifeTable({
    namespace: 'registrar',
    name: 'portal_sessions',
    key: ['session_id'],
    references: { student_id: 'registrar.students.student_id' },
    columns: {
      session_id: 'uuid',
      student_id: 'char(8)',
      began_at: 'timestamptz',
      last_seen_at: 'timestamptz',
      from_ip: 'inet',
      idle_limit: 'interval',
    },
    things: () => sessions(world),
    moments: ({ at, day }) => [at, at + HOUR, world.calendar.at(day + 1, 210)],
    row: ({ student, day, at: beganAt }, at) =>
      at >= world.calendar.at(day + 1, 210)
        ? undefined
        : {
            session_id: uuidOf('portal', student.n, day),
            student_id: student.sisId,
            began_at: beganAt,
            last_seen_at: at,
            from_ip: `192.0.2.${1 + (hash(student.n, day) % 254)}`,
            idle_limit: '00:30:00',
          },
  });
}

function sessions(world: World): Session[] {
  const found: Session[] = [];
  const last = world.calendar.dayOf(world.closes - 1);
  for (const student of world.students) {
    for (let day = world.calendar.dayOf(student.knownAt) + 1; day <= last; day += 1) {
      const draw = hash(world.seed, PORTAL, student.n, day);
      if (draw % EVERY > 0) continue;
      found.push({ student, day, at: world.calendar.at(day, 420 + (Math.floor(draw / EVERY) % 840)) });
    }
  }
  return found;
}
