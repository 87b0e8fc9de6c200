import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/json.ts';
import type { LoadManifest } from '../../src/loads/load.ts';
import {
  abandoned,
  committed,
  foundEmpty,
  isCommitted,
  reloadWanted,
  requested,
  restageWanted,
  retrying,
  snapshotWanted,
  snapshotWantedInstead,
} from '../../src/loads/loading.ts';
import { type DatasetState, goodOf, newState, stagedLoadOf, stagedOf } from '../../src/loads/state.ts';
import {
  narrowedTo,
  passed,
  rejected,
  rowsAccepted,
  staged,
  withoutVersions,
} from '../../src/loads/table-state.ts';
import { decodeRecord, encodeRecord } from '../../src/state/records.ts';
import { toFormat1 } from '../state/format-1.ts';

const USERS = 'canvas.users';
const LOADS = ['r1', 'r2', 'r3'];
const time = { asOf: '2026-10-01T00:00:00Z', loadedAt: '2026-10-01T01:00:00Z' };
const manifest = (load: string, kind: LoadManifest['kind']): LoadManifest => ({
  load,
  dataset: USERS,
  kind,
  layout: 'dap',
  format: 'jsonl',
  since: 'w',
  watermark: time.asOf,
  files: [],
  startedAt: time.loadedAt,
});

type Change = readonly [name: string, change: (state: DatasetState) => DatasetState];

const load = fc.constantFrom(...LOADS);
/** Any change, whether or not the state is one in which a step would make it. */
const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(load, fc.boolean()).map(([id, whole]): Change => {
    const asked = { load: id, startedAt: 's', phase: 'requested', job: 'j' } as const;
    const question = whole ? ({ kind: 'snapshot' } as const) : ({ kind: 'increment', since: 'w' } as const);
    return [`requested ${id}`, (state) => requested(state, { ...asked, question })];
  }),
  fc.constantFrom<Change>(
    ['retrying', (state) => retrying(state, 1, 'later')],
    ['empty', foundEmpty],
    ['abandoned', abandoned],
    ['snapshot wanted', snapshotWanted],
    ['snapshot wanted instead', snapshotWantedInstead],
    ['restage wanted', restageWanted],
    ['reload wanted', reloadWanted],
    ['accepted', (state) => rowsAccepted(state, 0)],
    ['narrowed', (state) => narrowedTo(state, [{ digest: 'd' }])],
    ['not narrowed', (state) => narrowedTo(state, [])],
    ['staged is gone', (state) => withoutVersions(state, (version) => version === stagedOf(state)?.version)],
    ['good is gone', (state) => withoutVersions(state, (version) => version === goodOf(state)?.version)],
  ),
  fc
    .tuple(load, fc.constantFrom('snapshot' as const, 'increment' as const))
    .map(
      ([id, kind]): Change => [`committed ${id}`, (state) => committed(state, manifest(id, kind), `m/${id}`)],
    ),
  fc.tuple(fc.nat(9), fc.boolean()).map(([rows, some]): Change => {
    const version = { table: USERS, columns: [], rows, storage: {} };
    return [`staged ${rows}`, (state) => staged(state, { version, time, loads: some ? state.pending : [] })];
  }),
  load.map((id): Change => [`passed ${id}`, (state) => passed(state, id)]),
  fc
    .tuple(load, fc.boolean())
    .map(([id, emptied]): Change => [`rejected ${id}`, (state) => rejected(state, id, emptied)]),
);

describe('A dataset’s state', () => {
  it('is one that can be, whatever happens in whichever order', () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 30 }), (all) => {
        let state = newState(USERS);
        for (const [, change] of all) {
          const before = state;
          state = change(before);
          // Nothing waits that was never committed, and no load counts twice.
          if (state.pending.length > 0) expect(state.committed).toBeDefined();
          expect(new Set(state.pending.map((one) => one.load)).size).toBe(state.pending.length);
          expect(state.pending.slice(1).every(({ kind }) => kind === 'increment')).toBe(true);
          // What has passed is what a check has passed: no other change makes a version good.
          const good = goodOf(state)?.version;
          if (good && good !== goodOf(before)?.version) expect(good).toBe(stagedOf(before)?.version);
          const stored = encodeRecord(`dataset/${USERS}`, state as unknown as Json);
          expect(decodeRecord(`dataset/${USERS}`, stored, 'f')).toEqual(state);
        }
        // A lake of format 1 in this state is a lake in this state.
        const { table } = state;
        const isSame = 'good' in table && 'staged' in table && table.good?.load === table.staged.load;
        const old = decodeRecord<{ [key: string]: Json }>(`dataset/${USERS}`, toFormat1(state), 'f');
        if (isSame) expect(old).toMatchObject({ table: { phase: table.phase } });
        else expect(old).toEqual(state);
      }),
      { numRuns: 150 },
    );
  });

  it('counts a load from its commit until it is staged and after, and a load of another run never', () => {
    const waiting = committed(newState(USERS), manifest('r1', 'snapshot'), 'm');
    const version = { table: USERS, columns: [], rows: 1, storage: {} };
    const done = staged(waiting, { version, loads: waiting.pending });
    expect([waiting, done].map((state) => [isCommitted(state, 'r1'), isCommitted(state, 'r2')])).toEqual([
      [true, false],
      [true, false],
    ]);
    const gone = withoutVersions(done, () => true);
    expect([isCommitted(gone, 'r1'), stagedLoadOf(gone), stagedOf(gone)]).toEqual([true, 'r1', undefined]);
  });
});
