import { type LivingTable, lifeTable } from '../history.ts';
import { PROGRAMS } from '../model/catalogue.ts';
import { TERMS } from '../model/terms.ts';
import type { World } from '../model/world.ts';
import { uuidOf } from '../random.ts';
import { globalId, ROLE_OF, ROOT_ACCOUNT } from './ids.ts';

/** Accounts, roles, terms and grading periods: what stands before any course does. */
export function settingTables(world: World): LivingTable[] {
  const { opens, calendar } = world;
  const accounts = [
    { n: 1, name: 'Aurora Valley College', parent: null },
    ...PROGRAMS.map((program) => ({ n: program.n + 1, name: program.title, parent: ROOT_ACCOUNT })),
  ];
  const roles = [...new Set(Object.entries(ROLE_OF).filter(([name]) => name !== 'StudentViewEnrollment'))];
  return [
    lifeTable({
      namespace: 'canvas',
      name: 'accounts',
      columns: {
        id: 'bigint',
        name: 'text',
        parent_account_id: 'bigint?',
        root_account_id: 'bigint?',
        workflow_state: 'text',
        sis_source_id: 'text?',
        default_time_zone: 'text?',
        default_locale: 'text?',
        uuid: 'text?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: accounts,
      moments: () => [opens],
      row: ({ n, name, parent }, at) => ({
        id: globalId(n),
        name,
        parent_account_id: parent,
        root_account_id: parent,
        workflow_state: 'active',
        sis_source_id: n === 1 ? null : PROGRAMS[n - 2]!.code,
        default_time_zone: calendar.timeZone,
        default_locale: 'en',
        uuid: uuidOf('account', n),
        created_at: at,
        updated_at: at,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'roles',
      columns: {
        id: 'bigint',
        account_id: 'bigint',
        root_account_id: 'bigint',
        name: 'text',
        base_role_type: 'text',
        workflow_state: 'text',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: roles,
      moments: () => [opens],
      row: ([name, id], at) => ({
        id,
        account_id: ROOT_ACCOUNT,
        root_account_id: ROOT_ACCOUNT,
        name,
        base_role_type: name,
        workflow_state: 'built_in',
        created_at: at,
        updated_at: at,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'enrollment_terms',
      columns: {
        id: 'bigint',
        root_account_id: 'bigint',
        name: 'text?',
        sis_source_id: 'text?',
        term_code: 'text?',
        workflow_state: 'text',
        start_at: 'timestamptz?',
        end_at: 'timestamptz?',
        grading_period_group_id: 'bigint?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: TERMS,
      moments: (term) => [Math.max(opens, calendar.at(term.registrationDay - 10, 150))],
      row: (term, at) => ({
        id: globalId(term.n),
        root_account_id: ROOT_ACCOUNT,
        name: term.name,
        sis_source_id: term.code,
        term_code: term.code,
        workflow_state: 'active',
        start_at: calendar.midnight(term.firstDay),
        end_at: calendar.midnight(term.lastDay + 1),
        grading_period_group_id: globalId(term.n),
        created_at: at,
        updated_at: at,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'grading_period_groups',
      columns: {
        id: 'bigint',
        root_account_id: 'bigint?',
        course_id: 'bigint?',
        title: 'text?',
        weighted: 'boolean?',
        workflow_state: 'text',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: TERMS,
      moments: (term) => [Math.max(opens, calendar.at(term.registrationDay - 10, 150))],
      row: (term, at) => ({
        id: globalId(term.n),
        root_account_id: ROOT_ACCOUNT,
        course_id: null,
        title: term.name,
        weighted: false,
        workflow_state: 'active',
        created_at: at,
        updated_at: at,
      }),
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'grading_periods',
      columns: {
        id: 'bigint',
        grading_period_group_id: 'bigint',
        title: 'text',
        workflow_state: 'text',
        weight: 'double precision?',
        start_date: 'timestamptz',
        end_date: 'timestamptz',
        close_date: 'timestamptz?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: TERMS.flatMap((term) => [1, 2].map((half) => ({ term, half }))),
      moments: ({ term }) => [Math.max(opens, calendar.at(term.registrationDay - 10, 150))],
      row: ({ term, half }, at) => {
        const middle = term.firstDay + 56;
        const end = calendar.midnight(half === 1 ? middle : term.lastDay + 1);
        return {
          id: globalId(term.n * 2 + half),
          grading_period_group_id: globalId(term.n),
          title: half === 1 ? 'First half' : 'Second half',
          workflow_state: 'active',
          weight: 50,
          start_date: calendar.midnight(half === 1 ? term.firstDay : middle),
          end_date: end,
          close_date: end,
          created_at: at,
          updated_at: at,
        };
      },
    }),
  ];
}
