import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpsRow } from '../../src/ports/ledger.ts';
import { lakeOf } from '../lake-of.ts';

const HOUR = 3_600_000;

/** A lake of nights: every day from 1 November 2026 on, a table is shown at 02:00 UTC as it was an hour before. */
export interface Nights {
  readonly root: string;
  readonly rows: Map<string, OpsRow[]>;
  readonly notes: string[];
  /** The moment it is, epoch ms. */
  now: number;
  /** The table was shown on that day of the month, and is not known any further than `asOf` (epoch ms). */
  night(table: string, day: number, asOf?: number): void;
  /** Writes slo.yaml. */
  write(text: string): Promise<void>;
  lake(): ReturnType<typeof make>;
  remove(): Promise<void>;
}

export async function openNights(tables: readonly string[]): Promise<Nights> {
  const root = await mkdtemp(join(tmpdir(), 'slo-nights-'));
  const rows = new Map<string, OpsRow[]>();
  const nights: Nights = {
    root,
    rows,
    notes: [],
    now: Date.UTC(2026, 10, 20, 8),
    night(table, day, asOf) {
      const at = Date.UTC(2026, 10, day, 2);
      const shown = rows.get('published_tables') ?? [];
      shown.push({
        id: `${new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')}/${table}`,
        table_name: table,
        published_at: new Date(at).toISOString(),
        data_as_of: new Date(asOf ?? at - HOUR).toISOString(),
      });
      rows.set('published_tables', shown);
    },
    write: (text) => writeFile(join(root, 'slo.yaml'), text),
    lake: () => make(nights, tables),
    remove: () => rm(root, { recursive: true, force: true }),
  };
  return nights;
}

/** Of rows with one id the last counts, as in any ledger. */
function make(nights: Nights, tables: readonly string[]) {
  const { root, rows, notes } = nights;
  return lakeOf({
    campus: { root, timeZone: 'UTC', models: 'models', notify: [], name: 'Test College' },
    catalog: { datasets: tables.map((id) => ({ id })) },
    features: [],
    report: { note: (about: string, text: string) => notes.push(`${about}: ${text}`), progress: () => {} },
    platform: {
      target: 'local' as const,
      clock: { now: () => nights.now },
      secrets: {},
      ledger: {
        rows: async (table: string, prefix = '') =>
          (rows.get(table) ?? []).filter(({ id }) => id.startsWith(prefix)),
        append: async (table: string, added: readonly OpsRow[]) => {
          const ids = new Set(added.map(({ id }) => id));
          rows.set(table, [...(rows.get(table) ?? []).filter(({ id }) => !ids.has(id)), ...added]);
        },
      },
    },
  });
}
