import { DAY } from '../calendar.ts';
import { type LivingTable, lifeTable } from '../history.ts';
import type { World } from '../model/world.ts';
import { globalId, ROOT_ACCOUNT } from './ids.ts';

const MODULES = 5;
const PAGES = ['Welcome', 'Syllabus', 'How to reach me', 'Reading list'];

/** What teachers put into a course: modules, pages, dates in the calendar. */
export function contentTables(world: World): LivingTable[] {
  const taught = world.shells.filter((shell) => shell.opensAt < world.closes);
  const modules = taught.flatMap((shell) =>
    Array.from({ length: MODULES }, (_, i) => ({ shell, i, n: shell.n * 10 + i })),
  );
  const pages = taught.flatMap((shell) =>
    PAGES.map((title, i) => ({ shell, title, i, n: shell.n * 10 + i })),
  );
  const meetings = taught.flatMap((shell) =>
    Array.from({ length: shell.term.weeks }, (_, week) => ({ shell, week, n: shell.n * 100 + week })),
  );
  const gone = (n: number, at: number | undefined) => (n % 13 === 0 ? at : undefined);
  return [
    lifeTable({
      namespace: 'canvas',
      name: 'context_modules',
      columns: {
        id: 'bigint',
        context_id: 'bigint',
        context_type: 'text',
        name: 'text?',
        position: 'integer?',
        workflow_state: 'text',
        unlock_at: 'timestamptz?',
        require_sequential_progress: 'boolean?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
        deleted_at: 'timestamptz?',
      },
      things: modules,
      moments: ({ shell, i }) => [shell.madeAt, shell.opensAt + i * 14 * DAY],
      row: ({ shell, i, n }, at) => ({
        id: globalId(n),
        context_id: globalId(shell.n),
        context_type: 'Course',
        name: `Unit ${i + 1}`,
        position: i + 1,
        workflow_state: at >= shell.opensAt + i * 14 * DAY ? 'active' : 'unpublished',
        unlock_at: null,
        require_sequential_progress: n % 4 === 0 ? true : null,
        created_at: shell.madeAt,
        updated_at: at,
        deleted_at: null,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'wiki_pages',
      columns: {
        id: 'bigint',
        wiki_id: 'bigint',
        context_id: 'bigint',
        context_type: 'text',
        title: 'text?',
        url: 'text?',
        body: 'text?',
        workflow_state: 'text',
        editing_roles: 'text?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: pages,
      moments: ({ shell, i, n }) => [
        shell.madeAt + i * 3_600_000,
        shell.opensAt,
        gone(n, shell.opensAt + 30 * DAY),
      ],
      row: ({ shell, title, i, n }, at) => ({
        id: globalId(n),
        wiki_id: globalId(shell.n),
        context_id: globalId(shell.n),
        context_type: 'Course',
        title,
        url: title.toLowerCase().replaceAll(' ', '-'),
        body:
          n % 301 === 0
            ? '__dap_oversized_truncated__'
            : `<h2>${title}</h2>\n<p>“${shell.course.title}”\t— week by week</p>`,
        workflow_state:
          n % 13 === 0 && at >= shell.opensAt + 30 * DAY
            ? 'deleted'
            : at >= shell.opensAt
              ? 'active'
              : 'unpublished',
        editing_roles: 'teachers',
        created_at: shell.madeAt + i * 3_600_000,
        updated_at: at,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'calendar_events',
      columns: {
        id: 'bigint',
        context_id: 'bigint',
        context_type: 'text',
        title: 'text?',
        start_at: 'timestamptz?',
        end_at: 'timestamptz?',
        all_day: 'boolean?',
        location_name: 'text?',
        workflow_state: 'text',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
        deleted_at: 'timestamptz?',
      },
      things: meetings,
      // A meeting that is called off is deleted softly; one in 39 is erased for good a week later.
      moments: ({ shell, n, week }) => {
        const off = gone(n, shell.opensAt + week * 7 * DAY);
        return [shell.madeAt + DAY, off, off !== undefined && n % 39 === 0 ? off + 7 * DAY : undefined];
      },
      row: ({ shell, week, n }, at) => {
        const off = gone(n, shell.opensAt + week * 7 * DAY);
        if (off !== undefined && n % 39 === 0 && at >= off + 7 * DAY) return undefined;
        const start = world.calendar.at(
          shell.term.firstDay + week * 7 + (shell.n % 5),
          540 + (shell.n % 9) * 60,
        );
        const deleted = off !== undefined && at >= off;
        return {
          id: globalId(n),
          context_id: globalId(shell.n),
          context_type: 'Course',
          title: `${shell.course.subject} ${shell.course.number}, week ${week + 1}`,
          start_at: start,
          end_at: start + 75 * 60_000,
          all_day: false,
          location_name: shell.n % 3 === 0 ? null : `Room ${100 + (shell.n % 250)}`,
          workflow_state: deleted ? 'deleted' : 'active',
          created_at: shell.madeAt + DAY,
          updated_at: at,
          deleted_at: deleted ? off : null,
        };
      },
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'wikis',
      columns: {
        id: 'bigint',
        title: 'text?',
        front_page_url: 'text?',
        has_no_front_page: 'boolean?',
        root_account_id: 'bigint?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: taught,
      moments: (shell) => [shell.madeAt],
      row: (shell, at) => ({
        id: globalId(shell.n),
        title: `${shell.course.title} Wiki`,
        front_page_url: 'welcome',
        has_no_front_page: null,
        root_account_id: ROOT_ACCOUNT,
        created_at: at,
        updated_at: at,
      }),
    }),
  ];
}
