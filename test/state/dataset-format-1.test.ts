import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/json.ts';
import {
  type DatasetState,
  goodOf,
  holdOf,
  stagedLoadOf,
  stagedOf,
  underWay,
} from '../../src/loads/state.ts';
import type { JsonObject } from '../../src/state/document.ts';
import { decodeRecord, encodeRecord } from '../../src/state/records.ts';

const version = (rows: number): JsonObject => ({ table: 'canvas.users', columns: [], rows, storage: {} });
const time = (day: number) => ({ asOf: `2026-10-0${day}T00:00:00Z`, loadedAt: `2026-10-0${day}T01:00:00Z` });

/** What each writer of format 1 left in a record, by the moment at which a process may have been killed. */
const LOADING: JsonObject = {
  idle: {},
  waiting: { inFlight: { load: 'r9', job: 'j', kind: 'snapshot', startedAt: 's' } },
  'asked again': {
    inFlight: { load: 'r9', job: 'j', kind: 'increment', since: 'w', startedAt: 's', attempts: 1 },
  },
  'to be asked again': {
    inFlight: {
      load: 'r9',
      job: 'j',
      kind: 'increment',
      since: 'w',
      startedAt: 's',
      attempts: 2,
      askAgainAt: 'a',
    },
  },
  'without data, no job': {
    inFlight: { load: 'r9', job: '', kind: 'snapshot', startedAt: 's', empty: true },
  },
  'without data, by its job': {
    inFlight: { load: 'r9', job: 'j', kind: 'increment', since: 'w', startedAt: 's', empty: true },
  },
};
const COMMITTED: JsonObject = {
  never: { pending: [] },
  'by an older lake': { watermark: time(9).asOf, pending: [] },
  waiting: {
    watermark: time(9).asOf,
    loadedAt: time(9).loadedAt,
    schemaVersion: 3,
    feed: { generation: 'g', taken: ['f'], make: 'm' },
    pending: [{ load: 'r8', kind: 'increment', manifest: 'm8' }],
    snapshotNext: true,
  },
};
const STAGED = {
  staged: version(2),
  stagedLoad: 'r2',
  stagedTime: time(2),
  base: { load: 'r1', watermark: 'w1' },
};
const COUNTED = { counted: { checks: { of: 'd', counts: [1, 0] }, keys: { of: 'e', sum: '7' } } };
const PASSED = { passed: version(1), passedLoad: 'r1', passedTime: time(1) };
const TABLE: JsonObject = {
  none: {},
  'staged, the first': { ...STAGED, rowsAtSource: 2, deliveredFaults: { setAside: { a: 1 }, replaced: {} } },
  passed: { ...STAGED, passed: version(2), passedLoad: 'r2', passedTime: time(2), ...COUNTED },
  'passed, by an older lake': { staged: version(2), stagedLoad: 'r2', passed: version(2), passedLoad: 'r2' },
  'staged onto one that passed': { ...STAGED, ...PASSED, restage: true },
  'a snapshot after one that passed': { ...STAGED, passed: version(1), passedTime: time(1) },
  rejected: { ...STAGED, ...PASSED, ...COUNTED, rejectedLoad: 'r2' },
  'rejected for having lost its rows': { ...STAGED, ...PASSED, rejectedLoad: 'r2', emptied: true },
  accepted: { ...STAGED, ...PASSED, rejectedLoad: 'r2', emptied: true, acceptedRows: 2 },
  'staged after one that was held back': {
    ...STAGED,
    ...PASSED,
    rejectedLoad: 'r1b',
    emptied: true,
    acceptedRows: 1,
  },
  'rejected, the first': { ...STAGED, rejectedLoad: 'r2' },
  withdrawn: {
    stagedLoad: 'r2',
    stagedTime: time(2),
    passedTime: time(2),
    base: { load: 'r1', watermark: 'w1' },
  },
  'withdrawn, an older one is good': { stagedLoad: 'r2', ...PASSED, rejectedLoad: 'r2', emptied: true },
};
const NARROWED: JsonObject = {
  nothing: {},
  something: { narrowed: ['d1', 'd2'], narrowedDefinitions: { d1: { key: ['id'], columns: [] } } },
};

const records: [string, JsonObject][] = Object.entries(LOADING).flatMap(([loading, a]) =>
  Object.entries(COMMITTED).flatMap(([committed, b]) =>
    Object.entries(TABLE).flatMap(([table, c]) =>
      Object.entries(NARROWED).map(([narrowed, d]): [string, JsonObject] => [
        `${loading} / ${committed} / ${table} / narrowed: ${narrowed}`,
        {
          dataset: 'canvas.users',
          ...(a as JsonObject),
          ...(b as JsonObject),
          ...(c as JsonObject),
          ...(d as JsonObject),
        },
      ]),
    ),
  ),
);
const read = (record: JsonObject, as = record) =>
  decodeRecord<JsonObject>('dataset/canvas.users', as, 'state.json') as unknown as DatasetState;

