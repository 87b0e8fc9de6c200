import { type LivingTable, lifeTable } from '../history.ts';
import type { Person } from '../model/people.ts';
import type { Shell } from '../model/teaching.ts';
import type { World } from '../model/world.ts';
import { hash, Random, uuidOf } from '../random.ts';
import { globalId, OFFSET, ROOT_ACCOUNT, tokenOf } from './ids.ts';

interface User {
  readonly n: number;
  readonly person: Person | undefined;
  readonly since: number;
  /** Changed their display name or pronouns. */
  readonly renamedAt: number | undefined;
  readonly lastLogin: readonly number[];
}

/** Users, their logins and addresses. Canvas learns of people in the night after the SIS did. */
export function peopleTables(world: World): LivingTable[] {
  const people: User[] = [...world.teachers, ...world.students, ...world.assistants, ...world.observers].map(
    (person) => {
      const random = new Random(world.seed, 'user', person.n);
      const since = person.knownAt === world.opens ? world.opens : world.calendar.nextNight(person.knownAt);
      const renamedAt = random.chance(0.04) ? since + random.between(20, 300) * 86_400_000 : undefined;
      const lastLogin = Array.from(
        { length: 4 },
        () => since + random.between(86_400, 400 * 86_400) * 1000,
      ).sort();
      return { n: person.n, person, since, renamedAt, lastLogin };
    },
  );
  const testers: User[] = world.shells.map((shell: Shell) => ({
    n: OFFSET.testStudent + shell.n,
    person: undefined,
    since: shell.madeAt,
    renamedAt: undefined,
    lastLogin: [],
  }));
  const withInstId = people.filter((user) => hash(world.seed, 'inst', user.n) % 10 < 8);
  const loginRows = [
    ...people.map((user) => ({ user, inst: false })),
    ...withInstId.map((user) => ({ user, inst: true })),
  ];
  return [
    lifeTable({
      namespace: 'canvas',
      name: 'users',
      columns: {
        id: 'bigint',
        name: 'text?',
        sortable_name: 'text?',
        short_name: 'text?',
        workflow_state: 'text',
        locale: 'text?',
        time_zone: 'text?',
        uuid: 'text?',
        lti_context_id: 'text?',
        pronouns: 'text?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
        deleted_at: 'timestamptz?',
      },
      things: [...people, ...testers],
      moments: (user) => [user.since, user.renamedAt],
      row: (user, at) => {
        const { given, family } = user.person?.name ?? { given: 'Test', family: 'Student' };
        return {
          id: globalId(user.n),
          name: `${given} ${family}`,
          sortable_name: `${family}, ${given}`,
          short_name: user.renamedAt === at ? `${given.slice(0, 3)} ${family}` : `${given} ${family}`,
          workflow_state: user.person ? 'registered' : 'pre_registered',
          locale: hash(user.n, 'locale') % 12 === 0 ? 'es' : null,
          time_zone: world.calendar.timeZone,
          uuid: tokenOf('user', user.n),
          lti_context_id: uuidOf('user', user.n),
          pronouns: hash(user.n, 'pronouns') % 9 === 0 ? 'They/Them' : null,
          created_at: user.since,
          updated_at: at,
          deleted_at: null,
        };
      },
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'pseudonyms',
      columns: {
        id: 'bigint',
        user_id: 'bigint',
        account_id: 'bigint',
        workflow_state: 'text',
        unique_id: 'text',
        sis_user_id: 'text?',
        integration_id: 'text?',
        is_inst_id: 'boolean?',
        position: 'integer?',
        login_count: 'integer',
        failed_login_count: 'integer',
        last_request_at: 'timestamptz?',
        current_login_at: 'timestamptz?',
        last_login_at: 'timestamptz?',
        current_login_ip: 'text?',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
        deleted_at: 'timestamptz?',
      },
      things: loginRows,
      moments: ({ user, inst }) => (inst ? [user.since + 60_000] : [user.since, ...user.lastLogin]),
      row: ({ user, inst }, at) => {
        const logins = inst ? [] : user.lastLogin.filter((login) => login <= at);
        return {
          id: globalId(inst ? OFFSET.instPseudonym + user.n : user.n),
          user_id: globalId(user.n),
          account_id: ROOT_ACCOUNT,
          workflow_state: inst ? 'suspended' : 'active',
          unique_id: inst ? tokenOf('inst', user.n).slice(0, 24) : user.person!.login,
          sis_user_id: inst || user.person!.sisId.startsWith('P') ? null : user.person!.sisId,
          integration_id: null,
          is_inst_id: inst,
          position: inst ? 2 : 1,
          login_count: logins.length * 11,
          failed_login_count: hash(user.n, 'failed') % 3,
          last_request_at: logins.at(-1) ?? null,
          current_login_at: logins.at(-1) ?? null,
          last_login_at: logins.at(-2) ?? null,
          current_login_ip: logins.length === 0 ? null : `198.51.100.${hash(user.n, 'ip') % 254}`,
          created_at: user.since,
          updated_at: at,
          deleted_at: null,
        };
      },
    }),
    lifeTable({
      namespace: 'canvas',
      name: 'communication_channels',
      columns: {
        id: 'bigint',
        user_id: 'bigint',
        pseudonym_id: 'bigint?',
        path: 'text',
        path_type: 'text',
        position: 'integer',
        workflow_state: 'text',
        bounce_count: 'integer',
        created_at: 'timestamptz',
        updated_at: 'timestamptz',
      },
      things: people,
      // A user who changed name retired the old address; some of these rows are erased for good.
      moments: (user) => [user.since, user.renamedAt],
      row: (user, at) => {
        if (at === user.renamedAt && user.n % 2 === 0) return undefined;
        return {
          id: globalId(user.n),
          user_id: globalId(user.n),
          pseudonym_id: globalId(user.n),
          path: `${user.person!.login}@aurora.example`,
          path_type: hash(user.n, 'path') % 25 === 0 ? 'sms' : 'email',
          position: 1,
          workflow_state:
            at === user.renamedAt ? 'retired' : hash(user.n, 'c') % 6 === 0 ? 'unconfirmed' : 'active',
          bounce_count: 0,
          created_at: user.since,
          updated_at: at,
        };
      },
    }),
  ];
}
