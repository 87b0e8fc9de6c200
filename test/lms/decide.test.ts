import { describe, expect, it } from 'vitest';
import { decide, effectOf, emptyLoad } from '../../src/lms/decide.ts';
import { windowWarning } from '../../src/lms/retention.ts';
import { isCommitted } from '../../src/loads/loading.ts';
import { type DatasetState, newState } from '../../src/loads/state.ts';
import { committedUpTo, withStaged } from '../loads/states.ts';

const state = (more: Partial<DatasetState> = {}): DatasetState => ({
  ...newState('canvas.users'),
  ...more,
});
const watermark = '2026-03-01T00:00:00Z';
const loaded = committedUpTo(watermark);

const versionOf = (rows: number) => ({ table: 'canvas.users', columns: [], rows, storage: {} });

describe('decide', () => {
  it('asks for a snapshot once, and from then on for changes', () => {
    expect(decide({}, state())).toEqual({ kind: 'snapshot' });
    expect(decide({}, state(loaded))).toEqual({ kind: 'increment', since: watermark });
  });

  it('asks for a snapshot where the catalog or the last load wants one', () => {
    expect(decide({ load: 'snapshot' }, state(loaded))).toEqual({ kind: 'snapshot' });
    expect(decide({}, state({ ...loaded, snapshotNext: true }))).toEqual({ kind: 'snapshot' });
  });
});

describe('effectOf', () => {
  it('lets a snapshot of a sliding window add to what was loaded, and replace nothing', () => {
    expect(effectOf({ namespace: 'canvas' }, 'snapshot', state(loaded))).toBe('snapshot');
    expect(effectOf({ namespace: 'canvas_logs' }, 'snapshot', state(loaded))).toBe('increment');
    expect(effectOf({ namespace: 'canvas_logs' }, 'snapshot', state())).toBe('snapshot');
  });
});

describe('emptyLoad', () => {
  const now = '2026-03-09T00:00:00Z';

  it('makes an empty table of one never loaded, and asks for a snapshot next time', () => {
    expect(emptyLoad('snapshot', state(), now)).toEqual({
      kind: 'snapshot',
      watermark: now,
      provisional: true,
    });
  });

  it('leaves loaded rows alone when the source has nothing any more', () => {
    expect(emptyLoad('snapshot', state(loaded), now)).toEqual({
      kind: 'increment',
      watermark,
      provisional: true,
    });
    expect(emptyLoad('increment', state(loaded), now)).toEqual({ kind: 'increment', watermark });
  });
});

describe('emptyLoad of a table that is empty', () => {
  const now = '2026-03-09T00:00:00Z';
  const staged = (rows: number) => withStaged(state(loaded), versionOf(rows), 'r1');

  it('is known up to now, night after night, though nobody ever uses the table', () => {
    const empty = staged(0);
    // Changes cannot be told from an instant at which there were no data: a snapshot follows.
    expect(emptyLoad('increment', empty, now)).toEqual({ kind: 'increment', watermark, provisional: true });
    expect(emptyLoad('snapshot', empty, now)).toEqual({
      kind: 'snapshot',
      watermark: now,
      provisional: true,
    });
  });

  it('is known no further where it had rows, or a load with rows may be waiting', () => {
    const waiting = [{ load: 'r2', kind: 'snapshot', manifest: 'm' } as const];
    for (const full of [staged(1), { ...staged(0), pending: waiting }])
      expect(emptyLoad('snapshot', full, now)).toEqual({ kind: 'increment', watermark, provisional: true });
  });
});

describe('isCommitted', () => {
  it('knows a load that waits for staging and one that is staged', () => {
    const pending = [{ load: 'r2', kind: 'increment', manifest: 'm' } as const];

    expect(isCommitted(state({ pending }), 'r2')).toBe(true);
    expect(isCommitted(withStaged(state(), versionOf(1), 'r1'), 'r1')).toBe(true);
    expect(isCommitted({ ...withStaged(state(), versionOf(1), 'r1'), pending }, 'r3')).toBe(false);
  });
});

describe('windowWarning', () => {
  const later = (days: number) => Date.parse(watermark) + days * 86_400_000;

  it('says nothing for 20 days, nor ever of tables that keep everything', () => {
    expect(windowWarning('canvas_logs', watermark, later(20))).toBeUndefined();
    expect(windowWarning('canvas', watermark, later(100))).toBeUndefined();
  });

  it('warns before the window closes, and says what is lost afterwards', () => {
    expect(windowWarning('canvas_logs', watermark, later(24))).toContain('within 6 days is lost for good');
    expect(windowWarning('canvas_logs', watermark, later(33))).toContain('about 3 days are lost for good');
  });
});