describe('A dataset’s record of format 1', () => {
  it('says in format 2, in every phase of both machines, what it said before', () => {
    expect(records).toHaveLength(468);
    for (const [what, old] of records) expect([what, meaningOf(read(old))]).toEqual([what, oldMeaning(old)]);
  });

  it('is the same when it has been written in format 2 and is read again', () => {
    for (const [what, old] of records) {
      const state = read(old);
      const stored = encodeRecord('dataset/canvas.users', state as unknown as Json) as JsonObject;
      expect([what, stored.formatVersion, read(stored)]).toEqual([what, 2, state]);
    }
  });

  it.each<[string, JsonObject, object]>([
    [
      'asks again for changes since nobody knows when',
      { inFlight: { load: 'r', job: 'j', kind: 'increment', startedAt: 's' } },
      { loading: { phase: 'idle' } },
    ],
    ['checks a version of which no load is known', { staged: version(1) }, { table: { phase: 'unchecked' } }],
    ['keeps what it does not know', { someday: { of: 'use' } }, { someday: { of: 'use' } }],
  ])('that no lake has written %s', (_what, fields, expected) => {
    expect(read({ dataset: 'canvas.users', pending: [], ...fields })).toMatchObject(expected);
  });

  it('that is damaged names its field, and none of its values', () => {
    expect(() => read({ dataset: 'canvas.users', pending: [], watermark: 7 })).toThrow('committed.watermark');
  });
});

/** What the steps go by. */
function meaningOf(state: DatasetState): object {
  const { table, committed, pending, snapshotNext, restage, narrowed } = state;
  const loading = underWay(state);
  const staged = stagedOf(state);
  return JSON.parse(
    JSON.stringify({
      inFlight: loading && { ...loading.question, load: loading.load, attempts: loading.attempts },
      isEmpty: loading?.phase === 'empty',
      job: loading?.job,
      askAgainAt: loading?.phase === 'retrying' ? loading.askAgainAt : undefined,
      committed,
      pending,
      snapshotNext,
      restage,
      narrowed: narrowed?.map(({ digest, definition }) => [digest, definition !== undefined]),
      staged: staged?.version,
      stagedLoad: stagedLoadOf(state),
      counts: [staged?.rowsAtSource, staged?.deliveredFaults],
      good: goodOf(state)?.version,
      goodTime: goodOf(state)?.time,
      counted: goodOf(state)?.counted,
      isDue: table.phase === 'unchecked' || table.phase === 'rejected',
      isHeldBack: table.phase === 'rejected',
      isWithdrawn: table.phase === 'withdrawn',
      hold: holdOf(state),
    }),
  );
}

/** The same, as the steps told it from the fields of format 1. */
function oldMeaning(old: JsonObject): object {
  const inFlight = old.inFlight as JsonObject | undefined;
  const { watermark, loadedAt = watermark, schemaVersion, feed } = old;
  const hold = { emptied: old.emptied, acceptedRows: old.acceptedRows };
  const newest = watermark === undefined ? undefined : { asOf: watermark, loadedAt };
  const { kind, since, load, attempts } = inFlight ?? {};
  return JSON.parse(
    JSON.stringify({
      inFlight: inFlight && { kind, since, load, attempts },
      isEmpty: inFlight?.empty === true,
      job: inFlight?.job || undefined,
      askAgainAt: inFlight?.askAgainAt,
      committed: watermark && { watermark, loadedAt, schemaVersion, feed },
      pending: old.pending,
      snapshotNext: old.snapshotNext,
      restage: old.restage,
      narrowed: (old.narrowed as string[] | undefined)?.map((digest) => [
        digest,
        digest in ((old.narrowedDefinitions ?? {}) as object),
      ]),
      staged: old.staged,
      stagedLoad: old.stagedLoad,
      counts: [old.rowsAtSource, old.deliveredFaults],
      good: old.passed,
      goodTime: old.passed && (old.passedTime ?? newest),
      counted: old.counted,
      isDue: old.staged !== undefined && old.passedLoad !== old.stagedLoad,
      isHeldBack: old.staged !== undefined && old.rejectedLoad === old.stagedLoad,
      isWithdrawn: old.staged === undefined && old.stagedLoad !== undefined,
      hold: Object.values(hold).some((field) => field !== undefined) ? hold : undefined,
    }),
  );
}
