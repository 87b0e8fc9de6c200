import { describe, expect, it } from 'vitest';
import { readState } from '../../src/loads/dataset-state.ts';
import { acceptRows } from '../../src/quality/accept.ts';
import { CheckFailedError, NothingHeldBackError } from '../../src/quality/errors.ts';
import { row, useThings } from './things.ts';

const things = useThings();

describe('A dataset that comes back empty', () => {
  it('is held back, through later changes too, until a person accepts it', async () => {
    const many = Array.from({ length: 20 }, (_, i) => row(i));
    const passed = async () => (await things.good())?.load;
    await things.staged('load1', many);
    await things.check('run1');
    await expect(acceptRows(things.lake, 'canvas.things')).rejects.toThrow(NothingHeldBackError);

    await things.staged('load2', []);
    const failure = (await things.check('run2').catch((error: unknown) => error)) as CheckFailedError;
    expect(failure.message).toBe('canvas.things: no row where there were 20 rows');
    expect(failure.hint).toContain('`lake accept canvas.things`');
    await things.staged('load3', [row(1), row(2)]);
    await expect(things.check('run3')).rejects.toThrow('canvas.things: 2 rows where there were 20 rows');
    expect(await passed()).toBe('load1');

    expect(await acceptRows(things.lake, 'canvas.things')).toEqual({
      dataset: 'canvas.things',
      load: 'load3',
      rows: 2,
      rowsBefore: 20,
    });
    await things.staged('load4', [row(1)]);
    await expect(things.check('run4')).rejects.toThrow('1 row where there were 20 rows');
    await things.staged('load5', [row(1), row(2), row(3)]);
    await things.check('run5');
    expect(await passed()).toBe('load5');
    // What was accepted holds for that one time.
    await things.staged('load6', many);
    await things.check('run6');
    await things.staged('load7', []);
    await expect(things.check('run7')).rejects.toThrow('no row where there were 20 rows');
    await things.staged('load8', [row(1), row(2), row(3)]);
    await expect(things.check('run8')).rejects.toThrow('3 rows where there were 20 rows');
  });

  it('recovers by itself once its rows are back', async () => {
    await things.staged('load1', [row(1), row(2)]);
    await things.check('run1');
    await things.staged('load2', []);
    await expect(things.check('run2')).rejects.toThrow(CheckFailedError);
    await things.staged('load3', [row(1), row(2)]);
    await things.check('run3');
    const { state } = await readState(things.lake.platform.ledger, 'canvas.things');
    expect(state.table).toMatchObject({ phase: 'passed', staged: { load: 'load3' } });
    expect(state.table).not.toHaveProperty('hold');
  });
});
