import { ADMINISTRATOR } from '../../../access/authorize.ts';
import { InputError } from '../../../errors.ts';
import { openPolicy } from '../../../pipeline/open-policy.ts';
import type { Lake } from '../../../ports/step.ts';
import { DATE, list, NUMBER, record, TEXT } from '../../../sop/language/types.ts';
import type { Tool } from '../../../sop/tool.ts';
import { accessLog } from '../../access/access-log.ts';
import { reviewAccess } from '../../access/review-access.ts';
import { reloadDatasets } from '../../repair/reload-datasets.ts';

/** Who may see what, and who has seen it: see docs/access.md. */
export const accessTools = (lake: Lake): Tool[] => [
  {
    name: 'access-review',
    about:
      'What access.yaml may not mean: repeated columns, columns without a class, lines that nothing uses',
    takes: {},
    gives: record({
      roles: NUMBER,
      tables: NUMBER,
      warnings: list(record({ kind: TEXT, role: TEXT, about: TEXT, text: TEXT })),
    }),
    roles: [ADMINISTRATOR],
    acts: false,
    again: 'safe',
    async run() {
      const { roles, tables, warnings } = reviewAccess(await openPolicy(lake));
      const rows = warnings.map(({ kind, role, about, text }) => ({ kind, role: role ?? null, about, text }));
      return { value: { roles, tables, warnings: rows } };
    },
  },
  {
    name: 'access-summary',
    about:
      'What one principal has read since a moment: accesses, refusals, rows, people, exports, tables, roles',
    takes: {
      principal: { type: TEXT, about: 'As ops.access has it' },
      since: { type: DATE, about: 'A day or a moment, ISO 8601' },
    },
    gives: record({
      accesses: NUMBER,
      refused: NUMBER,
      rows: NUMBER,
      people: NUMBER,
      exports: NUMBER,
      emergencies: NUMBER,
      outside_hours: NUMBER,
      tables: list(TEXT),
      roles: list(TEXT),
      first_at: DATE,
      last_at: DATE,
    }),
    roles: [ADMINISTRATOR],
    acts: false,
    again: 'safe',
    async run({ args }) {
      const all = await accessLog(lake, { since: String(args.since) });
      const own = all.filter(({ principal }) => principal === args.principal);
      const sum = (of: (one: (typeof own)[number]) => number) =>
        own.reduce((total, one) => total + of(one), 0);
      const distinct = (of: (one: (typeof own)[number]) => readonly string[]) =>
        [...new Set(own.flatMap(of))].sort();
      const hour = hourIn(lake.campus.timeZone);
      return {
        value: {
          accesses: own.length,
          refused: sum(({ outcome }) => Number(outcome === 'refused')),
          rows: sum(({ rows = 0 }) => rows),
          people: sum(({ people = 0 }) => people),
          exports: sum(({ channel }) => Number(channel === 'export')),
          emergencies: sum(({ breakGlass }) => Number(breakGlass !== undefined)),
          outside_hours: sum(({ at }) => Number(hour(at) < 6 || hour(at) >= 22)),
          tables: distinct(({ tables }) => tables),
          roles: distinct(({ role }) => [role]),
          first_at: own.at(-1)?.at ?? null,
          last_at: own[0]?.at ?? null,
        },
        query: 'ops.access of one principal since a moment',
      };
    },
  },
  {
    name: 'remove-login',
    about:
      "Removes a login of the warehouse, so that it can read nothing any more; the role's other logins stay",
    takes: { login: { type: TEXT, about: 'Its name' } },
    gives: record({ login: TEXT }),
    roles: [ADMINISTRATOR],
    acts: true,
    again: 'by-key',
    async run({ args }) {
      const { logins } = lake.platform.warehouse;
      if (!logins)
        throw new InputError('The warehouse of this target has no logins of the lake.', {
          hint: 'take the login away where it was made',
        });
      const login = String(args.login);
      const isThere = (await logins.list()).some((one) => one.login === login);
      if (isThere) await logins.remove(login);
      return { value: { login } };
    },
  },
  {
    name: 'reload',
    about: 'Has the next run load a table whole from its source',
    takes: { table: { type: TEXT, about: 'A dataset of the catalog' } },
    gives: record({ table: TEXT }),
    roles: [ADMINISTRATOR],
    acts: true,
    again: 'by-key',
    async run({ args }) {
      const [{ dataset } = { dataset: String(args.table) }] = await reloadDatasets(lake, [
        String(args.table),
      ]);
      return { value: { table: dataset } };
    },
  },
];

/** The hour of a moment where the college is, 0 to 23. */
function hourIn(timeZone: string): (iso: string) => number {
  const format = new Intl.DateTimeFormat('en-GB', { hour: 'numeric', hourCycle: 'h23', timeZone });
  return (iso) => Number(format.format(new Date(iso)));
}
