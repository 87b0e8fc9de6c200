import { DAY } from '../calendar.ts';
import { groupBy } from '../group-by.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import type { World } from '../model/world.ts';
import { globalId } from './ids.ts';

const SIZE = 5;

/** Project groups of some courses: formed in the second week; members come and go, some rows for good. */
export function teamTables(world: World): LivingTable[] {
  const shells = world.shells.filter((shell) => shell.n % 4 === 0 && shell.opensAt < world.closes);
  const formedAt = new Map(shells.map((shell) => [shell, world.calendar.at(shell.term.firstDay + 9, 660)]));
  const byShell = groupBy(world.enrolments, ({ section }) => section.shell);
  const members = shells.flatMap((shell) =>
    (byShell.get(shell) ?? [])
      .filter(
        ({ canvasAt, canvasLeftAt }) =>
          canvasAt <= formedAt.get(shell)! &&
          (canvasLeftAt ?? Number.POSITIVE_INFINITY) > formedAt.get(shell)!,
      )
      .map((enrolment, i) => ({
        enrolment,
        shell,
        team: shell.n * 20 + Math.floor(i / SIZE),
        formed: formedAt.get(shell)!,
      })),
  );
  const teams = [...groupBy(members, ({ team }) => team)].map(([n, own]) => ({
    n,
    shell: own[0]!.shell,
    formed: own[0]!.formed,
  }));
  const times = { created_at: 'timestamptz', updated_at: 'timestamptz' } as const;
  return [
    lifeTable({
      namespace: 'canvas',
      name: 'group_categories',
      columns: {
        id: 'bigint',
        context_id: 'bigint?',
        context_type: 'text?',
        name: 'text?',
        role: 'text?',
        self_signup: 'text?',
        group_limit: 'integer?',
        ...times,
        deleted_at: 'timestamptz?',
      },
      things: shells,
      moments: (shell) => [formedAt.get(shell)],
      row: (shell, at) => ({
        id: globalId(shell.n),
        context_id: globalId(shell.n),
        context_type: 'Course',
        name: 'Project groups',
        role: null,
        self_signup: null,
        group_limit: SIZE,
        created_at: at,
        updated_at: at,
        deleted_at: null,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'groups',
      columns: {
        id: 'bigint',
        context_id: 'bigint',
        context_type: 'text',
        group_category_id: 'bigint?',
        name: 'text?',
        workflow_state: 'text',
        max_membership: 'integer?',
        join_level: 'text?',
        ...times,
        deleted_at: 'timestamptz?',
      },
      things: teams,
      moments: ({ formed }) => [formed],
      row: ({ n, shell }, at) => ({
        id: globalId(n),
        context_id: globalId(shell.n),
        context_type: 'Course',
        group_category_id: globalId(shell.n),
        name: `Group ${(n % 20) + 1}`,
        workflow_state: 'available',
        max_membership: SIZE,
        join_level: 'invitation_only',
        created_at: at,
        updated_at: at,
        deleted_at: null,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'group_memberships',
      columns: {
        id: 'bigint',
        group_id: 'bigint',
        user_id: 'bigint',
        workflow_state: 'text',
        moderator: 'boolean?',
        ...times,
      },
      things: members,
      moments: ({ enrolment, formed }) => [
        formed,
        enrolment.canvasLeftAt,
        enrolment.n % 29 === 0 ? formed + 12 * DAY : undefined,
      ],
      row: ({ enrolment, team, formed }, at) => {
        if (enrolment.n % 29 === 0 && at >= formed + 12 * DAY) return undefined;
        return {
          id: globalId(enrolment.n),
          group_id: globalId(team),
          user_id: globalId(enrolment.student.n),
          workflow_state: at >= (enrolment.canvasLeftAt ?? Number.POSITIVE_INFINITY) ? 'deleted' : 'accepted',
          moderator: null,
          created_at: formed,
          updated_at: at,
        };
      },
    }),
  ];
}
