import pg from 'pg';
import { DAY } from '../small-campus.ts';
import type { NetworkFault } from './network.ts';
import { type Bench, cause, HOUR, pick, type Trouble } from './trouble.ts';

/** Tables of the registrar that models read. */
const TABLES = ['registrations', 'students', 'sections', 'programs', 'terms'] as const;

/** Statements of the registrar, and those that take them back. */
const sql = (
  name: string,
  truth: (seed: number) => Trouble['truth'],
  statements: (seed: number) => { readonly there: readonly string[]; readonly back: readonly string[] },
): ((seed: number) => Trouble) => {
  return (seed) => ({
    name: `SIS: ${name}`,
    truth: truth(seed),
    async strike({ sis }) {
      const { there, back } = statements(seed);
      for (const one of there) await sis.query(one);
      return async () => {
        for (const one of back) await sis.query(one);
      };
    },
  });
};

const networked =
  (
    name: string,
    truth: Trouble['truth'],
    fault: (seed: number) => NetworkFault,
    more: Partial<Trouble> = {},
  ) =>
  (): Trouble => ({
    name,
    truth,
    ...more,
    async strike({ network }, seed) {
      network.set(fault(seed));
      return async () => network.set({});
    },
  });

/** Loads of five weeks before, of the size that a load has now times a factor: what is usual is known then. */
async function plantHistory({ campus, lake, sis, now }: Bench, table: string, factor: number): Promise<void> {
  const { rows } = await sis.query<{ n: string }>(`SELECT count(*) AS n FROM registrar.${table}`);
  const usual = Math.max(12, Math.round(Number(rows[0]!.n) * factor));
  const dataset = `sis.registrar_${table}`;
  await campus.look(lake, async ({ ledger }) => {
    const loads = [1, 2, 3, 4, 5].map((week) => {
      const at = new Date(now - week * 7 * DAY).toISOString();
      const run = `${at.replace(/[-:]|\.\d+/g, '')}-0000`;
      const times = { watermark: at, started_at: at, committed_at: at };
      const rows = usual + week;
      return {
        id: `${run}:${dataset}`,
        run,
        dataset,
        source: 'sis',
        kind: 'snapshot',
        rows,
        bytes: 1,
        files: 1,
        ...times,
      };
    });
    await ledger.append('loads', loads);
  });
}

const MANY = ['registrations', 'addresses', 'emails'] as const;

type Made = (seed: number) => Trouble;

const lockedTable: Made = (seed) => ({
  name: 'SIS: a table that another session has locked',
  truth: cause('sis-table-locked', 'sis'),
  async strike({ campus }) {
    const { host, port, database, owner } = campus.simulated.sis!;
    const client = new pg.Client({ host, port, database, user: owner.user, password: owner.password });
    client.on('error', () => undefined);
    await client.connect();
    await client.query(`BEGIN; LOCK TABLE registrar.${pick(TABLES, seed)} IN ACCESS EXCLUSIVE MODE`);
    return async () => client.end();
  },
});

const wrongPassword: Made = () => ({
  name: 'SIS: a wrong password',
  truth: cause('sis-unreachable', 'sis'),
  async strike({ campus }) {
    process.env.SIS_PASSWORD = 'not-the-password';
    return async () => {
      process.env.SIS_PASSWORD = campus.simulated.sis!.password;
    };
  },
});

/** A load that is smaller or larger than it has been on this weekday for weeks. */
const unusual = (name: string, factor: number): Made => {
  return (seed) => ({
    name: `SIS: ${name}`,
    truth: cause('volume-unusual', `sis.registrar_${pick(MANY, seed)}`),
    lasts: true,
    async strike(bench) {
      await plantHistory(bench, pick(MANY, seed), factor);
      return async () => undefined;
    },
  });
};

/** Columns that a model of the corpus reads. */
const COLUMNS = [
  ['programs', 'title'],
  ['terms', 'description'],
  ['students', 'program_code'],
] as const;

