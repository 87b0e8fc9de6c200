import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leaveOutBroken } from '../../src/pipeline/last-good.ts';
import { publish, type TableFacts } from '../../src/pipeline/publication.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { Uses } from '../../src/ports/step.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { lakeOf } from '../lake-of.ts';

const USERS = 'canvas.users';
const version = (id: string): TableVersion => ({ table: USERS, columns: [], rows: 1, storage: { id } });

describe('A version whose files are damaged', () => {
  let root: string;
  let lake: Uses<
    'session' | 'signal' | 'report' | 'ledger' | 'objects' | 'engine' | 'campus' | 'catalog' | 'secrets'
  >;
  let broken: string[];
  let notes: string[];
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'last-good-'));
    broken = [];
    notes = [];
    lake = lakeOf({
      campus: {},
      catalog: {},
      platform: {
        ledger: openLocalLedger(join(root, 'ledger')),
        objects: openLocalObjects(root),
        secrets: {},
        engine: {
          brokenFiles: async ({ storage }: TableVersion) =>
            broken.filter((id) => id === (storage as { id: string }).id),
        },
      },
      report: { note: (about: string, text: string) => notes.push(`${about}: ${text}`) },
    });
    const at = '2026-10-01T00:00:00Z';
    const facts = { [USERS]: { asOf: at, run: 'r1' } };
    await publish(lake.platform, {
      id: 'r1',
      run: 'r1',
      at,
      asOf: at,
      tables: { [USERS]: version('old') },
      facts,
    });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function published() {
    const tables = { [USERS]: version('new') };
    const facts: Record<string, TableFacts> = { [USERS]: { asOf: '2026-10-02T00:00:00Z', run: 'r2' } };
    await leaveOutBroken(lake, tables, facts);
    return { tables, facts };
  }

  it('is not published where the one before is whole, and that says how old it is', async () => {
    broken = ['new'];

    const { tables, facts } = await published();

    expect(tables).toEqual({ [USERS]: version('old') });
    const whyOld = 'the files of its newest version are damaged';
    expect(facts).toEqual({ [USERS]: { asOf: '2026-10-01T00:00:00Z', run: 'r1', whyOld, isStale: true } });
    expect(notes).toEqual([`${USERS}: ${whyOld}: the one before is shown; see lake repair`]);
  });

  it('leaves its table out where the one before is damaged too', async () => {
    broken = ['new', 'old'];

    const { tables, facts } = await published();

    expect(tables).toEqual({});
    expect(facts[USERS]).toMatchObject({ whyOld: 'its files are damaged', isStale: true });
  });

  it('is no other', async () => {
    const { tables, facts } = await published();

    expect(tables).toEqual({ [USERS]: version('new') });
    expect(facts[USERS]).toEqual({ asOf: '2026-10-02T00:00:00Z', run: 'r2' });
    expect(notes).toEqual([]);
  });
});
