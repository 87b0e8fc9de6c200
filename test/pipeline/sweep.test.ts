import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeState, readState } from '../../src/loads/dataset-state.ts';
import { writeModelRecord } from '../../src/pipeline/model-record.ts';
import { listPublications, publish } from '../../src/pipeline/publication.ts';
import { sweep } from '../../src/pipeline/steps/sweep.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { LedgerStore } from '../../src/ports/ledger.ts';
import type { ObjectStore } from '../../src/ports/objects.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { digestOfVersion } from '../../src/staging/definition.ts';
import { withPassed, withStaged } from '../loads/states.ts';

const NOW = Date.UTC(2026, 9, 1, 12);
const HOUR = 3_600_000;
const USERS = 'canvas.users';
const version = (table: string, id: string): TableVersion => ({
  table,
  columns: [],
  rows: 0,
  storage: { id },
  definition: { key: [id], columns: [] },
});

describe('The sweep', () => {
  let root: string;
  let ledger: LedgerStore;
  let objects: ObjectStore;
  let notes: string[];
  let asked: {
    keep: TableVersion[];
    olderThan: number;
    withdrawn: readonly string[];
    maintain: boolean | undefined;
  }[];
  let lake: Parameters<typeof sweep.run>[1];
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'sweep-'));
    ledger = openLocalLedger(join(root, 'ledger'));
    objects = openLocalObjects(root);
    notes = [];
    asked = [];
    lake = {
      campus: {
        sources: {},
        raw: { retentionDays: 90, rebuildFrom: 'raw' },
        ledger: { stepRetentionDays: 400 },
      },
      catalog: { datasets: [] },
      platform: {
        ledger,
        objects,
        clock: { now: () => NOW },
        engine: {
          capabilities: { background: false },
          sweep: async (
            keep: readonly TableVersion[],
            olderThan: number,
            withdrawn: readonly string[] = [],
            _budget?: unknown,
            maintain?: boolean,
          ) => {
            asked.push({ keep: [...keep], olderThan, withdrawn, maintain });
            return 1;
          },
        },
      },
      report: { note: (_about: string, text: string) => notes.push(text) },
      signal: new AbortController().signal,
    };
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const run = () => sweep.run({ run: 'r' }, lake);
  const shown = (id: string, tables: TableVersion[]) =>
    publish(lake.platform, {
      id,
      run: id,
      at: '2026-10-01T00:00:00Z',
      asOf: '2026-10-01T00:00:00Z',
      tables: Object.fromEntries(tables.map((table) => [table.table, table])),
      facts: {},
    });

  it('keeps what is staged, has passed or was built, though no publication shows it yet', async () => {
    const [published, passed, staged] = ['l1', 'l2', 'l3'].map((id) => version(USERS, id));
    const built = version('campus.students', 'r2');
    await shown('r1', [published!]);
    await changeState(ledger, USERS, (state) => withStaged(withPassed(state, passed!, 'l2'), staged!, 'l3'));
    await writeModelRecord(ledger, { model: 'students', run: 'r2', version: built });

    await run();

    expect(asked.map(({ keep }) => keep)).toEqual([[published, staged, passed, built]]);
  });

  it('joins no files and tidies no ledger while maintenance is held, and removes what nobody needs', async () => {
    let tidied = 0;
    const tidy = async () => {
      tidied += 1;
      return { damaged: 0 };
    };
    lake = { ...lake, platform: { ...lake.platform, ledger: Object.assign(ledger, { tidy }) } };
    const held = async () => ({ because: 'a budget is spent', hint: '' });
    expect(await sweep.run({ run: 'r' }, { ...lake, held })).toEqual({ freed: 1 });
    expect([asked.at(-1)?.maintain, tidied]).toEqual([false, 0]);
    await run();
    expect([asked.at(-1)?.maintain, tidied]).toEqual([true, 1]);
  });

  it('leaves an hour to what is being written, and none to what was withdrawn, once', async () => {
    await ledger.write('withdrawn/tables', { tables: [USERS] }, undefined);

    await run();
    await run();

    expect(asked.map(({ olderThan }) => olderThan)).toEqual([NOW - HOUR, NOW - HOUR]);
    expect(asked.map(({ withdrawn }) => withdrawn)).toEqual([[USERS], []]);
  });

  it('removes nothing while a record cannot be read: it may name any file', async () => {
    for (const id of ['r1', 'r2', 'r3', 'r4']) await shown(id, []);
    await changeState(ledger, USERS, (state) => withStaged(state, version(USERS, 'l1'), 'l1'));
    await writeFile(join(root, 'ledger/state', `${encodeURIComponent(`dataset/${USERS}`)}.json`), '');

    expect(await run()).toEqual({ freed: 0 });

    expect(asked).toEqual([]);
    expect(await listPublications(objects)).toEqual(['r1', 'r2', 'r3', 'r4']);
    expect(notes).toEqual([expect.stringContaining(USERS)]);
  });

  it('forgets the versions that show what must not be seen, and keeps those that do not', async () => {
    const [narrowed, good] = ['l1', 'l2'].map((id) => version(USERS, id));
    await changeState(ledger, USERS, (state) => ({
      ...withStaged(withPassed(state, narrowed!, 'l1'), good!, 'l2'),
      narrowed: [{ digest: digestOfVersion(narrowed!) }],
    }));

    await run();

    expect(asked.map(({ keep }) => keep)).toEqual([[good]]);
    const { state } = await readState(ledger, USERS);
    expect(state.table).toEqual({ phase: 'unchecked', staged: { version: good, load: 'l2' } });
  });
});