export const OF_DATABASE: readonly Made[] = [
  wrongPassword,
  networked('SIS: the database is down', cause('sis-unreachable', 'sis'), () => ({ down: true })),
  networked(
    'SIS: the database is down for three days, and every table is late',
    cause('sis-unreachable', 'sis'),
    () => ({ down: true }),
    { days: 4 },
  ),
  networked('SIS: the server restarts again and again', cause('sis-connection-cut', 'sis'), (seed) => ({
    cutAfter: 12_000 + 3_000 * seed,
  })),
  sql(
    'no connection is left',
    () => cause(['sis-unreachable', 'sis-connections-used-up'], 'sis'),
    () => ({ there: ['ALTER ROLE lake CONNECTION LIMIT 0'], back: ['ALTER ROLE lake CONNECTION LIMIT -1'] }),
  ),
  lockedTable,
  sql(
    'a table was renamed',
    () => cause(['sis-table-not-copied', 'configuration-mistake'], 'sis'),
    (seed) => {
      const table = pick(TABLES, seed);
      return {
        there: [`ALTER TABLE registrar.${table} RENAME TO ${table}_old`],
        back: [`ALTER TABLE registrar.${table}_old RENAME TO ${table}`],
      };
    },
  ),
  sql(
    'a right was lost',
    () => cause('sis-table-not-copied', 'sis'),
    (seed) => ({
      there: [`REVOKE SELECT ON registrar.${pick(TABLES, seed)} FROM lake`],
      back: [`GRANT SELECT ON registrar.${pick(TABLES, seed)} TO lake`],
    }),
  ),
  sql(
    'a table was emptied',
    (seed) => cause('table-emptied', `sis.registrar_${pick(TABLES, seed)}`),
    (seed) => {
      const table = `registrar.${pick(TABLES, seed)}`;
      return {
        there: [`CREATE TABLE public.kept AS TABLE ${table}`, `DELETE FROM ${table}`],
        back: [`INSERT INTO ${table} SELECT * FROM public.kept`, 'DROP TABLE public.kept'],
      };
    },
  ),
  sql(
    'rows come twice',
    (seed) => cause('rows-doubled', `sis.registrar_${pick(TABLES, seed)}`),
    (seed) => {
      const table = `registrar.${pick(TABLES, seed)}`;
      return {
        there: [
          `CREATE TABLE public.kept (LIKE ${table} INCLUDING ALL)`,
          `INSERT INTO public.kept SELECT * FROM ${table}`,
          `ALTER TABLE ${table} RENAME TO aside`,
          `CREATE TABLE ${table} AS SELECT * FROM registrar.aside UNION ALL SELECT * FROM registrar.aside`,
          `GRANT SELECT ON ${table} TO lake`,
        ],
        back: [
          `DROP TABLE ${table}`,
          `ALTER TABLE registrar.aside RENAME TO ${pick(TABLES, seed)}`,
          'DROP TABLE public.kept',
        ],
      };
    },
  ),
  sql(
    'a column that models read has another name',
    (seed) => cause('column-gone', `sis.registrar_${pick(COLUMNS, seed)[0]}`),
    (seed) => {
      const [table, column] = pick(COLUMNS, seed);
      return {
        there: [`ALTER TABLE registrar.${table} RENAME COLUMN ${column} TO ${column}_new`],
        back: [`ALTER TABLE registrar.${table} RENAME COLUMN ${column}_new TO ${column}`],
      };
    },
  ),
  unusual('half of the rows', 2),
  unusual('many times the rows', 1 / 6),
  () => ({
    name: 'SIS: a replica that does not keep up',
    truth: cause('source-lags', 'sis'),
    clocks: (seed) => ({ sis: -(8 + 5 * seed) * HOUR }),
  }),
  () => ({
    name: "SIS: the server's clock is ahead",
    truth: cause('clock-differs', 'sis'),
    clocks: (seed) => ({ sis: seed * HOUR }),
  }),
];

export const PASSING_OF_DATABASE: readonly Made[] = [
  () => ({
    name: 'SIS: every session is ended once, in the midst of a copy',
    truth: [],
    async strike({ sis }) {
      let ended = 0;
      const end = async () => {
        const { rowCount } = await sis.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lake' AND query ILIKE 'COPY%'",
        );
        ended += rowCount ?? 0;
        if (ended > 0) clearInterval(ending);
      };
      const ending = setInterval(() => void end(), 3);
      return async () => clearInterval(ending);
    },
  }),
  networked('SIS: a slow network', [], (seed) => ({ delayMs: 5 * seed })),
  sql(
    'a column is gone, and nothing breaks of it',
    () => [],
    () => ({
      there: ['ALTER TABLE registrar.addresses RENAME COLUMN country TO land'],
      back: ['ALTER TABLE registrar.addresses RENAME COLUMN land TO country'],
    }),
  ),
  () => ({
    name: 'clocks that differ a little',
    truth: [],
    clocks: (seed) => ({ lake: seed * 40_000, sis: -30_000 }),
  }),
];
